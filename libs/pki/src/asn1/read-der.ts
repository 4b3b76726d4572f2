import { PkiError } from '../errors.js';
import { type Asn1Limits, Asn1Element, malformed, TAG } from './element.js';

interface Walk {
  readonly octets: Uint8Array;
  readonly limits: Asn1Limits;
  elements: number;
}

/**
 * Reads one DER element that fills `octets`, with everything inside it.
 *
 * Strict where strictness keeps two readers from seeing two things: definite lengths in their shortest form, no
 * constructed strings, no high tag numbers, nothing after the end (X.690 §10). The order inside a SET OF and values equal
 * to a DEFAULT are not checked: authorities in use get both wrong.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function readDer(octets: Uint8Array, limits: Asn1Limits): Asn1Element {
  if (octets.length > limits.octets) {
    throw new PkiError('too-large', `${octets.length} octets where at most ${limits.octets} are accepted`);
  }
  const walk: Walk = { octets, limits, elements: 0 };
  const { element, end } = readElement(walk, 0, octets.length, 0);
  if (end !== octets.length) {
    throw new PkiError('trailing-octets', `${octets.length - end} octets follow the end of the object`);
  }
  return element;
}

function readElement(walk: Walk, start: number, limit: number, depth: number): { element: Asn1Element; end: number } {
  walk.elements += 1;
  if (walk.elements > walk.limits.elements) {
    throw new PkiError('too-large', `more than ${walk.limits.elements} ASN.1 elements`);
  }
  if (depth > walk.limits.depth) throw new PkiError('too-large', `ASN.1 nested deeper than ${walk.limits.depth}`);
  const tag = walk.octets[start];
  if (tag === undefined || start >= limit) throw malformed(`the data ends at octet ${start}, where an element begins`);
  checkTag(tag, start);
  const { contentStart, end } = readLength(walk.octets, start + 1, limit);
  const children: Asn1Element[] = [];
  if ((tag & 0x20) !== 0) {
    let at = contentStart;
    while (at < end) {
      const child = readElement(walk, at, end, depth + 1);
      children.push(child.element);
      at = child.end;
    }
  }
  return { element: new Asn1Element(walk.octets, start, contentStart, end, tag, children), end };
}

function checkTag(tag: number, at: number): void {
  if ((tag & 0x1f) === 0x1f) throw malformed(`a tag number above 30 at octet ${at}`);
  if ((tag & 0xc0) !== 0) return;
  if (tag === 0) throw malformed(`a tag of zero at octet ${at}`);
  const constructed = (tag & 0x20) !== 0;
  const mustBe = tag === TAG.sequence || tag === TAG.set || (tag | 0x20) === TAG.sequence || (tag | 0x20) === TAG.set;
  if (constructed !== mustBe) {
    throw malformed(`tag 0x${tag.toString(16).padStart(2, '0')} at octet ${at} is not of the form DER prescribes`);
  }
}

function readLength(octets: Uint8Array, at: number, limit: number): { contentStart: number; end: number } {
  const first = octets[at];
  if (first === undefined || at >= limit) throw malformed(`the data ends inside the length at octet ${at}`);
  if (first === 0x80) throw malformed(`an indefinite length at octet ${at}, which DER forbids`);
  let length = first;
  let contentStart = at + 1;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw malformed(`a length of ${count} octets at octet ${at}`);
    contentStart += count;
    if (contentStart > limit) throw malformed(`the data ends inside the length at octet ${at}`);
    length = 0;
    for (let i = at + 1; i < contentStart; i += 1) length = length * 256 + (octets[i] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1))
      throw malformed(`a length not in its shortest form at octet ${at}`);
  }
  const end = contentStart + length;
  if (end > limit)
    throw malformed(`an element at octet ${at - 1} claims ${length} octets, ${limit - contentStart} are there`);
  return { contentStart, end };
}
