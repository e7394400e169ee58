import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** `special` is every address that is neither ordinary public unicast nor loopback. */
export type AddressKind = 'public' | 'loopback' | 'special';

/**
 * IPv4 ranges that are not ordinary public unicast: the IANA IPv4 Special-Purpose Address Registry
 * (RFC 6890) and multicast. Loopback stands apart, because demo and tests may allow it.
 */
const specialIpv4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8], // this network, RFC 1122 §3.2.1.3
  ['10.0.0.0', 8], // private, RFC 1918
  ['100.64.0.0', 10], // carrier-grade NAT, RFC 6598; also some cloud metadata services
  ['168.63.129.16', 32], // Azure's host services: a public number that only answers inside a machine
  ['169.254.0.0', 16], // link-local, RFC 3927; cloud metadata services
  ['172.16.0.0', 12], // private, RFC 1918
  ['192.0.0.0', 24], // protocol assignments, RFC 6890 §2.1
  ['192.0.2.0', 24], // documentation, RFC 5737
  ['192.88.99.0', 24], // 6to4 relay, deprecated by RFC 7526
  ['192.168.0.0', 16], // private, RFC 1918
  ['198.18.0.0', 15], // benchmarking, RFC 2544
  ['198.51.100.0', 24], // documentation, RFC 5737
  ['203.0.113.0', 24], // documentation, RFC 5737
  ['224.0.0.0', 4], // multicast, RFC 5771
  ['240.0.0.0', 4], // reserved and broadcast, RFC 1112 §4, RFC 919
];

/** IPv6 ranges inside global unicast that are not ordinary public hosts (RFC 6890 registry). */
const specialIpv6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23], // protocol assignments, among them Teredo (RFC 4380) and ORCHID
  ['2001:db8::', 32], // documentation, RFC 3849
  ['2002::', 16], // 6to4: carries any IPv4 address, deprecated by RFC 7526
  ['3fff::', 20], // documentation, RFC 9637
];

/**
 * Prefixes whose last 32 bits are an IPv4 address, which decides. RFC 6052 §2.1 is what an IPv6-only
 * network with DNS64 hands out for public hosts, so it cannot be refused as a whole.
 */
const mappedPrefix = '::ffff:'; // RFC 4291 §2.5.5.2
const nat64Prefix = '64:ff9b::'; // RFC 6052 §2.1

const ipv4Loopback = blockList('ipv4', [['127.0.0.0', 8]]);
const ipv4Special = blockList('ipv4', specialIpv4);

const ipv6Loopback = blockList('ipv6', [
  ['::1', 128],
  [`${mappedPrefix}127.0.0.0`, 104],
]);
/** Only these are considered at all; unique local, link-local, multicast and unassigned lie outside. */
const ipv6Candidate = blockList('ipv6', [
  ['2000::', 3], // global unicast, RFC 4291 §2.4
  [`${mappedPrefix}0.0.0.0`, 96],
  [`${nat64Prefix}0.0.0.0`, 96],
]);
const ipv6Special = blockList('ipv6', [
  ...specialIpv6,
  [`${nat64Prefix}127.0.0.0`, 104],
  ...[mappedPrefix, nat64Prefix].flatMap((carrier) =>
    specialIpv4.map(([network, prefix]) => [`${carrier}${network}`, prefix + 96] as const),
  ),
]);

/**
 * Says what kind of host an IP address in text form names. Anything that is not an address, or that
 * carries a zone (`fe80::1%eth0`), is `special`: what is not understood is refused.
 */
export function classifyAddress(address: string): AddressKind {
  if (isIPv4(address)) {
    if (ipv4Loopback.check(address, 'ipv4')) return 'loopback';
    return ipv4Special.check(address, 'ipv4') ? 'special' : 'public';
  }
  if (!isIPv6(address) || address.includes('%')) return 'special';
  if (ipv6Loopback.check(address, 'ipv6')) return 'loopback';
  if (!ipv6Candidate.check(address, 'ipv6')) return 'special';
  return ipv6Special.check(address, 'ipv6') ? 'special' : 'public';
}

function blockList(
  family: 'ipv4' | 'ipv6',
  subnets: readonly (readonly [network: string, prefix: number])[],
): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
