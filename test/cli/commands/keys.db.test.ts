import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);

test('signing keys are rotated, listed and revoked', async () => {
  const { changes } = await done('keys', 'rotate', '--immediately', '--reason', 'test');
  const kid = changes.find((change: { to: string }) => change.to === 'signing').kid;
  expect((await done('keys', 'list')).keys).toContainEqual(
    expect.objectContaining({ kid, state: 'signing' }),
  );
  await done('keys', 'revoke', kid);
  expect((await done('keys', 'list')).keys).toContainEqual(
    expect.objectContaining({ kid, state: 'revoked' }),
  );
  const { out } = await hub(['keys', 'list']);
  expect(out).not.toMatch(/"d"|PRIVATE/);
  expect(await hub(['keys', 'revoke', 'nobody'])).toMatchObject({ exitCode: 1 });
});

test('data keys move under the key-encryption key that stands first now, each with an entry in the audit trail', async () => {
  const tenant = await makeTenant();
  expect(await done('tenant', 'rotate-key', tenant, '--reason', 'test')).toEqual({ version: 1 });
  expect(await done('tenant', 'rotate-key', tenant)).toEqual({ version: 2 });
  const { current, rewrapped, unreadable } = await done('keys', 'rewrap', '--reason', 'yearly');
  expect([current, unreadable]).toEqual(['next', []]);
  expect(rewrapped).toBeGreaterThanOrEqual(2);
  const { rows } = await superuser.query(
    `select action, subject, after, reason from audit_event join audit_value using (tenant_id, sequence)
     join tenant using (tenant_id) where slug = $1 and action like 'data_key.%' order by sequence`,
    [tenant],
  );
  const after = { wrappingKey: 'next' };
  expect(rows).toEqual([
    { action: 'data_key.rotated', subject: 'data_key:1', after: null, reason: 'test' },
    { action: 'data_key.rotated', subject: 'data_key:2', after: null, reason: null },
    { action: 'data_key.rewrapped', subject: 'data_key:1', after, reason: 'yearly' },
    { action: 'data_key.rewrapped', subject: 'data_key:2', after, reason: 'yearly' },
  ]);
  expect(await done('keys', 'rewrap')).toEqual({ current: 'next', rewrapped: 0, unreadable: [] });
});
