import { BlockList, isIP } from 'node:net';
import { CertlaneError } from '@certlane/contracts';

/** Networks where no public server lives (IANA special-purpose registries, RFC 6890), and what they are. */
const NOT_PUBLIC: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by a carrier (CGNAT)'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'the metadata service of a cloud'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'for documentation'],
  ['192.88.99.0/24', 'a 6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'for benchmarks'],
  ['198.51.100.0/24', 'for documentation'],
  ['203.0.113.0/24', 'for documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  // These lead to an IPv4 address that would go unjudged.
  ['::/96', 'an IPv4 address in IPv6'],
  ['::ffff:0:0/96', 'an IPv4 address in IPv6'],
  ['64:ff9b::/96', 'translated to IPv4 (NAT64)'],
  ['64:ff9b:1::/48', 'translated to IPv4 (NAT64)'],
  ['2002::/16', 'an IPv4 address in IPv6 (6to4)'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'for documentation'],
  ['3fff::/20', 'for documentation'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];

/** All that is given to hosts of the public IPv6 network. */
const GLOBAL_UNICAST = networkList(['2000::/3']);
const KINDS = NOT_PUBLIC.map(([network, what]) => ({ list: networkList([network]), what }));

/** Whether an IP address is in one of some networks. */
export type Networks = (address: string) => boolean;

/**
 * Reads networks such as `10.1.0.0/16`, `192.168.7.9` or `fd00::/8`.
 * @throws {CertlaneError} `invalid-argument` naming the one that is none
 */
export function networkList(networks: readonly string[]): Networks {
  // One list per family: a list that holds both takes an IPv6 network for one of the IPv4 addresses mapped into it.
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const network of networks) {
    const [address = '', length, ...more] = network.split('/');
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
    if ((family !== 4 && family !== 6) || address.includes('%') || !(prefix <= bits) || more.length > 0) {
      throw new CertlaneError(
        'invalid-argument',
        `allowedNetworks: ${JSON.stringify(network)} is no network: write an address and the length of its prefix, as 10.1.0.0/16 or fd00::/8`,
        { details: { field: 'allowedNetworks' } },
      );
    }
    lists[family].addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const family = isIP(address);
    return (family === 4 && lists[4].check(address)) || (family === 6 && lists[6].check(address, 'ipv6'));
  };
}

/**
 * Why we do not connect to an address; undefined: we do.
 * @param address as a resolver gives it
 */
export function whyNotConnect(address: string, allowed: Networks): string | undefined {
  if (isIP(address) === 0) return 'no IP address';
  // A scope names an interface of this machine.
  if (address.includes('%')) return 'link-local';
  if (allowed(address)) return undefined;
  const kind = KINDS.find(({ list }) => list(address));
  if (kind !== undefined) return kind.what;
  return isIP(address) === 6 && !GLOBAL_UNICAST(address) ? 'reserved' : undefined;
}
