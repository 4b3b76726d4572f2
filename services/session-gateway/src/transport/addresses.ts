import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** A remote address as it is shown and compared: without a zone, and IPv4 as IPv4 although the socket speaks IPv6. */
export function plainAddress(address: string): string {
  const [withoutZone = ''] = address.split('%');
  return MAPPED_IPV4.exec(withoutZone)?.[1] ?? withoutZone;
}

/**
 * What limits count by: an IPv4 address, or the first 64 bits of an IPv6 address, since a single host usually commands
 * all 2^64 addresses below them.
 */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
