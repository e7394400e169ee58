import { expect, test } from 'vitest';
import { ConnectorError } from '../../../contracts/connector.ts';
import { approveRun, disableRoster, resumeRoster, updateRoster } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type Roster, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const act = (world: SyncWorld) => [world.deps, world.tenantId] as const;
const update = (world: SyncWorld, changes: Parameters<typeof updateRoster>[3]) =>
  updateRoster(...act(world), world.connectionId, changes, world.by());

/** Two schools with a pupil each. */
function twoSchools(): Roster {
  const north = schoolOf(1);
  return {
    orgs: [...north.orgs!, { sourcedId: 's2', name: 'South', type: 'school' }],
    courses: north.courses!,
    users: [
      ...north.users!,
      { ...north.users![0]!, sourcedId: 'south1', username: 'south1', primaryOrgSourcedId: 's2' },
    ],
  };
}

/** A run that has read some users, and is put off. */
async function putOff(world: SyncWorld) {
  world.sis.beforePage = async (entity, page) => {
    if (entity === 'users' && page === 1) throw new ConnectorError('unavailable', 'busy', 'Wait.');
  };
  const runId = await world.request();
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'reading', reason: 'busy' });
  world.sis.beforePage = async () => undefined;
  world.clock.at += 61_000;
  return runId;
}

test('a plan that waits brings nothing of a school that is shared no more when it is approved', async () => {
  const world = await createSyncWorld(testDatabase, 'unshared', { roster: { rollovers: [pause] } });
  world.sis.roster = twoSchools();
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', reason: 'rollover_pause' });
  await update(world, { schools: ['s1'] });
  await approveRun(...act(world), held.runId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'applied' });
  expect(await world.ids('users')).toEqual(['u0']);
  expect(await world.ids('orgs')).toEqual(['s1']);
});
const pause = { from: '2026-11-01', to: '2026-12-31', policy: 'pause' as const };

test('a run that was put off reads nothing on in other settings than it began with', async () => {
  const world = await createSyncWorld(testDatabase, 'other-settings');
  world.sis.roster = schoolOf(5);
  const runId = await putOff(world);
  await update(world, { settings: { address: 'elsewhere' } });
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', progress: { users: { rows: 5 } } });
  const users = world.sis.reads.filter(({ entity }) => entity === 'users');
  expect(users).toMatchObject([{ resumes: false }, { resumes: false }]);
});

test('a run goes on where it was after a change that does not concern how it reads', async () => {
  const world = await createSyncWorld(testDatabase, 'same-settings');
  world.sis.roster = schoolOf(5);
  const runId = await putOff(world);
  await update(world, { name: 'Renamed', settings: { password: 'new' }, planDays: 3 });
  await world.work(runId);
  const users = world.sis.reads.filter(({ entity }) => entity === 'users');
  expect(users).toMatchObject([{ resumes: false }, { resumes: true }]);
});

test('a run that was put off is read anew by a newer version of its connector, and says so', async () => {
  const world = await createSyncWorld(testDatabase, 'newer-version');
  world.sis.roster = schoolOf(5);
  const runId = await putOff(world);
  world.deps.connectors = world.deps.connectors.map((each) => ({ ...each, version: '2.0.0' }));
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', connectorVersion: '2.0.0' });
  const users = world.sis.reads.filter(({ entity }) => entity === 'users');
  expect(users).toMatchObject([{ resumes: false }, { resumes: false }]);
});

test('a roster that is switched off gets nothing any more: neither from a plan nor from a run that was put off', async () => {
  const world = await createSyncWorld(testDatabase, 'switched-off', { roster: { rollovers: [pause] } });
  world.sis.roster = schoolOf(5);
  const held = await world.sync();
  await disableRoster(...act(world), world.connectionId, world.by());
  await expect(approveRun(...act(world), held.runId, world.by())).rejects.toMatchObject({
    code: 'roster_disabled',
  });
  await resumeRoster(...act(world), world.connectionId, world.by());
  await approveRun(...act(world), held.runId, world.by());
  await disableRoster(...act(world), world.connectionId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'cancelled', reason: 'roster_disabled' });
  await resumeRoster(...act(world), world.connectionId, world.by());
  const runId = await putOff(world);
  await disableRoster(...act(world), world.connectionId, world.by());
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'cancelled', reason: 'roster_disabled' });
  expect(await world.ids('users')).toEqual([]);
});

test('a roster that is switched off while a run of it is under way gets nothing of it', async () => {
  const world = await createSyncWorld(testDatabase, 'switched-off-late', {
    engine: (engine) => ({
      ...engine,
      plan: async (...given) => {
        await disableRoster(...act(world), world.connectionId, world.by());
        return engine.plan(...given);
      },
    }),
  });
  world.sis.roster = schoolOf(2);
  expect(await world.sync()).toMatchObject({ state: 'cancelled', reason: 'roster_disabled' });
  expect(await world.ids('users')).toEqual([]);
});

test('removals that nobody has agreed to wait, though somebody had agreed to fewer of them before the roster grew', async () => {
  const world = await createSyncWorld(testDatabase, 'grown');
  world.sis.roster = schoolOf(40);
  await world.sync();
  world.sis.roster = schoolOf(15);
  world.sis.roster.users!.push({ ...world.sis.roster.users![0]!, sourcedId: 'new', username: 'new' });
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', reason: 'removals' });
  await approveRun(...act(world), held.runId, world.by());
  await update(world, { holdsRemovalsOnly: true });
  await testDatabase.superuser.query(
    `insert into roster_user select (jsonb_populate_record(u, jsonb_build_object('sourced_id', 'late-' || u.sourced_id))).*
     from roster_user u where tenant_id = $1`,
    [world.tenantId],
  );
  await testDatabase.superuser.query('update roster_source set base = base + 1 where tenant_id = $1', [
    world.tenantId,
  ]);
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'held', applied: { created: 1, removed: 0 } });
  expect(await world.ids('users')).toHaveLength(81);
  await approveRun(...act(world), held.runId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'applied', applied: { removed: 65 } });
});
