import { expect, test } from 'vitest';
import { listShown } from '../../../src/health/onboarding/evidence-store.ts';
import { approveRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, schoolOf } from '../../sync/runs/sync-world.ts';

const testDatabase = await createTestDatabase();

test('a plan that nothing has held shows no approval; one that somebody let through does', async () => {
  const world = await createSyncWorld(testDatabase, 'approved');
  const evidence = async () => {
    const shown = await testDatabase.database.withTenant(world.tenantId, (tx) =>
      listShown(tx, world.connectionId, undefined, new Date(world.clock.at)),
    );
    return shown.map((each) => each.evidence);
  };
  world.sis.roster = schoolOf(30);
  await world.work(await world.request());
  expect(await evidence()).toEqual(expect.arrayContaining(['tried_well', 'in_use']));
  expect(await evidence()).not.toContain('plan_approved');
  world.sis.roster = schoolOf(5);
  const held = await world.request();
  await world.work(held);
  expect(await world.run(held)).toMatchObject({ state: 'held' });
  expect(await evidence()).not.toContain('plan_approved');
  await approveRun(world.deps, world.tenantId, held, world.by());
  await world.work(held);
  expect(await world.run(held)).toMatchObject({ state: 'applied' });
  expect(await evidence()).toContain('plan_approved');
});
