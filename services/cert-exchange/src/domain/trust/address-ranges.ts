import { BlockList, isIP } from 'node:net';

type Family = 'ipv4' | 'ipv6';

/**
 * Whether an address lies in one of the ranges. An IPv4 address that came over an IPv6 socket (`::ffff:192.0.2.1`) counts as IPv4,
 * in a range as well; a zone (`%eth0`) does not count. What is no address lies nowhere.
 * @param ranges addresses, or ranges such as `192.0.2.0/24`
 */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const plain = plainAddress(address);
  const family = familyOf(plain);
  if (family === undefined) return false;
  const list = new BlockList();
  for (const range of ranges) add(list, range, family);
  return list.check(plain, family);
}

/** Only ranges of the address's own family: a BlockList would find IPv4 in `::/0`. What is no range opens nothing. */
function add(list: BlockList, range: string, wanted: Family): void {
  const [text = '', bits] = range.split('/');
  const address = plainAddress(text);
  const family = familyOf(address);
  if (family !== wanted) return;
  // Of a mapped range the first 96 bits are those of the mapping.
  const prefix = bits === undefined ? undefined : Number(bits) - (address === text ? 0 : MAPPED_BITS);
  if (prefix === undefined) list.addAddress(address, family);
  else if (prefix >= 0) list.addSubnet(address, prefix, family);
}

const MAPPED_BITS = 96;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAPPED_IN_HEX = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i;

function plainAddress(address: string): string {
  const [withoutZone = ''] = address.split('%');
  const [, dotted] = MAPPED.exec(withoutZone) ?? [];
  if (dotted !== undefined) return dotted;
  const [, high, low] = MAPPED_IN_HEX.exec(withoutZone) ?? [];
  if (high === undefined || low === undefined) return withoutZone;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
