/**
 * Octets written for people: `~` is a space, `{5~}` five of them, `{12x0}` twelve zeros, `<0D>` an octet in hex, `|` only
 * separates fields; anything else is ASCII.
 */
export function octetsOf(text: string): Uint8Array {
  const octets: number[] = [];
  for (const [token] of text.replaceAll('|', '').matchAll(/\{(\d+)(~|x0)\}|<([0-9A-F]{2})>|[\s\S]/g)) {
    const repeated = /^\{(\d+)(~|x0)\}$/.exec(token);
    if (repeated !== null) octets.push(...Array<number>(Number(repeated[1])).fill(repeated[2] === '~' ? 0x20 : 0x30));
    else if (token.length === 4) octets.push(Number.parseInt(token.slice(1, 3), 16));
    else octets.push(token === '~' ? 0x20 : token.charCodeAt(0));
  }
  return Uint8Array.from(octets);
}

/** One stream transmission buffer: header octets in hex as printed, then the exchange buffer in the notation above. */
export function frameOf(header: string, exchangeBuffer: string): Uint8Array {
  const octets = octetsOf(exchangeBuffer);
  return Uint8Array.of(...header.split(' ').map((hex) => Number.parseInt(hex, 16)), ...octets);
}
