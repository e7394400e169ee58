import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EngineRun } from '../../../../src/sync/engine.ts';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, hooks, smallRoster, sourceOf, untilDone } from '../world.ts';

const database = await createTestDatabase();
const { superuser } = database;

test('a run keeps its place, places run out, and those of ended runs are taken back, emptied', async () => {
  const school = await createSchool(database, 'places');
  const runs = [];
  for (let i = 0; i < 6; i++) {
    const run = await school.request({ entities: ['orgs'] });
    await school.engine.begin(run);
    await school.engine.begin(run);
    runs.push(run);
  }
  const late = await school.request({ entities: ['orgs'] });
  await expect(school.engine.begin(late)).rejects.toMatchObject({ kind: 'conflict', code: 'staging_full' });
  await school.engine.load(runs[2]!, 'orgs', sourceOf('orgs', smallRoster().orgs), hooks());
  await superuser.query(
    `update sync_run set ended_at = now(), outcome = 'failed_hub', state = 'failed' where run_id = $1`,
    [runs[2]!.runId],
  );
  expect((await school.engine.begin(late)).staged.get('orgs')).toBe(0);
  await expect(
    school.engine.load(runs[2]!, 'orgs', sourceOf('orgs', smallRoster().orgs), hooks()),
  ).rejects.toMatchObject({ code: 'staging_lost' });
  for (const run of [...runs, late]) await school.engine.release(run, { canWait: false });
  const { rows } = await superuser.query('select count(run_id)::integer as taken from staging.place');
  expect(rows).toEqual([{ taken: 0 }]);
});

test('a run that several take up at the same moment has one place, and is the last one’s', async () => {
  const school = await createSchool(database, 'at-once');
  for (let round = 0; round < 5; round += 1) {
    const run = await school.request({ entities: ['orgs'] });
    const holders = Array.from({ length: 3 }, () => ({ ...run, holder: randomUUID() }));
    const begun = await Promise.allSettled(holders.map((each) => school.engine.begin(each)));
    for (const each of begun.filter(({ status }) => status === 'rejected')) {
      expect(each).toMatchObject({ reason: { code: 'staging_lost' } });
    }
    const { rows } = await superuser.query('select holder from staging.place where run_id = $1', [run.runId]);
    expect(rows).toHaveLength(1);
    expect(begun[holders.findIndex(({ holder }) => holder === rows[0].holder)]?.status).toBe('fulfilled');
    await school.end(run);
  }
});

test('who was thought dead does nothing more to a run that another has taken up', async () => {
  const school = await createSchool(database, 'thought-dead');
  const dead = await school.request({ entities: ['orgs'] });
  await school.engine.begin(dead);
  const load = (run: EngineRun) =>
    school.engine.load(run, 'orgs', sourceOf('orgs', smallRoster().orgs), hooks());
  const seals = await school.loadAll(dead, smallRoster());
  const successor = { ...dead, holder: randomUUID() };
  expect((await school.engine.begin(successor)).staged.get('orgs')).toBe(3);
  for (const step of [
    () => load(dead),
    () => school.engine.forget(dead, 'orgs'),
    () => school.engine.validate(dead, seals, untilDone()),
    () => school.engine.plan(dead, seals, untilDone()),
    () => school.engine.apply(dead, { removals: true, now: new Date(), signal: untilDone() }),
  ]) {
    await expect(step()).rejects.toMatchObject({ code: 'staging_lost' });
  }
  await school.engine.validate(successor, seals, untilDone());
  expect((await school.engine.plan(successor, seals, untilDone())).offered).toBe(3);
  await school.end(successor);
});

test('two tenants at once, with the same ids, stay apart from staging to undo', async () => {
  const [ours, theirs] = [await createSchool(database, 'ours'), await createSchool(database, 'theirs')];
  const other = smallRoster();
  other.users[0]!.givenName = 'Zoe';
  const [mine, yours] = [await ours.planned(smallRoster()), await theirs.planned(other)];
  const options = () => ({ removals: true, now: new Date(), signal: untilDone() });
  await ours.engine.apply(mine.run, options());
  await theirs.engine.apply(yours.run, options());
  expect((await ours.rows('users'))[0]).toMatchObject({ given_name: 'Ada' });
  expect((await theirs.rows('users'))[0]).toMatchObject({ given_name: 'Zoe' });
  const forged = { ...mine.run, runId: yours.run.runId, holder: yours.run.holder };
  for (const step of [
    () => ours.engine.plan(forged, new Map(), untilDone()),
    () => ours.engine.apply(forged, options()),
    () => ours.engine.forget(forged, 'users'),
  ]) {
    await expect(step()).rejects.toMatchObject({ code: 'staging_lost' });
  }
  await ours.engine.release(forged, { canWait: false });
  expect((await theirs.engine.begin(yours.run)).staged.get('users')).toBe(2);
  await ours.engine.undo({ ...mine.run, connectionId: theirs.connectionId }, new Date());
  expect(await theirs.ids('users')).toEqual(['u1', 'u2']);
  await ours.end(mine.run);
  await theirs.end(yours.run);
  expect((await ours.sync({ ...smallRoster(), users: [] })).applied.removed).toBeGreaterThan(0);
  expect(await theirs.ids('users')).toEqual(['u1', 'u2']);
});

test('in staging’s transactions a tenant sees and writes its own roster only', async () => {
  const [ours, theirs] = [
    await createSchool(database, 'see-ours'),
    await createSchool(database, 'see-theirs'),
  ];
  await ours.sync(smallRoster());
  await theirs.sync(smallRoster());
  await superuser.query('set role gatehouse_staging');
  try {
    await superuser.query('begin');
    await superuser.query(`select set_config('app.tenant', $1, true)`, [ours.tenantId]);
    const { rows } = await superuser.query('select distinct tenant_id from roster_user');
    expect(rows).toEqual([{ tenant_id: ours.tenantId }]);
    const changed = await superuser.query(`update roster_user set given_name = 'x' where tenant_id = $1`, [
      theirs.tenantId,
    ]);
    expect(changed.rowCount).toBe(0);
  } finally {
    await superuser.query('rollback');
    await superuser.query('reset role');
  }
});
