import { expect, test } from 'vitest';
import { askForDryPlan } from '../../../src/sync/runs/dry-plan.ts';
import { pauseRoster } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const dayMs = 86_400_000;

test('a roster without a run for a week gets a dry one, once, which changes nothing', async () => {
  const world = await createSyncWorld(testDatabase, 'quiet');
  const ask = () => askForDryPlan(world.deps, world.tenantId, world.connectionId, world.by());
  world.sis.roster = schoolOf(2);
  expect(await ask()).toBe(true);
  // It is not over: neither it nor another one is asked for again.
  expect(await ask()).toBe(false);
  const { rows } = await superuser.query(
    'select run_id, is_dry, mode, requested_by from sync_run where tenant_id = $1',
    [world.tenantId],
  );
  expect(rows).toMatchObject([{ is_dry: true, mode: 'full', requested_by: 'operator:test' }]);
  await world.work(rows[0].run_id);
  expect(await world.run(rows[0].run_id)).toMatchObject({ state: 'planned', reason: 'dry_run' });
  expect(await world.ids('users')).toEqual([]);
  world.clock.at += 6 * dayMs;
  expect(await ask()).toBe(false);
  world.clock.at += 2 * dayMs;
  expect(await ask()).toBe(true);
});

test('one that runs by itself, is about to, or is paused, gets none', async () => {
  const world = await createSyncWorld(testDatabase, 'busy');
  const ask = () => askForDryPlan(world.deps, world.tenantId, world.connectionId, world.by());
  world.sis.roster = schoolOf(1);
  expect((await world.sync()).state).toBe('applied');
  expect(await ask()).toBe(false);
  world.clock.at += 8 * dayMs;
  await superuser.query('update roster_source set next_run_at = $2 where tenant_id = $1', [
    world.tenantId,
    new Date(world.clock.at + 3_600_000),
  ]);
  expect(await ask()).toBe(false);
  await superuser.query('update roster_source set next_run_at = null where tenant_id = $1', [world.tenantId]);
  await pauseRoster(world.deps, world.tenantId, world.connectionId, world.by());
  expect(await ask()).toBe(false);
});
