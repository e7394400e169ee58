import { expect, test } from 'vitest';
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
  for (const run of [...runs, late]) await school.engine.release(run);
  const { rows } = await superuser.query('select count(run_id)::integer as taken from staging.place');
  expect(rows).toEqual([{ taken: 0 }]);
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
  const forged = { ...mine.run, runId: yours.run.runId };
  for (const step of [
    () => ours.engine.plan(forged, new Map(), untilDone()),
    () => ours.engine.apply(forged, options()),
    () => ours.engine.forget(forged, 'users'),
  ]) {
    await expect(step()).rejects.toMatchObject({ code: 'staging_lost' });
  }
  await ours.engine.release(forged);
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
