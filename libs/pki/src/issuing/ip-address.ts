/** The 4 or 16 octets of an IP address in its usual text form, or undefined when the text is none. */
export function ipAddressOctets(text: string): Uint8Array | undefined {
  if (text.includes(':')) return ipv6Octets(text);
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return Uint8Array.from(parts, Number);
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const start = groups(head, tail === undefined);
  const end = tail === undefined ? [] : groups(tail, true);
  if (start === undefined || end === undefined) return undefined;
  const missing = 8 - start.length - end.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...start, ...new Array<number>(missing).fill(0), ...end];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups of 16 bits on one side of `::`; at the end of the whole an IPv4 address may stand for two groups. */
function groups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts[parts.length - 1] ?? '';
  const ipv4 = atEnd && last.includes('.') ? ipAddressOctets(last) : undefined;
  if (last.includes('.') && ipv4 === undefined) return undefined;
  const hex = ipv4 === undefined ? parts : parts.slice(0, -1);
  if (!hex.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4 ?? [];
  return [...hex.map((part) => parseInt(part, 16)), ...(ipv4 === undefined ? [] : [(a << 8) | b, (c << 8) | d])];
}
