/** The octets as lower-case hex. */
export function toHex(octets: Uint8Array): string {
  return view(octets).toString('hex');
}

/** The octets of a hex text with an even number of digits; the caller has checked the digits. */
export function fromHex(hex: string): Uint8Array {
  return plain(Buffer.from(hex, 'hex'));
}

/** One array with all parts one after the other. */
export function concatOctets(parts: readonly Uint8Array[]): Uint8Array {
  return plain(Buffer.concat(parts));
}

/** Whether both hold the same octets. Not in constant time: for public data only. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && view(a).equals(b);
}

/** A Buffer over the same memory, for its conversions. */
export function view(octets: Uint8Array): Buffer {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

/** A copy as plain Uint8Array outside Buffer's shared pool, so that nothing else lives in the same memory. */
export function plain(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}
