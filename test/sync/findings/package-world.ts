import { oneRosterCsv } from '../../../connectors/oneroster-csv/index.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import type { Log } from '../../../src/platform/log.ts';
import { createHost } from '../../../src/sync/host/host.ts';
import type { Finding, Run } from '../../../src/sync/run.ts';
import {
  connectRoster,
  getRun,
  handOverPackage,
  listFindings,
  type NewRoster,
  type RosterChanges,
  requestRun,
  type SyncServices,
  updateRoster,
  workRun,
} from '../../../src/sync/sync.ts';
import { csv, headers, manifest } from '../../connectors/oneroster-csv/packages.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type ZippedFile, zip } from '../../support/zip.ts';
import type { Given } from '../engine/world.ts';
import { createSyncWorld, quietLog } from '../runs/sync-world.ts';

/** Files of a package by name. */
export type Package = Record<string, string | Buffer>;

/** A school that is handed packages of OneRoster CSV, with the real host, connector, engine and runs. */
export async function createPackageWorld(
  test: TestDatabase,
  slug: string,
  { log = quietLog, ...roster }: Partial<NewRoster> & { log?: Log } = {},
) {
  const world = await createSyncWorld(test, slug);
  const { clock, by, tenantId } = world;
  const deps: SyncServices = {
    ...world.deps,
    log,
    connectors: [oneRosterCsv],
    host: createHost({
      outbound: () => Promise.reject(new Error('No network')),
      clock,
      log,
      dropFolder: undefined,
    }),
  };
  const { connectionId } = await connectRoster(
    deps,
    tenantId,
    { connector: 'oneroster-csv', name: 'Packages', settings: {}, demographics: true, ...roster },
    by(),
  );

  /** Hands a package over and lets a run work on it for as long as it gets on by itself. */
  async function bring(
    given: Package | Buffer,
    mode: Run['mode'] = 'full',
  ): Promise<{ run: Run; findings: Finding[]; said: string[] }> {
    clock.at += 60_000;
    const archive = Buffer.isBuffer(given) ? given : zip(zipped(given));
    const bytes = (async function* () {
      for (let at = 0; at < archive.length; at += 65_536) yield archive.subarray(at, at + 65_536);
    })();
    const uploadId = await handOverPackage(
      deps,
      tenantId,
      connectionId,
      { name: 'package.zip', bytes },
      by(),
    );
    const runId = await requestRun(deps, tenantId, connectionId, { mode, isDry: false, uploadId }, by());
    await workRun(deps, tenantId, runId, new AbortController().signal);
    const run = await test.database.withTenant(tenantId, (tx) => getRun(tx, runId));
    const findings = await test.database.withTenant(tenantId, (tx) =>
      listFindings(tx, runId, { limit: 10_000 }),
    );
    return { run, findings, said: findings.map(shortly) };
  }

  const change = (changes: RosterChanges) => updateRoster(deps, tenantId, connectionId, changes, by());
  return { tenantId, bring, change };
}

function zipped(given: Package): ZippedFile[] {
  return Object.entries(given).map(([name, bytes]) => ({ name, bytes }));
}

/** `code severity file:line#column sourcedId`, as far as each is told. */
export function shortly({ code, severity, part, line, column, sourcedId }: Finding): string {
  const place = `${part ?? ''}${line === null ? '' : `:${line}`}${column === null ? '' : `#${column}`}`;
  return [code, severity, place, sourcedId ?? ''].filter((word) => word !== '').join(' ');
}

/** A table: columns' names of the standard for 1.2, and rows of cells by name. */
const columns: Record<string, string> = {
  ...headers,
  users: headers.users12,
  demographics:
    'sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus',
  categories: 'sourcedId,status,dateLastModified,title,weight',
  lineItems:
    'sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,academicSessionSourcedId,resultValueMin,resultValueMax,schoolSourcedId',
  results:
    'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore,classSourcedId,inProgress,incomplete,late,missing',
};

export const headerOf = (entity: Entity): string => columns[entity] ?? '';

export type Cells = Given;
export type Tables = Partial<Record<Entity, Cells[]>>;

const quoted = (cell: Given[string]) => quote(typeof cell === 'string' ? cell : '');
const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export function table(entity: Entity, rows: Cells[]): string {
  const names = headerOf(entity).split(',');
  return csv(headerOf(entity), ...rows.map((row) => names.map((name) => quoted(row[name])).join(',')));
}

/** A whole package of 1.2. */
export function packageOf(tables: Tables, mode: 'bulk' | 'delta' = 'bulk'): Package {
  const present = entities.filter((entity) => tables[entity] !== undefined);
  return {
    'manifest.csv': manifest('1.2', Object.fromEntries(present.map((entity) => [entity, mode]))),
    ...Object.fromEntries(
      present.map((entity) => [`${entity}.csv`, table(entity, tables[entity] ?? [])] as const),
    ),
  };
}
