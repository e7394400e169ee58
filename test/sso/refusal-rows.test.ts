import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { createRefusalRows, type RefusedTry } from '../../src/sso/refusal-rows.ts';

function rows() {
  let now = Date.UTC(2026, 10, 21);
  const { keeps } = createRefusalRows({ now: () => now });
  return {
    /** How many of so many in a row are kept. */
    kept: (count: number, refused: RefusedTry) =>
      Array.from({ length: count }).filter(() => keeps(refused)).length,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

const [tenantId, other] = [newId<TenantId>(), newId<TenantId>()];
const address = '192.0.2.1';

test('of what anyone can send a tenant keeps sixty rows, and then one a second, wherever it comes from', () => {
  const { kept, pass } = rows();
  expect(kept(50, { tenantId, address, isProven: false })).toBe(50);
  expect(kept(50, { tenantId, address: '192.0.2.2', isProven: false })).toBe(10);
  expect(kept(5, { tenantId: other, address, isProven: false })).toBe(5);
  pass(3);
  expect(kept(10, { tenantId, address, isProven: false })).toBe(3);
});

test('of what a browser began here an address leaves three hundred rows, and then one a second', () => {
  const { kept, pass } = rows();
  expect(kept(400, { tenantId, address, isProven: true })).toBe(300);
  // One household holds all addresses of a network (RFC 6177).
  expect(kept(200, { tenantId, address: '2001:db8::1', isProven: true })).toBe(200);
  expect(kept(200, { tenantId, address: '2001:db8::ffff', isProven: true })).toBe(100);
  expect(kept(5, { tenantId, address: '192.0.2.2', isProven: true })).toBe(5);
  expect(kept(5, { tenantId: other, address, isProven: true })).toBe(5);
  pass(2);
  expect(kept(10, { tenantId, address, isProven: true })).toBe(2);
});

test('what strangers send takes nothing from those who really try', () => {
  const { kept } = rows();
  kept(1_000, { tenantId, address, isProven: false });
  expect(kept(10, { tenantId, address, isProven: true })).toBe(10);
});
