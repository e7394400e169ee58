import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../../contracts/ids.ts';
import { dataKeyVersionOf, openRecord, sealRecord } from '../../../src/platform/secrets/sealed-record.ts';

const tenantId = newId<TenantId>();
const key = createSecretKey(Buffer.alloc(32, 7));
const place = { table: 'lti_registration', row: 'r1', column: 'secret' };
const plain = Buffer.from('the secret');
const sealed = sealRecord({ version: 3, key }, tenantId, place, plain);

test('a record opens where it was sealed', () => {
  expect(openRecord(key, tenantId, place, sealed)).toEqual(plain);
});

test('a record names the version of its data key', () => {
  expect(dataKeyVersionOf(sealed)).toBe(3);
});

test('bytes of another format are no sealed record', () => {
  expect(dataKeyVersionOf(Buffer.from('plain text'))).toBeUndefined();
  expect(dataKeyVersionOf(Buffer.alloc(0))).toBeUndefined();
  expect(dataKeyVersionOf(Buffer.from('0100000000', 'hex'))).toBeUndefined();
  expect(dataKeyVersionOf(Buffer.from('01ffffffff', 'hex'))).toBeUndefined();
});

test('the same value sealed twice gives different bytes', () => {
  expect(sealRecord({ version: 3, key }, tenantId, place, plain).equals(sealed)).toBe(false);
});

test.each([
  ['tenant', newId<TenantId>(), place],
  ['table', tenantId, { ...place, table: 'other' }],
  ['row', tenantId, { ...place, row: 'r2' }],
  ['column', tenantId, { ...place, column: 'other' }],
  ['border between table and row', tenantId, { ...place, table: 'lti_registrationr', row: '1' }],
])('a record does not open with another %s', (_what, tenant, elsewhere) => {
  expect(() => openRecord(key, tenant, elsewhere, sealed)).toThrow();
});

test('a record with any byte changed, its header included, does not open', () => {
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i]! ^= 1;
    expect(() => openRecord(key, tenantId, place, changed), `byte ${i}`).toThrow();
  }
});

test('a record cut short does not open', () => {
  for (const length of [5, 20, 32, sealed.length - 1]) {
    expect(() => openRecord(key, tenantId, place, sealed.subarray(0, length)), `${length} bytes`).toThrow();
  }
});
