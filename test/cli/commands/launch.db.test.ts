import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);

test('a launch is listed, and explained by its reference', async () => {
  const [tenant, other] = [await makeTenant(), await makeTenant()];
  await superuser.query(
    `insert into launch (tenant_id, launch_id, reference, state, outcome, reason, trace, started_at, ended_at)
     select tenant_id, gen_random_uuid(), 'ABCD-1234', 'refused', 'user_error', 'state_expired', '{}', now(), now()
     from tenant where slug = $1`,
    [tenant],
  );
  expect((await done('launch', 'list', '--tenant', tenant)).launches).toMatchObject([
    { reference: 'ABCD-1234' },
  ]);
  const { out } = await hub(['launch', 'trace', 'ABCD-1234', '--tenant', tenant]);
  expect(out).toMatch(/FAILED +state/);
  expect(out).toContain('What to do:');
  for (const typed of ['abcd1234', 'abcd i234', ' ABCD-l234 ']) {
    expect((await hub(['launch', 'trace', typed, '--tenant', tenant])).out).toBe(out);
  }
  expect(await hub(['launch', 'trace', 'ABCD-123', '--tenant', tenant])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('<reference> must be'),
    opened: 0,
  });
  expect(await hub(['launch', 'trace', 'ABCD-1234', '--tenant', other])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('No launch'),
  });
});
