import { expect, test } from 'vitest';
import { networkText, permitNetworks } from '../../../src/platform/outbound/networks.ts';

test.each([
  [[], '10.0.0.1', false],
  [['10.20.0.0/16'], '10.20.3.4', true],
  [['10.20.0.0/16'], '10.21.3.4', false],
  [['10.20.3.4'], '10.20.3.4', true],
  [['fd12:3456::/32'], 'fd12:3456::1', true],
  [['10.0.0.0/8'], '::ffff:10.0.0.1', true],
  [['0.0.0.0/0', '::/0'], '169.254.169.254', false],
  [['0.0.0.0/0', '::/0'], '::ffff:169.254.169.254', false],
  [['0.0.0.0/0', '::/0'], '127.0.0.1', false],
  [['0.0.0.0/0', '::/0'], 'fe80::1', false],
  [['100.64.0.0/10'], '100.100.100.200', false],
  [['127.0.0.1'], '127.0.0.1', true],
  [['127.0.0.1/32'], '127.0.0.2', false],
  [['10.0.0.0/8'], 'not an address', false],
])('where %j is open, %s: %s', (networks, address, isOpen) => {
  expect(permitNetworks(networks)(address)).toBe(isOpen);
});

test.each(['10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', 'fe80::1%eth0', 'school.example', '', '10.0.0.0/-1'])(
  '%j is no network',
  (text) => {
    expect(networkText.safeParse(text).success).toBe(false);
    expect(permitNetworks([text])('10.0.0.1')).toBe(false);
  },
);
