import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);

test('the only connection need not be named, and one of several must be', async () => {
  const tenant = await makeTenant();
  const add = ['deployment', 'add', '--tenant', tenant, '--deployment', '1'];
  expect(await hub(add)).toMatchObject({ exitCode: 1, err: expect.stringContaining('lms connect') });
  const connect = ['lms', 'connect', '--tenant', tenant, '--family', 'canvas', '--client-id'];
  await done(...connect, '1');
  await done(...add);
  const { registration } = await done(...connect, '2');
  expect(await hub(add)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(registration.connectionId),
  });
  await done(...add, '--connection', registration.connectionId);
});

test('a waiting deployment is refused, then claimed after all', async () => {
  const tenant = await makeTenant();
  const { registration } = await done(
    ...['lms', 'connect', '--tenant', tenant, '--family', 'canvas', '--client-id', '1'],
  );
  await superuser.query(
    `insert into lti_deployment_claim
     select tenant_id, $2, 'new', 'waiting', 1, now(), now() from tenant where slug = $1`,
    [tenant, registration.connectionId],
  );
  const which = ['--tenant', tenant, '--deployment', 'new'];
  await done('deployment', 'refuse', ...which);
  await done('deployment', 'claim', ...which);
  expect(await hub(['deployment', 'claim', ...which])).toMatchObject({ exitCode: 1 });
  expect((await done('deployment', 'disable', ...which)).deployment.status).toBe('disabled');
  expect((await done('deployment', 'disable', ...which, '--undo')).deployment.status).toBe('active');
});
