import { expect, test } from 'vitest';
import type { TenantId } from '../../../contracts/ids.ts';
import { addFindings } from '../../../src/sync/runs/finding-store.ts';
import { approveRun, cancelRun, discardRun, listRuns, undoRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const many = 40;

/** A school of forty, whose source has lost half of them and has one new pupil. */
async function halved(slug: string, options: Parameters<typeof createSyncWorld>[2] = {}): Promise<SyncWorld> {
  const world = await createSyncWorld(testDatabase, slug, options);
  world.sis.roster = schoolOf(many);
  await world.sync();
  world.sis.roster = schoolOf(many / 2 - 5);
  world.sis.roster.users!.push({ ...world.sis.roster.users![0]!, sourcedId: 'new', username: 'new' });
  return world;
}
const act = (world: SyncWorld) => [world.deps, world.tenantId] as const;

test('a plan that removes much waits, and is applied once somebody approves it', async () => {
  const world = await halved('approve');
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', reason: 'removals', applied: null, endedAt: null });
  expect(held.holds).toMatchObject([
    { code: 'removals', entity: 'users', school: null, count: 25, total: 40, allowed: 19 },
    { code: 'removals', entity: 'users', school: 's1', count: 25, total: 40, allowed: 19 },
  ]);
  expect(await world.ids('users')).toHaveLength(many);
  await approveRun(...act(world), held.runId, world.by());
  expect(world.enqueued.at(-1)).toMatchObject({ queue: 'work_roster_run', payload: { runId: held.runId } });
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({
    state: 'applied',
    applied: { created: 1, removed: 25 },
  });
  expect(await world.ids('users')).toHaveLength(16);
  await expect(approveRun(...act(world), held.runId, world.by())).rejects.toMatchObject({
    code: 'run_state',
  });
});

test('a plan that is discarded changes nothing', async () => {
  const world = await halved('discard');
  const held = await world.sync();
  await discardRun(...act(world), held.runId, world.by());
  expect(await world.run(held.runId)).toMatchObject({ state: 'discarded', reason: 'discarded' });
  expect(await world.ids('users')).toHaveLength(many);
  await expect(approveRun(...act(world), held.runId, world.by())).rejects.toMatchObject({
    code: 'run_state',
  });
});

test('creations flow while removals wait, where the source says so; the removals follow once approved', async () => {
  const world = await halved('in-part', { roster: { holdsRemovalsOnly: true } });
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', applied: { created: 1, removed: 0 } });
  expect(await world.ids('users')).toHaveLength(many + 1);
  await approveRun(...act(world), held.runId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({
    state: 'applied',
    applied: { created: 1, removed: 25 },
  });
  expect(await world.ids('users')).toHaveLength(16);
  await undoRun(...act(world), held.runId, world.by());
  expect(await world.ids('users')).toHaveLength(many);
});

test('what was applied of a plan stays when the rest of it is discarded', async () => {
  const world = await halved('rest', { roster: { holdsRemovalsOnly: true } });
  const held = await world.sync();
  await discardRun(...act(world), held.runId, world.by());
  expect(await world.run(held.runId)).toMatchObject({ state: 'applied', reason: 'removals_discarded' });
  expect(await world.ids('users')).toHaveLength(many + 1);
});

test('a newer reading takes the place of a plan that waits', async () => {
  const world = await halved('superseded');
  const held = await world.sync();
  const dry = await world.sync({ isDry: true });
  expect(dry).toMatchObject({ state: 'planned', holds: [{ code: 'removals' }, { code: 'removals' }] });
  await expect(cancelRun(...act(world), dry.runId, world.by())).rejects.toMatchObject({ code: 'run_state' });
  expect((await world.run(held.runId)).state).toBe('held');
  world.sis.roster = schoolOf(many);
  expect((await world.sync()).state).toBe('applied');
  expect(await world.run(held.runId)).toMatchObject({ state: 'discarded', reason: 'superseded' });
});

test('a plan whose base has moved is made again, and an approval stands where it asks for no more', async () => {
  const world = await halved('overtaken');
  const held = await world.sync();
  await approveRun(...act(world), held.runId, world.by());
  await superuser.query(
    `update roster_user set removed_at = now() where tenant_id = $1 and sourced_id = 'u39'`,
    [world.tenantId],
  );
  await superuser.query('update roster_source set base = base + 1 where tenant_id = $1', [world.tenantId]);
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({
    state: 'applied',
    applied: { created: 1, removed: 24 },
  });
});

test('an undone run leaves the roster as it was, and the next one waits for somebody', async () => {
  const world = await createSyncWorld(testDatabase, 'undo');
  world.sis.roster = schoolOf(3);
  await world.sync();
  world.sis.roster.users![0]!.givenName = 'Wrong';
  world.sis.roster.users!.push({ ...world.sis.roster.users![0]!, sourcedId: 'extra', username: 'extra' });
  const wrong = await world.sync();
  expect(await undoRun(...act(world), wrong.runId, world.by())).toMatchObject({ changed: 1, removed: 1 });
  expect((await world.run(wrong.runId)).state).toBe('undone');
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2']);
  const { rows } = await superuser.query(
    `select given_name from roster_user where tenant_id = $1 and sourced_id = 'u0'`,
    [world.tenantId],
  );
  expect(rows).toEqual([{ given_name: 'Given' }]);
  await expect(undoRun(...act(world), wrong.runId, world.by())).rejects.toMatchObject({ code: 'run_state' });
  // It reads everything, though only changes are asked for.
  const next = await world.sync({ mode: 'delta' });
  expect(next).toMatchObject({ mode: 'full', state: 'held', reason: 'run_undone' });
});

test('what is too long ago, or not applied, is not undone', async () => {
  const world = await halved('too-old');
  const held = await world.sync();
  await expect(undoRun(...act(world), held.runId, world.by())).rejects.toMatchObject({ code: 'run_state' });
  const [, first] = await database.withTenant(world.tenantId, (tx) => listRuns(tx));
  world.clock.at += 181 * 86_400_000;
  await expect(undoRun(...act(world), first!.runId, world.by())).rejects.toMatchObject({
    code: 'run_too_old',
  });
});

test('while a run is worked on nothing of its connection is undone', async () => {
  const world = await createSyncWorld(testDatabase, 'busy');
  world.sis.roster = schoolOf(1);
  const first = await world.sync();
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  world.sis.beforePage = async () => {
    reached.resolve();
    await go.promise;
  };
  const runId = await world.request();
  const working = world.work(runId);
  await reached.promise;
  await expect(undoRun(...act(world), first.runId, world.by())).rejects.toMatchObject({
    code: 'roster_busy',
  });
  go.resolve();
  await working;
});

test('a run that has not begun is cancelled at once', async () => {
  const world = await createSyncWorld(testDatabase, 'cancel-early');
  const runId = await world.request();
  await cancelRun(...act(world), runId, world.by());
  expect(await world.run(runId)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
  await world.work(runId);
  expect(world.sis.reads).toEqual([]);
  await expect(cancelRun(...act(world), runId, world.by())).rejects.toMatchObject({ code: 'run_state' });
});

test('a run under way is cancelled as soon as whoever works on it looks', async () => {
  const world = await createSyncWorld(testDatabase, 'cancel-late', { limits: { leaseMs: 200 } });
  world.sis.roster = schoolOf(4);
  const reached = Promise.withResolvers<void>();
  world.sis.beforePage = async (entity) => {
    if (entity !== 'users') return;
    reached.resolve();
    await expect
      .poll(
        async () =>
          (await superuser.query('select wants_cancel from sync_run where run_id = $1', [runId])).rows,
      )
      .toEqual([{ wants_cancel: true }]);
  };
  const runId = await world.request();
  const working = world.work(runId);
  await reached.promise;
  await cancelRun(...act(world), runId, world.by());
  await working;
  expect(await world.run(runId)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
  expect(await world.ids('users')).toEqual([]);
  expect(await world.hasPlace(runId)).toBe(false);
});

test('a cancel does not wait for a long statement after something was found', async () => {
  const world = await createSyncWorld(testDatabase, 'cancel-long');
  const runId = await world.request();
  const found = { code: 'ragged_row', severity: 'warning', part: 'users.csv', line: 2 } as const;
  await database.withTenant(world.tenantId, async (tx) => {
    await addFindings(tx, runId, 'users', [found], 10);
    await cancelRun(...act(world), runId, world.by());
  });
  expect(await world.run(runId)).toMatchObject({ state: 'cancelled' });
});

test('between school years removals wait while the rest flows', async () => {
  const world = await halved('rollover', {
    roster: { rollovers: [{ from: '2026-11-21', to: '2026-11-21', policy: 'no_removals' }] },
  });
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', applied: { created: 1, removed: 0 } });
  expect(held.holds.map(({ code }) => code)).toContain('rollover_removals');
});

test('what people decide stands in the audit trail', async () => {
  const world = await halved('audited');
  const held = await world.sync();
  await approveRun(...act(world), held.runId, world.by());
  const { rows } = await superuser.query(
    `select action, actor from audit_event where tenant_id = $1 and subject = $2 order by sequence`,
    [world.tenantId, `run:${held.runId}`],
  );
  expect(rows).toEqual([
    { action: 'roster_run.requested', actor: 'operator:test' },
    { action: 'roster_run.approved', actor: 'operator:test' },
  ]);
});

test('a tenant sees and decides on no runs of another', async () => {
  const [ours, theirs] = [await halved('ours'), await halved('theirs')];
  const held = await theirs.sync();
  const foreign = [theirs.deps, ours.tenantId as TenantId] as const;
  for (const decide of [approveRun, discardRun, cancelRun, undoRun]) {
    await expect(decide(...foreign, held.runId, ours.by())).rejects.toMatchObject({ code: 'run_unknown' });
  }
  await expect(theirs.request({}, ours.connectionId)).rejects.toMatchObject({ code: 'roster_unknown' });
  const seen = await database.withTenant(ours.tenantId, (tx) => listRuns(tx));
  expect(seen.map(({ connectionId }) => connectionId)).toEqual([ours.connectionId]);
  expect((await theirs.run(held.runId)).state).toBe('held');
});
