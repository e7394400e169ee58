import { expect, test } from 'vitest';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import { createTestDatabase } from '../../support/database.ts';
import {
  annexOf,
  applyNow,
  beginStaging,
  createBesideWorld,
  enrolled,
  few,
  makeAnnex,
  planNew,
} from './beside-world.ts';
import { createSchool, smallRoster } from './world.ts';

const database = await createTestDatabase();
const { superuser } = database;
const { annexesOf, areBeside, watchedEngine, dyingEngine, clear, connect } = createBesideWorld(database);
const attempt = 'a0b1c2d3e4f5';

test('whichever statement of applying is the last, nothing of it is seen, and asked again all of it is', {
  timeout: 120_000,
}, async () => {
  const school = await createSchool(database, 'killed', { annexRows: 1 });
  const seen = new Set<string>();
  let [at, dead] = [0, true];
  while (dead && at < 300) {
    at += 1;
    const run = await planNew(school);
    const { engine, isDead } = dyingEngine(at);
    await applyNow(school, run, engine).catch(() => undefined);
    dead = isDead();
    if (dead) {
      const annexes = await annexesOf(school);
      seen.add(annexes.join());
      expect([at, await school.ids('enrollments'), await school.ids('users')]).toEqual([at, [], []]);
      expect([at, annexes]).not.toEqual([at, ['attached']]);
    }
    await applyNow(school, run);
    expect([at, await school.ids('enrollments')]).toEqual([at, ['e1', 'e2']]);
    await school.end(run);
    expect([at, await annexesOf(school)]).toEqual([at, ['attached']]);
    expect([at, await areBeside(school)]).toEqual([at, true]);
    await clear(school);
  }
  expect(at).toBeGreaterThan(40);
  expect(at).toBeLessThan(300);
  expect([...seen].sort()).toEqual(['', 'loose']);
});

test('what cannot be written beside a run, wherever that fails, is written by the run itself', {
  timeout: 60_000,
}, async () => {
  const school = await createSchool(database, 'alone', { annexRows: 1 });
  let [at, dead] = [0, true];
  while (dead && at < 50) {
    at += 1;
    const run = await planNew(school);
    const { engine, isDead } = dyingEngine(at, 'beside');
    const results = (await school.rows('results')).length;
    expect(results).toBe(0);
    await applyNow(school, run, engine);
    dead = isDead();
    expect([at, await school.ids('enrollments')]).toEqual([at, ['e1', 'e2']]);
    expect([at, (await school.rows('results')).length]).toEqual([at, smallRoster().results.length]);
    await school.end(run);
    expect([at, await annexesOf(school)]).toEqual([at, ['attached']]);
    await clear(school);
  }
  expect(at).toBeGreaterThan(8);
  expect(at).toBeLessThan(50);
});

test('what an attempt has left is neither read nor written by a later load, and goes with the place', async () => {
  const school = await createSchool(database, 'left', { annexRows: 2 });
  const { run } = await school.planned(enrolled('e1', 'e2'));
  // A user that came in since the plan was made: the run's own transaction fails while the annex is written.
  await superuser.query(
    `insert into roster_user (tenant_id, connection_id, sourced_id, content_hash, created_run, changed_run, part, line, changed_at)
     values ($1, $2, 'u2', 1, 1, 1, 1, 1, now())`,
    [school.tenantId, school.connectionId],
  );
  await expect(applyNow(school, run)).rejects.toMatchObject({ kind: 'conflict', code: 'plan_stale' });
  expect(await annexesOf(school)).toEqual(['loose']);
  expect(await school.ids('enrollments')).toEqual([]);
  await superuser.query('delete from roster_user where connection_id = $1', [school.connectionId]);
  await applyNow(school, run, createEngine({ db: database.database }));
  const { rows } = await superuser.query(
    'select tableoid::regclass::text as home from roster_enrollment where connection_id = $1 order by sourced_id',
    [school.connectionId],
  );
  expect(rows).toEqual([{ home: 'roster_enrollment' }, { home: 'roster_enrollment' }]);
  await school.end(run);
  expect(await annexesOf(school)).toEqual([]);
});

test('what an attempt has written stays as long as that may attach it, and so does what is attached', async () => {
  const school = await createSchool(database, 'held', { annexRows: 1 });
  const other = await createSchool(database, 'clearing', { annexRows: 1 });
  const client = await connect();
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`roster annex ${attempt}`]);
  await makeAnnex(superuser, school, attempt);
  await other.sync(smallRoster());
  expect(await annexesOf(school)).toEqual(['loose']);
  await client.end();
  await expect.poll(() => locksOf(attempt)).toBe(0);
  await other.sync(smallRoster());
  expect(await annexesOf(school)).toEqual([]);
  expect(await annexesOf(other)).toEqual(['attached']);
});

/** How many hold the lock of an attempt. */
async function locksOf(of: string): Promise<number> {
  const { rows } = await superuser.query(
    `select count(*)::integer as count from pg_locks where locktype = 'advisory'
       and (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)`,
    [`roster annex ${of}`],
  );
  return rows[0].count;
}

test('an annex is found that another connection has made since it was looked for in vain', async () => {
  const school = await createSchool(database, 'since');
  const client = await connect();
  await beginStaging(client, school);
  const { connectionId } = school;
  // What a transaction has locked already is no occasion for it to hear what others have done.
  for (const step of ['open', 'index', 'attach']) {
    await client.query(`select ${step}_roster_annex('roster_result', $1, $2)`, [connectionId, attempt]);
  }
  await client.query('select to_regclass($1)', [`${annexOf(school)}_${attempt}`]);
  await makeAnnex(superuser, school, attempt);
  await client.query(`select attach_roster_annex('roster_enrollment', $1, $2)`, [connectionId, attempt]);
  await client.query('commit');
  await client.end();
  expect(await annexesOf(school)).toEqual(['attached']);
});

test('fields that were set by hand are put in by the run itself, as they are when it ends', async () => {
  const school = await createSchool(database, 'by-hand', { annexRows: 1 });
  const run = await planNew(school);
  const setByHand = `insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
    values ($1, $2, 'enrollments', 'e2', 'role', $3, 'test', now())`;
  await superuser.query(setByHand, [school.tenantId, school.connectionId, 'administrator']);
  const { engine } = dyingEngine(40);
  await expect(applyNow(school, run, engine)).rejects.toThrow('Killed');
  await superuser.query(`update roster_override set value = 'teacher' where tenant_id = $1`, [
    school.tenantId,
  ]);
  expect(await applyNow(school, run)).toMatchObject({ changed: 0 });
  expect(await school.rows('enrollments')).toMatchObject([
    { sourced_id: 'e1', role: 'student' },
    { sourced_id: 'e2', role: 'teacher' },
  ]);
  await school.end(run);
});

test('who waits for a lock beside a run gives up, since the run may be who is waited for', async () => {
  const school = await createSchool(database, 'locked', { annexRows: 1 });
  const run = await planNew(school);
  const client = await connect();
  await client.query('begin');
  await client.query('lock table roster_source in access exclusive mode');
  const applied = applyNow(school, run);
  await expect.poll(holdersThatWait, { timeout: 20_000 }).toBe(1);
  await client.query('rollback');
  await client.end();
  expect(await applied).toMatchObject({ removed: 0 });
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2']);
  await school.end(run);
}, 40_000);

/** How many of those that hold a place wait for a lock. */
async function holdersThatWait(): Promise<number> {
  const { rows } = await superuser.query(
    `select count(distinct a.pid)::integer as count from pg_stat_activity a join pg_locks l using (pid)
     where a.datname = current_database() and a.wait_event_type = 'Lock'
       and l.mode = 'RowShareLock' and l.relation = 'staging.place'::regclass`,
  );
  return rows[0].count;
}

test('who begins beside a run that is dead reads nothing of whoever has its place now', async () => {
  const school = await createSchool(database, 'dead', { annexRows: 1 });
  const other = await createSchool(database, 'next', { annexRows: 1 });
  const run = await planNew(school);
  let isKilled = false;
  const engine = watchedEngine(async (transaction) => {
    if (transaction === 1 || isKilled) return;
    isKilled = true;
    await superuser.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'relation' and mode = 'RowShareLock'
         and relation = 'staging.place'::regclass and database = (select oid from pg_database where datname = current_database())`,
    );
    await expect.poll(() => heldPlaces()).toBe(0);
    await school.end(run);
    await other.planned(enrolled('theirs'), { entities: few });
  });
  await expect(applyNow(school, run, engine)).rejects.toThrow();
  expect(isKilled).toBe(true);
  expect(await annexesOf(school)).toEqual([]);
});

async function heldPlaces(): Promise<number> {
  const { rows } = await superuser.query(
    `select count(*)::integer as count from pg_locks
     where locktype = 'relation' and mode = 'RowShareLock' and relation = 'staging.place'::regclass`,
  );
  return rows[0].count;
}

test('a run that is told to stop waits for what is written beside it, and shows none of it', async () => {
  const school = await createSchool(database, 'stopped', { annexRows: 1 });
  const run = await planNew(school);
  const stopped = AbortSignal.abort(new Error('Stopped'));
  await expect(
    school.engine.apply(run, { removals: true, now: new Date(), signal: stopped }),
  ).rejects.toThrow('Stopped');
  expect(await school.ids('enrollments')).toEqual([]);
  const { rows } = await superuser.query(
    `select query from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
  );
  expect(rows).toEqual([]);
  await school.end(run);
  expect(await annexesOf(school)).toEqual([]);
});
