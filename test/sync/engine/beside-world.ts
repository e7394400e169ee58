import pg from 'pg';
import type { Database, StagingTx } from '../../../src/platform/db.ts';
import type { Sql } from '../../../src/platform/sql/sql.ts';
import { tables } from '../../../src/roster/tables.ts';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import type { EngineRun } from '../../../src/sync/engine.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type Given, type School, smallRoster, untilDone } from './world.ts';

export const few = ['orgs', 'classes', 'users', 'enrollments', 'results'] as const;
export const annexOf = ({ connectionId }: School) => `roster_enrollment_${connectionId.replaceAll('-', '')}`;

/** Enrollments of these sourcedIds, in a school that is else a small one. */
export const enrolled = (...ids: string[]): { enrollments: Given[] } => ({
  ...smallRoster(),
  enrollments: ids.map((sourcedId) => ({
    sourcedId,
    classSourcedId: 'k1',
    schoolSourcedId: 's1',
    userSourcedId: 'u2',
    role: 'student',
  })),
});

/** A first load of two enrollments and a result, planned. */
export async function planNew(school: School): Promise<EngineRun> {
  const { run } = await school.planned(enrolled('e1', 'e2'), { entities: few });
  return run;
}

export const applyNow = (school: School, run: EngineRun, engine = school.engine) =>
  engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });

/** What is written beside runs, seen by a superuser; and engines to which something happens meanwhile. */
export function createBesideWorld({ url, database, superuser }: TestDatabase) {
  /** Annexes of a school's enrollments: seen with the others, or left by an attempt. */
  async function annexesOf(school: School): Promise<('attached' | 'loose')[]> {
    const { rows } = await superuser.query(
      `select case when exists (select from pg_inherits where inhrelid = c.oid) then 'attached' else 'loose' end as state
       from pg_class c where relkind = 'r' and relname like $1 order by state`,
      [`${annexOf(school)}%`],
    );
    return rows.map(({ state }) => state);
  }

  /** An engine in which something happens before a statement of one of its transactions: of one run 1 is its own. */
  function watchedEngine(before: (transaction: number, statement: string) => Promise<void>) {
    let transactions = 0;
    const db: Database = {
      ...database,
      withStaging: (tenantId, work) => {
        transactions += 1;
        const own = transactions;
        const watch = <T>({ strings }: Sql, ask: () => Promise<T>): Promise<T> =>
          before(own, strings.join('?')).then(ask);
        const watched = (tx: StagingTx): StagingTx => ({
          ...tx,
          many: (statement, row) => watch(statement, () => tx.many(statement, row)),
          maybeOne: (statement, row) => watch(statement, () => tx.maybeOne(statement, row)),
          one: (statement, row) => watch(statement, () => tx.one(statement, row)),
          exec: (statement) => watch(statement, () => tx.exec(statement)),
        });
        return database.withStaging(tenantId, (tx) => work(watched(tx)));
      },
    };
    return createEngine({ db, annexRows: 1 });
  }

  /** An engine whose n-th statement fails, and every later one. @param only of the transactions beside the run's own */
  function dyingEngine(at: number, only: 'all' | 'beside' = 'all') {
    let statements = 0;
    const engine = watchedEngine(async (transaction) => {
      if (only === 'beside' && transaction === 1) return;
      statements += 1;
      if (statements >= at) throw new Error('Killed');
    });
    return { engine, isDead: () => statements >= at };
  }

  /** Whether a school's enrollments were written beside its users. */
  async function areBeside({ connectionId }: School): Promise<boolean> {
    const { rows } = await superuser.query(
      `select (select array_agg(distinct xmin::text) from roster_enrollment where connection_id = $1)
         <> (select array_agg(distinct xmin::text) from roster_user where connection_id = $1) as beside`,
      [connectionId],
    );
    return rows[0].beside;
  }

  /** As if the school had never been loaded. */
  async function clear(school: School): Promise<void> {
    for (const entity of ['enrollments', 'results'] as const) {
      const annex = `${tables[entity]}_${school.connectionId.replaceAll('-', '')}`;
      await superuser.query(`drop table if exists ${annex}`);
    }
    for (const entity of few) {
      await superuser.query(`delete from ${tables[entity]} where tenant_id = $1`, [school.tenantId]);
    }
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }

  return { annexesOf, areBeside, watchedEngine, dyingEngine, clear, connect };
}

/** Works in staging's role, within the school. */
export async function beginStaging(client: pg.Client, { tenantId }: School): Promise<void> {
  await client.query('begin');
  await client.query('set local role gatehouse_staging');
  await client.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
}

/** Makes an annex, as an attempt does that is over. */
export async function makeAnnex(client: pg.Client, school: School, attempt: string): Promise<void> {
  await beginStaging(client, school);
  for (const step of ['open', 'index']) {
    const statement = `select ${step}_roster_annex('roster_enrollment', $1, $2)`;
    await client.query(statement, [school.connectionId, attempt]);
  }
  await client.query('commit');
}
