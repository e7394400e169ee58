import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../../src/platform/db.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { keepRead } from '../../../src/sync/engine/stores/beside-store.ts';
import { besidePlace } from '../../../src/sync/engine/stores/place-store.ts';
import { createTestDatabase } from '../../support/database.ts';
import { applyNow, createBesideWorld, makeAnnex, planNew } from './beside-world.ts';
import { createSchool, smallRoster } from './world.ts';

const database = await createTestDatabase();
const { superuser } = database;
const { annexesOf, areBeside, watchedEngine, connect } = createBesideWorld(database);

/** Has the institution set a field of an entity by hand, so that the run's own transaction writes its rows. */
const setByHand = ({ tenantId, connectionId }: { tenantId: string; connectionId: string }, entity: string) =>
  superuser.query(
    `insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
     values ($1, $2, $3, 'x', 'comment', 'x', 'test', now())`,
    [tenantId, connectionId, entity],
  );

test('a run that shows its rows waits for none that has written its own and shows them later', async () => {
  const school = await createSchool(database, 'first', { annexRows: 1 });
  const other = await createSchool(database, 'second', { annexRows: 1 });
  await setByHand(school, 'results');
  const run = await planNew(school);
  let isDone = false;
  const engine = watchedEngine(async (_transaction, statement) => {
    if (isDone || !statement.includes('attach_roster_annex')) return;
    isDone = true;
    await other.sync(smallRoster());
  });
  await applyNow(school, run, engine);
  expect(isDone).toBe(true);
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2']);
  expect((await school.rows('results')).length).toBe(smallRoster().results.length);
  expect(await areBeside(school)).toBe(true);
  await school.end(run);
});

test('an index that is made while an annex is written is not left out of it', async () => {
  const school = await createSchool(database, 'indexed', { annexRows: 1 });
  const run = await planNew(school);
  let isMade = false;
  const engine = watchedEngine(async (_transaction, statement) => {
    if (isMade || !statement.includes('attach_roster_annex')) return;
    isMade = true;
    await superuser.query('create index roster_enrollment_new on roster_enrollment (connection_id, role)');
  });
  await expect(applyNow(school, run, engine)).rejects.toMatchObject({ code: '55000' });
  expect(await school.ids('users')).toEqual([]);
  await applyNow(school, run);
  await superuser.query('drop index roster_enrollment_new');
  const { rows } = await superuser.query(
    `select count(*)::integer as count from pg_indexes where tablename = $1 and indexdef like '%(role, connection_id)'`,
    [`roster_enrollment_${school.connectionId.replaceAll('-', '')}`],
  );
  expect(rows).toEqual([{ count: 1 }]);
  await school.end(run);
  expect(await annexesOf(school)).toEqual(['attached']);
});

test('indexes of an annex are called by all of its name, however alike those of connections are', async () => {
  const school = await createSchool(database, 'named');
  const client = await connect();
  await makeAnnex(client, school, '0123456789ab');
  await client.end();
  const { rows } = await superuser.query(
    `select i.indexrelid::regclass::text ~ ('^annex_' || md5(c.relname) || '_[0-9]+$') as is_own
     from pg_class c join pg_index i on i.indrelid = c.oid where c.relname like $1`,
    [`roster_enrollment_${school.connectionId.replaceAll('-', '')}_%`],
  );
  expect(rows.length).toBeGreaterThan(2);
  expect(rows.filter(({ is_own }) => !is_own)).toEqual([]);
});

test('two runs of a copy write beside at once, and the others by themselves', async () => {
  const schools = await Promise.all(
    ['a', 'b', 'c', 'd'].map((slug) => createSchool(database, `of-four-${slug}`, { annexRows: 1 })),
  );
  const runs = [];
  for (const school of schools) runs.push({ school, run: await planNew(school) });
  let arrived = 0;
  let goOn = () => {};
  const allThere = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const engine = watchedEngine(async (_transaction, statement) => {
    // Each has begun by then, and none has written anything.
    if (!statement.includes('open_roster_annex')) return;
    arrived += 1;
    if (arrived === schools.length) goOn();
    await allThere;
  });
  await Promise.all(runs.map(({ school, run }) => applyNow(school, run, engine)));
  const beside = [];
  for (const { school, run } of runs) {
    expect(await school.ids('enrollments')).toEqual(['e1', 'e2']);
    beside.push(await areBeside(school));
    await school.end(run);
  }
  expect(beside.filter(Boolean).length).toBe(2);
});

test('who clears away is not taken for the attempt itself', async () => {
  const school = await createSchool(database, 'cleared');
  const attempt = '0123456789ab';
  const lock = 'hashtextextended($1, 0)';
  const stands = () =>
    besidePlace(database.database, school, { place: 1 }, (tx) => keepRead(tx, 'enrollments', attempt));
  const client = await connect();
  const hold = async (how: string) => {
    await client.query('begin');
    await client.query(`select ${how}(${lock})`, [`roster annex ${attempt}`]);
    const isStanding = await stands();
    await client.query('rollback');
    return isStanding;
  };
  expect(await hold('pg_advisory_xact_lock')).toBe(true);
  expect(await hold('pg_try_advisory_xact_lock_shared')).toBe(false);
  expect(await stands()).toBe(false);
  await client.end();
});

test('a transaction that waits for another beside it is not ended for being idle', async () => {
  const { rows } = await superuser.query('select current_database() as name');
  await superuser.query(`alter database ${rows[0].name} set idle_in_transaction_session_timeout = '1ms'`);
  const school = await createSchool(database, 'idle', { annexRows: 1 });
  // A connection that is opened from now on.
  const later = await openDatabase({
    url: database.url,
    applicationName: 'later',
    connections: 2,
    statementTimeoutMs: 10_000,
    onError: (error) => {
      throw error;
    },
  });
  const idle = await later.withStaging(school.tenantId, (tx) =>
    tx.one(
      sql`select current_setting('idle_in_transaction_session_timeout') as timeout`,
      z.object({ timeout: z.string() }),
    ),
  );
  await later.close();
  expect(idle).toEqual({ timeout: '0' });
});
