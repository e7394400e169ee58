import { expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { dataKeyVersionOf } from '../../../src/platform/secrets/sealed-record.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTestDatabase } from '../../support/database.ts';
import { keyNamed } from './keys.ts';

const { database, superuser } = await createTestDatabase();
const kek = keyNamed('main', 1);
const place = { table: 'lti_registration', row: 'r1', column: 'secret' };

/** A copy of the program: its own cache, the same keys. */
function startCopy(now = { ms: Date.parse('2026-01-01') }) {
  return createSecrets({ kek, clock: { now: () => now.ms }, cacheSize: 2, cacheTtlMs: 1_000 });
}

async function countDataKeys(tenantId: TenantId): Promise<number> {
  const { rows } = await superuser.query('select count(*)::int as n from data_key where tenant_id = $1', [
    tenantId,
  ]);
  return rows[0].n;
}

test('a value sealed by one copy opens on another', async () => {
  const tenantId = newId<TenantId>();
  const sealed = await database.withTenant(tenantId, (tx) => startCopy().seal(tx, place, 'geheim'));
  const opened = await database.withTenant(tenantId, (tx) => startCopy().open(tx, place, sealed));
  expect(opened.toString()).toBe('geheim');
  expect(sealed.includes('geheim')).toBe(false);
});

test('the hub seals for itself', async () => {
  const secrets = startCopy();
  const sealed = await database.withHub((tx) => secrets.seal(tx, place, Buffer.from([0, 255])));
  expect(await database.withHub((tx) => secrets.open(tx, place, sealed))).toEqual(Buffer.from([0, 255]));
  expect(await countDataKeys(HUB_TENANT)).toBe(1);
});

test.each(['table', 'row', 'column'])('a value does not open in another %s', async (part) => {
  const tenantId = newId<TenantId>();
  const secrets = startCopy();
  const sealed = await database.withTenant(tenantId, (tx) => secrets.seal(tx, place, 'geheim'));
  const opening = database.withTenant(tenantId, (tx) =>
    secrets.open(tx, { ...place, [part]: 'other' }, sealed),
  );
  await expect(opening).rejects.toMatchObject({ code: 'secret_unreadable' });
});

test('a value of one tenant does not open for another, whether or not that one has a data key', async () => {
  const [owner, other] = [newId<TenantId>(), newId<TenantId>()];
  const secrets = startCopy();
  const sealed = await database.withTenant(owner, (tx) => secrets.seal(tx, place, 'geheim'));
  const opening = () => database.withTenant(other, (tx) => secrets.open(tx, place, sealed));
  await expect(opening()).rejects.toMatchObject({ code: 'secret_unreadable' });
  await database.withTenant(other, (tx) => secrets.seal(tx, place, 'own'));
  await expect(opening()).rejects.toMatchObject({ code: 'secret_unreadable' });
});

test('a data key copied into the row of another tenant is refused', async () => {
  const [owner, thief] = [newId<TenantId>(), newId<TenantId>()];
  const sealed = await database.withTenant(owner, (tx) => startCopy().seal(tx, place, 'geheim'));
  await superuser.query(
    'insert into data_key select $2, version, wrapped, wrapping_key, created_at from data_key where tenant_id = $1',
    [owner, thief],
  );
  const opening = database.withTenant(thief, (tx) => startCopy().open(tx, place, sealed));
  await expect(opening).rejects.toMatchObject({ code: 'key_encryption_key_wrong' });
});

test('a refusal says nothing of the value', async () => {
  const opening = database.withTenant(newId<TenantId>(), (tx) =>
    startCopy().open(tx, place, Buffer.from('plain password')),
  );
  await expect(opening).rejects.toSatisfy(
    (error) => !JSON.stringify([String(error), error]).includes('password'),
  );
});

test('parallel first use on several copies makes one data key', async () => {
  const tenantId = newId<TenantId>();
  const copies = Array.from({ length: 6 }, () => startCopy());
  const sealed = await Promise.all(
    copies.map((copy, i) => database.withTenant(tenantId, (tx) => copy.seal(tx, place, `value ${i}`))),
  );
  expect(await countDataKeys(tenantId)).toBe(1);
  const reader = startCopy();
  for (const [i, one] of sealed.entries()) {
    const opened = await database.withTenant(tenantId, (tx) => reader.open(tx, place, one));
    expect(opened.toString()).toBe(`value ${i}`);
  }
});

test('a data key made in a transaction that rolled back is not used afterwards', async () => {
  const tenantId = newId<TenantId>();
  const secrets = startCopy();
  const failing = database.withTenant(tenantId, async (tx) => {
    await secrets.seal(tx, place, 'lost');
    await secrets.seal(tx, place, 'lost as well');
    throw new Error('roll back');
  });
  await expect(failing).rejects.toThrow('roll back');
  expect(await countDataKeys(tenantId)).toBe(0);
  const sealed = await database.withTenant(tenantId, (tx) => secrets.seal(tx, place, 'kept'));
  const opened = await database.withTenant(tenantId, (tx) => startCopy().open(tx, place, sealed));
  expect(opened.toString()).toBe('kept');
});

test('after a rotation new values take the new data key and old ones still open', async () => {
  const tenantId = newId<TenantId>();
  const secrets = startCopy();
  const before = await database.withTenant(tenantId, (tx) => secrets.seal(tx, place, 'before'));
  expect(await database.withTenant(tenantId, (tx) => secrets.rotateDataKey(tx))).toBe(2);
  const after = await database.withTenant(tenantId, (tx) => secrets.seal(tx, place, 'after'));
  expect([dataKeyVersionOf(before), dataKeyVersionOf(after)]).toEqual([1, 2]);
  const opened = await database.withTenant(tenantId, async (tx) => [
    (await secrets.open(tx, place, before)).toString(),
    (await secrets.open(tx, place, after)).toString(),
  ]);
  expect(opened).toEqual(['before', 'after']);
});

test('rotations in parallel all succeed and leave no gap between versions', async () => {
  const tenantId = newId<TenantId>();
  await database.withTenant(tenantId, (tx) => startCopy().seal(tx, place, 'x'));
  const versions = await Promise.all(
    Array.from({ length: 4 }, () => database.withTenant(tenantId, (tx) => startCopy().rotateDataKey(tx))),
  );
  expect(await countDataKeys(tenantId)).toBe(Math.max(...versions));
});

test('a copy follows the rotation of another once its cached key ends', async () => {
  const tenantId = newId<TenantId>();
  const now = { ms: Date.parse('2026-01-01') };
  const secrets = startCopy(now);
  const seal = () => database.withTenant(tenantId, (tx) => secrets.seal(tx, place, 'x'));
  await seal();
  await seal();
  await database.withTenant(tenantId, (tx) => startCopy().rotateDataKey(tx));
  expect(dataKeyVersionOf(await seal())).toBe(1);
  now.ms += 1_000;
  expect(dataKeyVersionOf(await seal())).toBe(2);
});
