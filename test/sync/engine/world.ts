import { randomUUID } from 'node:crypto';
import type { Page, Raw, Seal, SourceFinding, SourceRow } from '../../../contracts/connector.ts';
import { type ConnectionId, newId, type RunId, type TenantId } from '../../../contracts/ids.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import { tables } from '../../../src/roster/tables.ts';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import type { Applied, EngineRun, PlanSummary } from '../../../src/sync/engine.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../support/database.ts';

/** A row in few words: its columns, with sourcedId among them, and `status`, `dateLastModified` or `metadata`. */
export type Given = Record<string, string | undefined | Record<string, unknown>>;
export type Roster = Partial<Record<Entity, Given[]>>;

export interface Listed {
  code: string;
  severity: string;
  entity: string;
  line: number | null;
  column: string | null;
  sourcedId: string | null;
  count: number;
}

export const untilDone = (): AbortSignal => new AbortController().signal;

/** A school with a roster connection, and runs of it by hand. @param options.annexRows as of the engine */
export async function createSchool(
  { database, superuser }: TestDatabase,
  slug: string,
  { annexRows }: { annexRows?: number } = {},
) {
  const { tenantId } = await createTenant(database, { slug, name: slug }, { actor: 'test', now: Date.now() });
  const connectionId = newId<ConnectionId>();
  const engine = createEngine({ db: database, ...(annexRows === undefined ? {} : { annexRows }) });
  await superuser.query(
    `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
     values ($1, $2, 'roster', 'oneroster', 'SIS', now())`,
    [tenantId, connectionId],
  );
  await superuser.query(
    `insert into roster_source (tenant_id, connection_id, connector, settings, status, version, created_at, changed_at)
     values ($1, $2, 'test', '{}', 'active', 1, now(), now())`,
    [tenantId, connectionId],
  );
  let runs = 0;

  async function request(changes: Partial<EngineRun> = {}): Promise<EngineRun> {
    runs += 1;
    const run: EngineRun = {
      tenantId,
      connectionId,
      runId: newId<RunId>(),
      runNo: runs,
      holder: randomUUID(),
      mode: 'full',
      profile: 'tolerant',
      entities,
      schools: undefined,
      deletes: 'absence',
      reading: 'test 1',
      today: '2026-11-21',
      ...changes,
    };
    await superuser.query(
      `insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, state, connector, connector_version,
         requested_by, requested_at) values ($1, $2, $3, $4, $5, 'reading', 'test', '1', 'test', now())`,
      [tenantId, run.runId, connectionId, run.runNo, run.mode],
    );
    return run;
  }

  /** Everything as far as the plan. */
  async function planned(roster: Roster, changes: Partial<EngineRun> = {}, seals?: Map<Entity, Seal>) {
    const run = await request(changes);
    await engine.begin(run);
    const given = await loadAll(run, roster);
    await engine.validate(run, seals ?? given, untilDone());
    const plan = await engine.plan(run, seals ?? given, untilDone());
    return { run, plan };
  }

  async function loadAll(run: EngineRun, roster: Roster): Promise<Map<Entity, Seal>> {
    const seals = new Map<Entity, Seal>();
    for (const entity of run.entities) {
      const { seal } = await engine.load(run, entity, sourceOf(entity, roster[entity] ?? []), hooks());
      if (seal !== undefined) seals.set(entity, seal);
    }
    return seals;
  }

  async function end(run: EngineRun): Promise<void> {
    await superuser.query(
      `update sync_run set ended_at = now(), outcome = 'success', state = 'applied' where run_id = $1`,
      [run.runId],
    );
    await engine.release(run, { canWait: false });
  }

  /** A whole run. */
  async function sync(
    roster: Roster,
    changes: Partial<EngineRun> = {},
  ): Promise<{ run: EngineRun; plan: PlanSummary; applied: Applied; findings: Listed[] }> {
    const { run, plan } = await planned(roster, changes);
    const applied = await engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
    const findings = await listFindings(run);
    await end(run);
    return { run, plan, applied, findings };
  }

  async function listFindings(run: EngineRun): Promise<Listed[]> {
    const { rows } = await superuser.query(
      `select code, severity, entity, line, column_name as column, sourced_id as "sourcedId", count::integer
       from sync_finding where tenant_id = $1 and run_id = $2 order by finding_no`,
      [tenantId, run.runId],
    );
    return rows;
  }

  /** Rows of the roster in use, by sourcedId. */
  async function rows(entity: Entity, withRemoved = false): Promise<Record<string, unknown>[]> {
    const { rows: found } = await superuser.query(
      `select * from ${tables[entity]} where tenant_id = $1 and connection_id = $2
         ${withRemoved ? '' : 'and removed_at is null'} order by sourced_id`,
      [tenantId, connectionId],
    );
    return found;
  }

  return {
    tenantId: tenantId as TenantId,
    connectionId,
    engine,
    request,
    planned,
    loadAll,
    sync,
    end,
    listFindings,
    rows,
    ids: async (entity: Entity) => (await rows(entity)).map((row) => row.sourced_id as string),
  };
}

export type School = Awaited<ReturnType<typeof createSchool>>;

export function hooks(
  onProgress: (progress: { rows: number; checkpoint: string | undefined }) => Promise<void> = async () => {},
  onFindings: (entity: Entity, findings: readonly SourceFinding[]) => Promise<void> = async () => {},
) {
  return { onProgress, onFindings, signal: untilDone() };
}

/** A source that gives the rows in one page, and seals them. */
export async function* sourceOf(entity: Entity, rows: Given[]): AsyncIterable<Page | Raw | Seal> {
  yield pageOf(entity, rows);
  yield { kind: 'seal', expected: undefined, state: undefined };
}

export function pageOf(entity: Entity, rows: Given[], changes: Partial<Page> = {}): Page {
  return { kind: 'page', part: `${entity}.csv`, first: 2, rows: rows.map(sourceRow), ...changes };
}

function sourceRow({ sourcedId, status, dateLastModified, metadata, ...values }: Given): SourceRow {
  return {
    sourcedId: sourcedId as string,
    status: status as string | undefined,
    dateLastModified: dateLastModified as string | undefined,
    metadata: metadata as Record<string, unknown> | undefined,
    values: values as Record<string, string | undefined>,
  };
}

/** A small school as its SIS gives it: one of everything, all in order. */
export function smallRoster(): Required<Roster> {
  return {
    orgs: [
      { sourcedId: 'd1', name: 'District', type: 'district' },
      { sourcedId: 's1', name: 'North', type: 'school', parentSourcedId: 'd1' },
      { sourcedId: 's2', name: 'South', type: 'school', parentSourcedId: 'd1' },
    ],
    academicSessions: [
      {
        sourcedId: 'y1',
        title: '2026',
        type: 'schoolYear',
        startDate: '2026-08-01',
        endDate: '2027-06-30',
        schoolYear: '2027',
      },
      {
        sourcedId: 't1',
        title: 'Fall',
        type: 'term',
        startDate: '2026-08-01',
        endDate: '2026-12-20',
        parentSourcedId: 'y1',
        schoolYear: '2027',
      },
    ],
    courses: [
      { sourcedId: 'c1', title: 'Algebra', orgSourcedId: 's1', schoolYearSourcedId: 'y1', grades: '09,10' },
    ],
    classes: [
      {
        sourcedId: 'k1',
        title: 'Algebra 1',
        courseSourcedId: 'c1',
        classType: 'scheduled',
        schoolSourcedId: 's1',
        termSourcedIds: 't1',
        grades: '09',
      },
    ],
    users: [
      {
        sourcedId: 'u1',
        enabledUser: 'true',
        username: 'ada',
        givenName: 'Ada',
        familyName: 'Ito',
        email: 'ada@example.org',
        primaryOrgSourcedId: 's1',
      },
      {
        sourcedId: 'u2',
        enabledUser: 'true',
        username: 'ben',
        givenName: 'Ben',
        familyName: 'Orr',
        email: 'ben@example.org',
        primaryOrgSourcedId: 's1',
        grades: '09',
      },
    ],
    roles: [
      { sourcedId: 'r1', userSourcedId: 'u1', roleType: 'primary', role: 'teacher', orgSourcedId: 's1' },
      { sourcedId: 'r2', userSourcedId: 'u2', roleType: 'primary', role: 'student', orgSourcedId: 's1' },
    ],
    enrollments: [
      {
        sourcedId: 'e1',
        classSourcedId: 'k1',
        schoolSourcedId: 's1',
        userSourcedId: 'u1',
        role: 'teacher',
        primary: 'true',
      },
      {
        sourcedId: 'e2',
        classSourcedId: 'k1',
        schoolSourcedId: 's1',
        userSourcedId: 'u2',
        role: 'student',
        primary: 'false',
        beginDate: '2026-08-15',
        endDate: '2026-12-18',
      },
    ],
    demographics: [{ sourcedId: 'u2', birthDate: '2011-05-04', sex: 'male', asian: 'true' }],
    categories: [{ sourcedId: 'g1', title: 'Homework' }],
    lineItems: [
      {
        sourcedId: 'l1',
        title: 'Essay',
        assignDate: '2026-09-01',
        dueDate: '2026-09-10',
        classSourcedId: 'k1',
        categorySourcedId: 'g1',
        resultValueMin: '0',
        resultValueMax: '10',
        schoolSourcedId: 's1',
      },
    ],
    results: [
      {
        sourcedId: 'm1',
        lineItemSourcedId: 'l1',
        studentSourcedId: 'u2',
        scoreStatus: 'fully graded',
        score: '9.5',
        scoreDate: '2026-09-11',
      },
    ],
  };
}
