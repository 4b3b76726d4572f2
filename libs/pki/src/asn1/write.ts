import { concatOctets, view } from '../octets.js';
import { contextConstructed, contextPrimitive, malformed, TAG } from './element.js';

/** One element with a definite length in its shortest form. */
export function encodeElement(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length;
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const digits: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
    header.push(0x80 | digits.length, ...digits);
  }
  const octets = new Uint8Array(header.length + length);
  octets.set(header);
  octets.set(content, header.length);
  return octets;
}

/** SEQUENCE or SEQUENCE OF. */
export const sequence = (...parts: readonly Uint8Array[]): Uint8Array =>
  encodeElement(TAG.sequence, concatOctets(parts));

/** SET OF, its elements in DER order (X.690 §11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeElement(TAG.set, concatOctets([...parts].sort((a, b) => Buffer.compare(a, b))));
}

/** `[n] EXPLICIT`, or `[n] IMPLICIT` of a SEQUENCE or SET given its content. */
export const explicit = (n: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  encodeElement(contextConstructed(n), concatOctets(parts));

/** `[n] IMPLICIT` of a primitive type. */
export const implicit = (n: number, content: Uint8Array): Uint8Array => encodeElement(contextPrimitive(n), content);

/** INTEGER in its shortest form. */
export function integer(value: number | bigint): Uint8Array {
  let hex: string;
  let rest = BigInt(value);
  if (rest >= 0n) {
    hex = rest.toString(16);
    if (hex.length % 2 === 1) hex = `0${hex}`;
    if (parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  } else {
    let bits = 8n;
    while (rest < -(1n << (bits - 1n))) bits += 8n;
    rest += 1n << bits;
    hex = rest.toString(16).padStart(Number(bits / 4n), '0');
  }
  return encodeElement(TAG.integer, Buffer.from(hex, 'hex'));
}

/** BOOLEAN. */
export const boolean = (value: boolean): Uint8Array => encodeElement(TAG.boolean, Uint8Array.of(value ? 0xff : 0));

/** NULL. */
export const nullValue = (): Uint8Array => Uint8Array.of(TAG.null, 0);

/** OCTET STRING. */
export const octetString = (content: Uint8Array): Uint8Array => encodeElement(TAG.octetString, content);

/** BIT STRING; `unusedBits` of the last octet are padding. */
export const bitString = (content: Uint8Array, unusedBits = 0): Uint8Array =>
  encodeElement(TAG.bitString, concatOctets([Uint8Array.of(unusedBits), content]));

/** A string type whose characters are single octets or UTF-8. */
export const textString = (
  tag: typeof TAG.utf8String | typeof TAG.printableString | typeof TAG.ia5String,
  text: string,
): Uint8Array => encodeElement(tag, view(Buffer.from(text, 'utf8')));

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const arcs = dotted.split('.').map((arc) => BigInt(arc));
  const [first = 0n, second = 0n] = arcs;
  if (arcs.length < 2 || first > 2n || (first < 2n && second > 39n))
    throw malformed(`"${dotted}" is no object identifier`);
  const octets: number[] = [];
  for (const arc of [first * 40n + second, ...arcs.slice(2)]) {
    const digits = [Number(arc & 0x7fn)];
    for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) digits.unshift(Number(rest & 0x7fn) | 0x80);
    octets.push(...digits);
  }
  return encodeElement(TAG.oid, Uint8Array.from(octets));
}

/** Time in seconds: UTCTime to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? encodeElement(TAG.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : encodeElement(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export const algorithmIdentifier = (oid: string, parameters?: Uint8Array): Uint8Array =>
  parameters === undefined ? sequence(objectIdentifier(oid)) : sequence(objectIdentifier(oid), parameters);
