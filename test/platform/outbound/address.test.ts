import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAddress } from '../../../src/platform/outbound/address.ts';

/** Ranges that must never be reached, as [first, last], written apart from the table under test. */
const forbidden: [string, string][] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '255.255.255.255'],
];
const loopback: [string, string] = ['127.0.0.0', '127.255.255.255'];

const toNumber = (address: string) => Buffer.from(address.split('.').map(Number)).readUInt32BE();
const toText = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) & 0xff).join('.');
const inRange = ([first, last]: [string, string]) =>
  fc.integer({ min: toNumber(first), max: toNumber(last) }).map(toText);
const toHexGroups = (address: string) => {
  const value = toNumber(address);
  return `${Math.floor(value / 0x10000).toString(16)}:${(value % 0x10000).toString(16)}`;
};

const forbiddenIpv4 = fc.oneof(...forbidden.map(inRange));
const loopbackIpv4 = inRange(loopback);
const publicIpv4 = fc.oneof(
  inRange(['1.0.0.0', '9.255.255.255']),
  inRange(['11.0.0.0', '100.63.255.255']),
  inRange(['100.128.0.0', '126.255.255.255']),
  inRange(['172.32.0.0', '191.255.255.255']),
  inRange(['193.0.0.0', '197.255.255.255']),
  inRange(['204.0.0.0', '223.255.255.255']),
);

describe('IPv4', () => {
  test('every address of a forbidden range is special', () => {
    fc.assert(fc.property(forbiddenIpv4, (address) => classifyAddress(address) === 'special'));
  });

  test('all of 127/8 is loopback', () => {
    fc.assert(fc.property(loopbackIpv4, (address) => classifyAddress(address) === 'loopback'));
  });

  test('ordinary addresses are public', () => {
    fc.assert(
      fc.property(
        publicIpv4,
        (address) => address === '168.63.129.16' || classifyAddress(address) === 'public',
      ),
    );
  });

  test.each([
    ['0.0.0.0', 'special'],
    ['9.255.255.255', 'public'],
    ['10.0.0.0', 'special'],
    ['100.63.255.255', 'public'],
    ['100.64.0.0', 'special'],
    ['100.100.100.200', 'special'],
    ['126.255.255.255', 'public'],
    ['128.0.0.0', 'public'],
    ['168.63.129.16', 'special'],
    ['168.63.129.17', 'public'],
    ['169.254.169.254', 'special'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['192.0.2.1', 'special'],
    ['192.88.99.1', 'special'],
    ['192.167.255.255', 'public'],
    ['192.169.0.0', 'public'],
    ['198.17.255.255', 'public'],
    ['198.20.0.0', 'public'],
    ['198.51.100.1', 'special'],
    ['203.0.113.1', 'special'],
    ['223.255.255.255', 'public'],
    ['255.255.255.255', 'special'],
  ])('the edge %s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });
});

describe('IPv6', () => {
  test('a mapped or NAT64 form is as forbidden as the IPv4 address inside, in either spelling', () => {
    fc.assert(
      fc.property(forbiddenIpv4, fc.constantFrom('::ffff:', '64:ff9b::'), (address, carrier) => {
        expect(classifyAddress(carrier + address)).toBe('special');
        expect(classifyAddress(carrier + toHexGroups(address))).toBe('special');
      }),
    );
  });

  test('mapped loopback is loopback, and NAT64 never leads to it', () => {
    fc.assert(
      fc.property(loopbackIpv4, (address) => {
        expect(classifyAddress(`::ffff:${address}`)).toBe('loopback');
        expect(classifyAddress(`64:ff9b::${toHexGroups(address)}`)).toBe('special');
      }),
    );
  });

  test('6to4 and Teredo are special whatever they carry', () => {
    fc.assert(
      fc.property(publicIpv4, (address) => {
        expect(classifyAddress(`2002:${toHexGroups(address)}::1`)).toBe('special');
        expect(classifyAddress(`2001:0:${toHexGroups(address)}::1`)).toBe('special');
      }),
    );
  });

  test('nothing outside global unicast and its two IPv4 carriers is public', () => {
    const outside = fc.integer({ min: 0, max: 0xffff }).filter((group) => group < 0x2000 || group > 0x3fff);
    const rest = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(outside, rest, (first, groups) => {
        expect(classifyAddress([first, ...groups].map((group) => group.toString(16)).join(':'))).toBe(
          'special',
        );
      }),
    );
  });

  test.each([
    ['::', 'special'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::2', 'special'],
    ['::127.0.0.1', 'special'],
    ['::10.0.0.1', 'special'],
    ['::ffff:8.8.8.8', 'public'],
    ['::ffff:0:10.0.0.1', 'special'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['64:ff9b:1::8.8.8.8', 'special'],
    ['100::1', 'special'],
    ['2001:db8::1', 'special'],
    ['2001:10::1', 'special'],
    ['2001:200::1', 'public'],
    ['2606:4700::1111', 'public'],
    ['3fff::1', 'special'],
    ['fc00::1', 'special'],
    ['fd00:ec2::254', 'special'],
    ['fe80::1', 'special'],
    ['fe80::1%eth0', 'special'],
    ['2606:4700::1111%eth0', 'special'],
    ['fec0::1', 'special'],
    ['ff02::1', 'special'],
  ])('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });
});

test('text that is not an address is special', () => {
  fc.assert(
    fc.property(fc.string(), (text) => /^[\d.]+$|:/.test(text) || classifyAddress(text) === 'special'),
  );
  for (const text of [
    '',
    '127.1',
    '0x7f000001',
    '2130706433',
    '010.0.0.1',
    ' 8.8.8.8',
    '[::1]',
    'localhost',
  ]) {
    expect(classifyAddress(text)).toBe('special');
  }
});
