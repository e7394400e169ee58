import { expect, test } from 'vitest';
import { networkOf } from '../../../src/platform/http/client-address.ts';

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:12:34:56::1', '2001:db8:12::/48'],
  ['::1', '0:0:0::/48'],
  ['not an address', undefined],
  [undefined, undefined],
])('what is kept of %s is its network', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
