import { expect, test } from 'vitest';
import { planRuns } from '../../../src/sync/runs/plan-runs.ts';
import { approveRun, undoRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const act = (world: SyncWorld) => [world.deps, world.tenantId] as const;

/** A school of three whose second run has added one. */
async function twoRuns(slug: string, options: Parameters<typeof createSyncWorld>[2] = {}) {
  const world = await createSyncWorld(testDatabase, slug, options);
  world.sis.roster = schoolOf(3);
  const first = await world.sync();
  world.sis.roster = schoolOf(4);
  const second = await world.sync();
  return { world, first, second };
}

test('an undo whose copy dies is brought to its end by another, and no run comes between', async () => {
  let dies = true;
  const { world, second } = await twoRuns('undo-dies', {
    engine: (engine) => ({
      ...engine,
      undo: async (...given) => {
        const undone = await engine.undo(...given);
        if (!dies) return undone;
        dies = false;
        // As after kill −9: nothing that follows is done by this copy.
        throw new Error('Killed');
      },
    }),
  });
  await expect(undoRun(...act(world), second.runId, world.by())).rejects.toThrow('Killed');
  const next = await world.request({ mode: 'delta' });
  await world.work(next);
  expect((await world.run(next)).state).toBe('requested');
  world.enqueued.length = 0;
  await planRuns(world.deps);
  expect(world.enqueued).toContainEqual(
    expect.objectContaining({
      queue: 'work_roster_run',
      payload: expect.objectContaining({ runId: second.runId }),
    }),
  );
  await world.work(second.runId);
  expect(await world.run(second.runId)).toMatchObject({ state: 'undone' });
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2']);
  const { rows } = await superuser.query(
    `select actor, count(*)::int from audit_event where subject = $1 and action = 'roster_run.undone' group by actor`,
    [`run:${second.runId}`],
  );
  expect(rows).toEqual([{ actor: 'operator:test', count: 1 }]);
  // It reads everything, and waits: the same may come again.
  await world.work(next);
  expect(await world.run(next)).toMatchObject({ mode: 'full', state: 'held', reason: 'run_undone' });
});

test('after an older run is undone, too, the next one waits for somebody', async () => {
  const { world, first } = await twoRuns('undo-older');
  world.sis.roster.users!.splice(3);
  expect(await world.sync()).toMatchObject({ state: 'applied', runNo: 3 });
  // Without a home at the school that goes with the first run.
  world.sis.roster.users!.push({ ...schoolOf(10).users![9]!, primaryOrgSourcedId: '' });
  expect(await world.sync()).toMatchObject({ state: 'applied', runNo: 4 });
  await superuser.query(`delete from roster_enrollment where tenant_id = $1`, [world.tenantId]);
  await undoRun(...act(world), first.runId, world.by());
  // Something besides runs has changed the roster since, as erasing a person does.
  await superuser.query('update roster_source set base = base + 1 where tenant_id = $1', [world.tenantId]);
  const held = await world.sync();
  expect(held).toMatchObject({ state: 'held', reason: 'run_undone' });
  await approveRun(...act(world), held.runId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'applied' });
  expect(await world.sync()).toMatchObject({ state: 'applied' });
});

test('an undo that is asked for again after its copy died goes on where it is asked for', async () => {
  let dies = true;
  const { world, second } = await twoRuns('undo-again', {
    engine: (engine) => ({
      ...engine,
      undo: async (...given) => {
        if (dies) throw new Error('Killed');
        return engine.undo(...given);
      },
    }),
  });
  await expect(undoRun(...act(world), second.runId, world.by())).rejects.toThrow('Killed');
  dies = false;
  expect(await undoRun(...act(world), second.runId, world.by())).toMatchObject({ removed: 1 });
  expect(await world.run(second.runId)).toMatchObject({ state: 'undone' });
});

test('an undo that is refused leaves the connection free for its next run', async () => {
  const { world, first } = await twoRuns('undo-refused');
  world.sis.roster.users![0]!.givenName = 'Renamed';
  await world.sync();
  await expect(undoRun(...act(world), first.runId, world.by())).rejects.toMatchObject({
    code: 'run_overtaken',
  });
  expect(await world.sync()).toMatchObject({ state: 'applied' });
});

test('of two undos of a run at once one is done, and the other is told', async () => {
  const { world, second } = await twoRuns('undo-twice');
  const results = await Promise.allSettled([
    undoRun(...act(world), second.runId, world.by()),
    undoRun(...act(world), second.runId, world.by()),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: expect.stringMatching(/^(roster_busy|run_state)$/) },
  });
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2']);
});
