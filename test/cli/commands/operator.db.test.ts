import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub, makeTenant } = createCommandLine(testDatabase);

const grace = 'grace@company.example';
const add = (email: string, roles: string[]) =>
  testDatabase.superuser.query(
    `insert into operator (tenant_id, operator_id, name, email, roles, status, created_at, changed_at)
     values ('00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'Grace', $1, $2, 'active', now(), now())`,
    [email, roles],
  );

test('staff are invited by a link that is shown once, with their roles', async () => {
  const words = ['operator', 'invite', grace, '--name', 'Grace'];
  const { out } = await hub([...words, '--role', 'manager']);
  expect(out).toMatch(/https:\/\/hub\.example\/console\/invitation#[\w-]+/);
  const { rows } = await testDatabase.superuser.query('select kind, email, roles from operator_link');
  expect(rows).toEqual([{ kind: 'invitation', email: grace, roles: ['manager'] }]);
  expect((await hub(words)).err).toContain('--role is missing');
});

test('an institution’s admin is invited to the institution, and to no role of the staff', async () => {
  const slug = await makeTenant();
  const words = ['operator', 'invite', 'lin@school.example', '--name', 'Lin', '--tenant', slug];
  expect((await done(...words)).link).toContain('/console/invitation#');
  expect((await hub([...words, '--role', 'owner'])).err).toContain('--role is for staff');
  const { rows } = await testDatabase.superuser.query(
    `select roles from operator_link where email = 'lin@school.example'`,
  );
  expect(rows).toEqual([{ roles: ['institution_admin'] }]);
});

test('accounts are listed, disabled, enabled and helped by their address', async () => {
  await add(grace, ['owner']);
  await add('ada@company.example', ['viewer']);
  expect((await hub(['operator', 'list'])).out).toContain(grace);
  expect((await hub(['operator', 'disable', grace])).err).toContain('last owner');
  expect((await done('operator', 'disable', 'Ada@Company.example')).operator.status).toBe('disabled');
  expect((await done('operator', 'enable', 'ada@company.example')).operator.status).toBe('active');
  expect((await done('operator', 'reset-second-factor', grace)).operator.secondFactor).toBe(false);
  expect((await done('operator', 'password-link', grace)).link).toContain('/console/invitation#');
  expect((await done('operator', 'sign-in-link', grace)).link).toContain('/console/sign-in#');
  expect((await hub(['operator', 'disable', 'nobody@company.example'])).err).toContain('no such account');
});
