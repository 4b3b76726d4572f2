import { PkiError } from '../errors.js';
import { concatOctets } from '../octets.js';
import { type Asn1Element, type Asn1Limits, malformed } from './element.js';
import { readDer } from './read-der.js';
import { encodeElement } from './write.js';

interface Walk {
  readonly octets: Uint8Array;
  readonly limits: Asn1Limits;
  elements: number;
  /** Where the next element begins. */
  at: number;
}

/**
 * Reads one BER element that fills `octets`: indefinite lengths, lengths with leading zeros and strings in chunks are
 * brought to their definite form first (X.690 §8.1), so that all further reading is the strict one. Elements that were
 * DER already stay octet for octet what they were, which keeps signatures inside valid.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function readBer(octets: Uint8Array, limits: Asn1Limits): Asn1Element {
  if (octets.length > limits.octets) {
    throw new PkiError('too-large', `${octets.length} octets where at most ${limits.octets} are accepted`);
  }
  const walk: Walk = { octets, limits, elements: 0, at: 0 };
  const definite = definiteForm(walk, octets.length, 0).encoded;
  if (walk.at !== octets.length) {
    throw new PkiError('trailing-octets', `${octets.length - walk.at} octets follow the end of the object`);
  }
  // Definite lengths of four octets can be longer than the indefinite form they replace; the input was measured above.
  return readDer(definite, { ...limits, octets: definite.length });
}

interface Definite {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly encoded: Uint8Array;
}

function definiteForm(walk: Walk, limit: number, depth: number): Definite {
  walk.elements += 1;
  if (walk.elements > walk.limits.elements) {
    throw new PkiError('too-large', `more than ${walk.limits.elements} ASN.1 elements`);
  }
  if (depth > walk.limits.depth) throw new PkiError('too-large', `ASN.1 nested deeper than ${walk.limits.depth}`);
  const start = walk.at;
  const tag = octetAt(walk, limit);
  if (tag === 0) throw malformed(`a tag of zero at octet ${start}`);
  if ((tag & 0x1f) === 0x1f) throw malformed(`a tag number above 30 at octet ${start}`);
  const length = readBerLength(walk, limit);
  if ((tag & 0x20) === 0) {
    if (length === undefined) throw malformed(`an indefinite length of a primitive element at octet ${start}`);
    const content = walk.octets.subarray(walk.at, walk.at + length);
    walk.at += length;
    return { tag, content, encoded: encodeElement(tag, content) };
  }
  const children = readChildren(walk, length, limit, depth);
  if (isUniversalString(tag)) {
    const chunk = tag & ~0x20;
    if (children.some((child) => child.tag !== chunk))
      throw malformed(`chunks of another type in a string at octet ${start}`);
    const content = concatOctets(children.map((child) => child.content));
    return { tag: chunk, content, encoded: encodeElement(chunk, content) };
  }
  const content = concatOctets(children.map((child) => child.encoded));
  return { tag, content, encoded: encodeElement(tag, content) };
}

function readChildren(walk: Walk, length: number | undefined, limit: number, depth: number): Definite[] {
  const children: Definite[] = [];
  if (length !== undefined) {
    const end = walk.at + length;
    while (walk.at < end) children.push(definiteForm(walk, end, depth + 1));
    return children;
  }
  for (;;) {
    if (walk.octets[walk.at] === 0 && walk.octets[walk.at + 1] === 0 && walk.at + 2 <= limit) {
      walk.at += 2;
      return children;
    }
    children.push(definiteForm(walk, limit, depth + 1));
  }
}

/** The string types that BER may cut into chunks; a BIT STRING in chunks occurs nowhere in X.509 or CMS and is refused later. */
function isUniversalString(tag: number): boolean {
  return (tag & 0xc0) === 0 && tag !== 0x30 && tag !== 0x31 && tag !== 0x23;
}

function octetAt(walk: Walk, limit: number): number {
  const octet = walk.octets[walk.at];
  if (octet === undefined || walk.at >= limit) throw malformed(`the data ends at octet ${walk.at}`);
  walk.at += 1;
  return octet;
}

/** The length, or undefined for the indefinite form. */
function readBerLength(walk: Walk, limit: number): number | undefined {
  const at = walk.at;
  const first = octetAt(walk, limit);
  if (first === 0x80) return undefined;
  if (first === 0xff) throw malformed(`a reserved length at octet ${at}`);
  let length = first;
  if (first > 0x80) {
    length = 0;
    for (let left = first & 0x7f; left > 0; left -= 1) {
      length = length * 256 + octetAt(walk, limit);
      if (length > 2 ** 40) throw malformed(`a length beyond all measure at octet ${at}`);
    }
  }
  if (walk.at + length > limit) {
    throw malformed(`the length at octet ${at} claims ${length} octets, ${limit - walk.at} are there`);
  }
  return length;
}
