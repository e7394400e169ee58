import { beforeEach, expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import {
  type KeyEncryptionKeys,
  parseKeyEncryptionKeys,
} from '../../../src/platform/secrets/key-encryption-keys.ts';
import { rewrapDataKeys } from '../../../src/platform/secrets/rewrap.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTestDatabase } from '../../support/database.ts';
import { keyEntry, keyNamed } from './keys.ts';

const { database, superuser } = await createTestDatabase();
const place = { table: 't', row: 'r', column: 'c' };
const old = keyNamed('old', 1);
const both = parseKeyEncryptionKeys(`${keyEntry('new', 2)},${keyEntry('old', 1)}`);
const only = keyNamed('new', 2);
const tenants = [HUB_TENANT, newId<TenantId>(), newId<TenantId>()];

const secretsWith = (kek: KeyEncryptionKeys) => createSecrets({ kek, clock: { now: () => 0 } });
const seal = (tenantId: TenantId, kek: KeyEncryptionKeys) =>
  database.withTenant(tenantId, (tx) => secretsWith(kek).seal(tx, place, `of ${tenantId}`));
const open = (tenantId: TenantId, kek: KeyEncryptionKeys, sealed: Buffer) =>
  database.withTenant(tenantId, async (tx) => (await secretsWith(kek).open(tx, place, sealed)).toString());

beforeEach(() => superuser.query('delete from data_key'));

test('after re-wrapping, every tenant works with the new key alone and keeps its sealed values', async () => {
  const sealed = await Promise.all(tenants.map((tenantId) => seal(tenantId, old)));
  expect(await rewrapDataKeys(database, both, { pageSize: 2 })).toEqual({ rewrapped: 3, unreadable: [] });
  const opened = await Promise.all(tenants.map((tenantId, i) => open(tenantId, only, sealed[i]!)));
  expect(opened).toEqual(tenants.map((tenantId) => `of ${tenantId}`));
});

test('re-wrapping again finds nothing to do', async () => {
  await seal(HUB_TENANT, old);
  await rewrapDataKeys(database, both);
  expect(await rewrapDataKeys(database, both)).toEqual({ rewrapped: 0, unreadable: [] });
});

test('re-wrapping on two copies at once loses nothing', async () => {
  const sealed = await Promise.all(tenants.map((tenantId) => seal(tenantId, old)));
  const [a, b] = await Promise.all([rewrapDataKeys(database, both), rewrapDataKeys(database, both)]);
  expect(a.rewrapped + b.rewrapped).toBe(3);
  expect(await open(tenants[1]!, only, sealed[1]!)).toBe(`of ${tenants[1]}`);
});

test('a data key whose wrapping key is missing is reported and does not hold up the others', async () => {
  await seal(HUB_TENANT, keyNamed('forgotten', 9));
  await seal(tenants[1]!, old);
  expect(await rewrapDataKeys(database, both, { pageSize: 1 })).toEqual({
    rewrapped: 1,
    unreadable: [{ tenantId: HUB_TENANT, version: 1, code: 'key_encryption_key_unknown' }],
  });
});

test('a wrapping that cannot be recorded is not replaced', async () => {
  const sealed = await seal(HUB_TENANT, old);
  const onRewrapped = () => Promise.reject(new Error('no audit'));
  await expect(rewrapDataKeys(database, both, { onRewrapped })).rejects.toThrow('no audit');
  expect(await open(HUB_TENANT, old, sealed)).toBe(`of ${HUB_TENANT}`);
});
