import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

/** A network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3) or one address. */
export const networkText = z
  .string()
  .max(50)
  .refine((text) => readNetwork(text) !== undefined, {
    error: 'Give a network such as 10.20.0.0/16 or fd12:3456::/32, or one address.',
  });

/** What may only be reached when it is named by its very address: networks would let it in by accident. */
const byAddressOnly = listOf([
  '127.0.0.0/8', // loopback, RFC 1122 §3.2.1.3
  '::1/128',
  '0.0.0.0/8', // this network, RFC 1122 §3.2.1.3
  '::/128',
  '169.254.0.0/16', // link-local, RFC 3927; cloud metadata services
  'fe80::/10', // link-local, RFC 4291 §2.5.6
  '168.63.129.16/32', // Azure's host services
  '100.100.100.200/32', // Alibaba Cloud's metadata service
  'fd00:ec2::/32', // metadata and name service of AWS
  '224.0.0.0/4', // multicast, RFC 5771
  'ff00::/8', // multicast, RFC 4291 §2.7
  '255.255.255.255/32', // broadcast, RFC 919
]);

/**
 * Says which addresses an operator opened for connections of one kind, besides the public ones: those of an institution's own
 * network, where its servers stand. Loopback, link-local and metadata addresses are opened by their very address alone.
 *
 * @param networks each as `networkText` allows; anything else is ignored
 */
export function permitNetworks(networks: readonly string[]): (address: string) => boolean {
  const wide = listOf(networks);
  const exact = listOf(networks.filter((text) => isWholeAddress(text)));
  return (address) => {
    const family = familyOf(address);
    if (family === undefined) return false;
    return byAddressOnly.check(address, family) ? exact.check(address, family) : wide.check(address, family);
  };
}

interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
}

function readNetwork(text: string): Network | undefined {
  const [address = '', prefixText, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === undefined || rest.length > 0) return undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? longest : Number(prefixText);
  return prefix > longest ? undefined : { address, family, prefix };
}

function isWholeAddress(text: string): boolean {
  const network = readNetwork(text);
  return network !== undefined && network.prefix === (network.family === 'ipv4' ? 32 : 128);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const network = readNetwork(text);
    if (network !== undefined) list.addSubnet(network.address, network.prefix, network.family);
  }
  return list;
}
