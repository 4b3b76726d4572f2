import { toHex, view } from '../octets.js';
import { type Asn1Element, malformed, TAG, tagName } from './element.js';

/** `element` if it is there and of the wanted tag. */
export function want(element: Asn1Element | undefined, tag: number, what: string): Asn1Element {
  if (element === undefined) throw malformed(`${what} is missing`);
  if (element.tag !== tag) throw malformed(`${what} is ${tagName(element.tag)}, not ${tagName(tag)}`);
  return element;
}

/** BOOLEAN: 00 or FF (X.690 §11.1). */
export function booleanOf(element: Asn1Element, what: string): boolean {
  const { content } = want(element, TAG.boolean, what);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    throw malformed(`${what} is neither 00 nor FF`);
  return content[0] === 0xff;
}

/** INTEGER in its shortest form, as number; for values that fit into four octets. `tag` is another one where it is implicit. */
export function smallIntegerOf(element: Asn1Element, what: string, tag: number = TAG.integer): number {
  const content = integerContent(element, what, tag);
  if (content.length > 4) throw malformed(`${what} is an integer of ${content.length} octets`);
  return view(content).readIntBE(0, content.length);
}

/**
 * INTEGER as lower-case hex of its magnitude in whole octets without superfluous zeros, with `-` before it if negative:
 * the one form in which serial numbers are kept and compared.
 */
export function hexIntegerOf(element: Asn1Element, what: string, maximumOctets: number): string {
  const content = integerContent(element, what);
  if (content.length > maximumOctets) throw malformed(`${what} has ${content.length} octets`);
  const first = content[0] ?? 0;
  if (first < 0x80) return toHex(first === 0 && content.length > 1 ? content.subarray(1) : content);
  const magnitude = (1n << BigInt(content.length * 8)) - BigInt(`0x${toHex(content)}`);
  const hex = magnitude.toString(16);
  return `-${hex.length % 2 === 1 ? '0' : ''}${hex}`;
}

/** The content of an INTEGER in its shortest form (X.690 §8.3.2). */
export function integerContent(element: Asn1Element, what: string, tag: number = TAG.integer): Uint8Array {
  const { content } = want(element, tag, what);
  const [first, second] = content;
  if (first === undefined) throw malformed(`${what} is an integer without octets`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed(`${what} is an integer not in its shortest form`);
  }
  return content;
}

const MAXIMUM_OID_OCTETS = 64;

/** OBJECT IDENTIFIER in its dotted form. */
export function oidOf(element: Asn1Element | undefined, what: string): string {
  const { content } = want(element, TAG.oid, what);
  const last = content[content.length - 1];
  if (last === undefined || last >= 0x80 || content.length > MAXIMUM_OID_OCTETS) {
    throw malformed(`${what} is no object identifier`);
  }
  const arcs: string[] = [];
  for (let start = 0; start < content.length;) {
    if (content[start] === 0x80) throw malformed(`${what} has an arc with a leading zero`);
    let end = start;
    while ((content[end] ?? 0) >= 0x80) end += 1;
    const arc = arcOf(content.subarray(start, end + 1));
    if (start > 0) arcs.push(String(arc));
    else {
      const top = arc >= 80n ? 2n : BigInt(arc) / 40n;
      arcs.push(String(top), String(BigInt(arc) - top * 40n));
    }
    start = end + 1;
  }
  return arcs.join('.');
}

/** Numbers are exact up to seven groups of seven bits and several times faster; UUID based arcs are longer. */
function arcOf(digits: Uint8Array): number | bigint {
  if (digits.length <= 7) return digits.reduce((value, digit) => value * 128 + (digit & 0x7f), 0);
  return digits.reduce((value, digit) => (value << 7n) | BigInt(digit & 0x7f), 0n);
}

/** BIT STRING: its octets and how many bits at the end are padding, which must be zero (X.690 §11.2). */
export function bitsOf(element: Asn1Element | undefined, what: string): { octets: Uint8Array; unusedBits: number } {
  const { content } = want(element, TAG.bitString, what);
  const unusedBits = content[0];
  const octets = content.subarray(1);
  const last = octets[octets.length - 1];
  if (unusedBits === undefined || unusedBits > 7 || (last === undefined && unusedBits !== 0)) {
    throw malformed(`${what} is no bit string`);
  }
  if (last !== undefined && (last & ((1 << unusedBits) - 1)) !== 0)
    throw malformed(`${what} has padding bits that are set`);
  return { octets, unusedBits };
}

/** BIT STRING of whole octets, as keys and signatures are. Padding would let one signature be written in several ways. */
export function bitOctetsOf(element: Asn1Element | undefined, what: string): Uint8Array {
  const { octets, unusedBits } = bitsOf(element, what);
  if (unusedBits !== 0) throw malformed(`${what} is no whole number of octets`);
  return octets;
}

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5.1 and §4.1.2.5.2: seconds, `Z`, no fraction. */
export function timeOf(element: Asn1Element | undefined, what: string): Date {
  if (element === undefined) throw malformed(`${what} is missing`);
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) {
    throw malformed(`${what} is ${tagName(element.tag)}, not a time`);
  }
  let text = view(element.content).toString('latin1');
  if (element.tag === TAG.utcTime) text = `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`;
  const parts = TIME.exec(text)?.slice(1).map(Number);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts ?? [];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Years below 100 and days beyond a month's end come back as another date than was written.
  const back = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (parts === undefined || !back || hour > 23 || minute > 59 || second > 59) {
    throw malformed(`${what} is no time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ`);
  }
  return date;
}

/**
 * The octets of an `[n] IMPLICIT OCTET STRING`, which BER may send whole (primitive) or in chunks (constructed), as
 * `encryptedContent` of RFC 5652 §6.1.
 */
export function implicitOctetsOf(element: Asn1Element, what: string): Uint8Array {
  if (!element.constructed) return element.content;
  const chunks = element.children.map((chunk) => want(chunk, TAG.octetString, `a chunk of ${what}`).content);
  return new Uint8Array(Buffer.concat(chunks));
}
