import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one caller for rate limits: an IPv4 address, or the /64 network of an IPv6 address, since
 * one household or attacker holds at least that many addresses (RFC 6177).
 */
export function callerOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  const plain = address.split('%', 1)[0] ?? '';
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::', 2);
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const groups = tail === undefined ? first : [...first, ...zeros, ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/**
 * The network of an address, for a record of where something was done from: enough to tell an office from another country, and
 * nobody at their desk from their colleague (IPv4 /24, IPv6 /48).
 */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const caller = callerOf(address);
  if (isIPv4(caller)) return `${caller.split('.').slice(0, 3).join('.')}.0/24`;
  return caller.endsWith('::/64') ? `${caller.split(':').slice(0, 3).join(':')}::/48` : undefined;
}
