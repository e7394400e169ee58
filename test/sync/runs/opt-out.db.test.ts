import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { createPackageWorld, packageOf } from '../findings/package-world.ts';

const database = await createTestDatabase();

test('demographics that are not wanted any more go with the next run, and come back when they are', async () => {
  const { tenantId, bring, change } = await createPackageWorld(database, 'opt-out');
  const inUse = async () => {
    const { rows } = await database.superuser.query(
      'select sourced_id from roster_demographics where tenant_id = $1 and removed_at is null',
      [tenantId],
    );
    return rows.length;
  };
  const given = packageOf(smallRoster());
  await bring(given);
  expect(await inUse()).toBe(1);

  await change({ demographics: false });
  expect(await bring(given)).toMatchObject({
    run: { state: 'applied', holds: [], applied: { created: 0, changed: 0, removed: 1 } },
    said: [],
  });
  expect(await inUse()).toBe(0);
  expect((await bring(given)).run).toMatchObject({ applied: { created: 0, removed: 0 } });

  await change({ demographics: true });
  expect((await bring(given)).run).toMatchObject({ state: 'applied', applied: { restored: 1 } });
  expect(await inUse()).toBe(1);
});

test('demographics go with a run of changes too', async () => {
  const { bring, change } = await createPackageWorld(database, 'opt-out-delta');
  await bring(packageOf(smallRoster()));
  await change({ demographics: false });
  const { run } = await bring(packageOf({ orgs: [] }, 'delta'), 'delta');
  expect(run).toMatchObject({ mode: 'delta', state: 'applied', applied: { removed: 1 } });
});
