import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** A remote address as it is shown and compared: without a zone, and IPv4 as IPv4 although the socket speaks IPv6. */
export function plainAddress(address: string): string {
  const [withoutZone = ''] = address.split('%');
  return MAPPED_IPV4.exec(withoutZone)?.[1] ?? withoutZone;
}

/** What limits count by. */
export interface AddressKeys {
  /** An IPv4 address, or the first 64 bits of an IPv6 address: a host usually commands all addresses below them. */
  readonly address: string;
  /** The first 48 bits of an IPv6 address: a site may command all 65,536 such /64 below them (RFC 6177 §2). IPv4 has none. */
  readonly network: string | undefined;
}

/** The keys under which limits count a caller. */
export function addressKeys(remoteAddress: string): AddressKeys {
  const plain = plainAddress(remoteAddress);
  if (!isIPv6(plain)) return { address: plain, network: undefined };
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16));
  const prefix = (bits: number): string => `${groups.slice(0, bits / 16).join(':')}::/${bits}`;
  return { address: prefix(64), network: prefix(48) };
}
