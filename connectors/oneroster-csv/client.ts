import type {
  CheckReport,
  ConnectorContext,
  Discovery,
  Page,
  Raw,
  ReadRequest,
  Seal,
  SourceFinding,
} from '../../contracts/connector.ts';
import { ConnectorError } from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { type CsvFindingCode, csvFindings } from '../csv/finding-codes.ts';
import { FindingLog } from '../csv/finding-log.ts';
import { type OpenCsv, openCsv } from '../csv/open-csv.ts';
import { readRecords, rewriteRecords } from '../csv/records.ts';
import { type HeaderPlan, planHeader } from './header-plan.ts';
import { mapColumns, mapRoles11, mapUsers11, type RowMap } from './map.ts';
import { finding } from './names.ts';
import { openPackage, type RosterPackage } from './package.ts';
import type { Settings } from './settings.ts';
import { isOlder, judgeSuccession } from './succession.ts';

type Context = ConnectorContext<Settings>;

/** One package for all that a run reads, though a newer one may lie there meanwhile. */
const packages = new WeakMap<Context, Promise<RosterPackage>>();

function packageOf(context: Context): Promise<RosterPackage> {
  const known = packages.get(context);
  if (known !== undefined) return known;
  const opening = openPackage(context);
  packages.set(context, opening);
  opening.catch(() => packages.delete(context));
  return opening;
}

/** Opens the package and reads its manifest. */
export async function checkPackage(context: Context): Promise<CheckReport> {
  const roster = await packageOf(context);
  const system = roster.manifest?.systemName;
  const codes = [...new Set(roster.findings.map(({ code }) => code))];
  return {
    source: `OneRoster CSV ${roster.version}${system === undefined ? '' : ` from ${system}`}`,
    entities: entities.filter((entity) => roster.mode(entity).mode !== 'absent'),
    warnings: codes.map((code) => csvFindings[code as CsvFindingCode]?.means ?? code),
  };
}

/** The package's orgs that are schools. */
export async function discoverSchools(context: Context): Promise<Discovery> {
  const roster = await packageOf(context);
  const schools = (await readOrgs(roster)).filter(({ type }) => type.toLowerCase() === 'school');
  return { schools: schools.map(({ sourcedId, name }) => ({ sourcedId, name })) };
}

/** Reads an entity's file: rows as bytes where the file can be passed on as it is. */
export async function* readEntity(context: Context, request: ReadRequest): AsyncIterable<Page | Raw | Seal> {
  const { entity } = request;
  const roster = await packageOf(context);
  // Orgs come first in every run, and nothing of a roster stands without them.
  const found =
    entity === 'orgs'
      ? [...roster.findings, ...judgeSuccession(roster.succession, request, roster.isWhole)]
      : [];
  if (found.length > 0) yield tell('package', found);
  const { mode, finding: wrong, isGuess = false } = roster.mode(entity);
  const file = roster.file(entity);
  const part = file?.name ?? `${entity}.csv`;
  if (wrong !== undefined) yield tell(part, [finding(wrong, part)]);
  const isDelta = request.mode === 'delta';
  const isOld = isOlder(roster.succession, request);
  const state = isOld ? request.state : (roster.succession.madeAt ?? request.state);
  if (mode === 'absent' || file === undefined || isOld) {
    // No changes are no changes; but a whole that is not there does not mean that there is nothing.
    if (isDelta && wrong === undefined) yield { kind: 'seal', expected: 0, state };
    return;
  }
  const log = new FindingLog(part);
  const { lastLineMayLackEnd } = context.settings;
  const csv = await openCsv(file, log, { lastLineMayLackEnd, surplusElsewhere: roster.surplus });
  const plan =
    csv &&
    planHeader(csv.header.names, { entity: fileEntity(roster, entity), version: roster.version, mode });
  for (const { code, column } of plan?.findings ?? []) log.add(code, { line: 1, ...(column && { column }) });
  if (csv === undefined || plan?.isUsable !== true) {
    await csv?.close();
    yield tell(part, log.list());
    return;
  }
  if (isDelta !== (mode === 'delta')) log.add(isDelta ? 'package_is_bulk' : 'package_is_delta');
  if (entity === 'roles' && roster.makesRoles && mode === 'delta') log.add('role_removal_unknown');
  const map = await chooseMap(roster, { entity, mode }, plan, log);
  const records = passOn(context, { csv, plan, map, log, isGuess: isGuess && !isDelta });
  yield {
    kind: 'raw',
    part,
    columns: map?.columns ?? ['line', ...plan.columns],
    chunks: records.chunks,
    findings: () => log.list(),
  };
  const isDoubtful = roster.isDoubtful(entity) || log.count('mode_doubtful') > 0;
  const isSealed = csv.outcome.isWhole && !isDoubtful && (isDelta || mode === 'bulk');
  if (isSealed) yield { kind: 'seal', expected: records.given(), state };
}

function fileEntity(roster: RosterPackage, entity: ReadRequest['entity']): ReadRequest['entity'] {
  return entity === 'roles' && roster.makesRoles ? 'users' : entity;
}

async function chooseMap(
  roster: RosterPackage,
  { entity, mode }: { entity: ReadRequest['entity']; mode: 'bulk' | 'delta' },
  plan: HeaderPlan,
  log: FindingLog,
): Promise<RowMap | undefined> {
  const columns = ['line', ...plan.columns];
  if (!roster.makesRoles || (entity !== 'users' && entity !== 'roles')) return mapColumns(columns);
  if (entity === 'users') return mapUsers11(columns);
  const types = new Map(
    (await readOrgs(roster)).map(({ sourcedId, type }) => [sourcedId, type.toLowerCase()]),
  );
  return mapRoles11(
    columns,
    mode,
    (org) => types.get(org),
    (code, line) => log.add(code, { line }),
  );
}

interface Passing {
  csv: OpenCsv;
  plan: HeaderPlan;
  map: RowMap | undefined;
  log: FindingLog;
  /** Whether nobody says that the file is a whole one. */
  isGuess: boolean;
}

/** The file's records on their way, and how many there were. */
function passOn(
  context: Context,
  { csv, plan, map, log, isGuess }: Passing,
): { chunks: AsyncIterable<Buffer>; given: () => number } {
  let mapped = 0;
  const rewrite = (fields: string[]) => {
    const records = map?.rewrite(fields) ?? [];
    mapped += records.length;
    return records;
  };
  async function* chunks() {
    const cleaned = csv.records(plan.keep);
    for await (const block of map === undefined ? cleaned : rewriteRecords(cleaned, rewrite)) {
      context.signal.throwIfAborted();
      yield block;
    }
    const { filled } = csv.outcome;
    const passwords = plan.passwords.reduce((sum, field) => sum + (filled[field] ?? 0), 0);
    if (passwords > 0) log.add('password_dropped', { column: 'password', count: passwords });
    const unnamed = plan.nameless.reduce((sum, field) => sum + (filled[field] ?? 0), 0);
    if (unnamed > 0) log.add('column_unknown', { count: unnamed });
    for (const { field, column } of plan.blank) {
      const count = filled[field] ?? 0;
      if (count > 0) log.add('status_in_bulk', { column, count });
    }
    if (isGuess && looksLikeChanges(plan, csv.outcome)) log.add('mode_doubtful');
  }
  return { chunks: chunks(), given: () => (map === undefined ? csv.outcome.rows : mapped) };
}

/**
 * Whether nine rows in ten have what a whole file leaves blank, status and dateLastModified: a row of commas at the end, or a
 * date that is missing once, makes nothing whole.
 */
function looksLikeChanges({ blank }: HeaderPlan, { rows, filled }: OpenCsv['outcome']): boolean {
  return rows > 0 && blank.length === 2 && blank.every(({ field }) => (filled[field] ?? 0) * 10 >= rows * 9);
}

function tell(part: string, findings: readonly SourceFinding[]): Page {
  return { kind: 'page', part, first: 1, rows: [], findings };
}

/** Far more than any state has. */
const mostOrgs = 200_000;

async function readOrgs(roster: RosterPackage): Promise<{ sourcedId: string; name: string; type: string }[]> {
  const file = roster.file('orgs');
  const log = new FindingLog('orgs.csv');
  const csv = file && (await openCsv(file, log, { surplusElsewhere: roster.surplus }));
  const plan = csv && planHeader(csv.header.names, { entity: 'orgs', version: roster.version, mode: 'bulk' });
  if (csv === undefined || plan?.isUsable !== true) {
    await csv?.close();
    return [];
  }
  const [id, name, type] = ['sourcedId', 'name', 'type'].map((column) => plan.columns.indexOf(column) + 1);
  const orgs: { sourcedId: string; name: string; type: string }[] = [];
  for await (const block of csv.records(plan.keep)) {
    readRecords(block.toString(), (fields) => {
      const [sourcedId = '', title = '', kind = ''] = [fields[id ?? 0], fields[name ?? 0], fields[type ?? 0]];
      orgs.push({ sourcedId, name: title, type: kind.trim() });
    });
    if (orgs.length > mostOrgs) {
      throw new ConnectorError(
        'answer_invalid',
        'too_many_orgs',
        'The orgs file has far more orgs than any roster.',
      );
    }
  }
  return orgs;
}
