import { malformed, TAG, tagName } from '../asn1/element.js';

/**
 * Walks over DER without an object per element: after {@link read} the fields say what lies at an offset. For lists of a million
 * entries; everything else is read with `readDer`, by the same rules.
 */
export class DerScan {
  /** Identifier octet as in `TAG`. */
  tag = 0;
  contentStart = 0;
  end = 0;

  constructor(readonly octets: Uint8Array) {}

  /**
   * Reads identifier and length of the element at `start`, which must end at `limit` or before.
   * @throws PkiError `asn1-malformed`
   */
  read(start: number, limit: number): void {
    const tag = this.octets[start];
    if (tag === undefined || start >= limit)
      throw malformed(`the data ends at octet ${start}, where an element begins`);
    if ((tag & 0x1f) === 0x1f || tag === 0) throw malformed(`an unknown tag at octet ${start}`);
    this.tag = tag;
    this.#readLength(start + 1, limit);
  }

  /**
   * As {@link read}, for an element that must be of `tag`; `what` names it in messages.
   * @throws PkiError `asn1-malformed`
   */
  want(tag: number, start: number, limit: number, what: string): void {
    if (start >= limit) throw malformed(`${what} is missing`);
    const found = this.octets[start];
    if (found !== undefined && found !== tag) throw malformed(`${what} is ${tagName(found)}, not ${tagName(tag)}`);
    this.read(start, limit);
  }

  /** The element last read, from its identifier on (a view); `start` is where it was read. */
  elementFrom(start: number): Uint8Array {
    return this.octets.subarray(start, this.end);
  }

  #readLength(at: number, limit: number): void {
    const { octets } = this;
    const first = octets[at];
    if (first === undefined || at >= limit) throw malformed(`the data ends inside the length at octet ${at}`);
    let length = first;
    this.contentStart = at + 1;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4) throw malformed(`a length that is indefinite or too long at octet ${at}`);
      this.contentStart += count;
      if (this.contentStart > limit) throw malformed(`the data ends inside the length at octet ${at}`);
      length = 0;
      for (let i = at + 1; i < this.contentStart; i += 1) length = length * 256 + (octets[i] ?? 0);
      if (length < 0x80 || length < 256 ** (count - 1))
        throw malformed(`a length not in its shortest form at octet ${at}`);
    }
    this.end = this.contentStart + length;
    if (this.end > limit)
      throw malformed(`an element at octet ${at - 1} claims ${length} octets, ${limit - this.contentStart} are there`);
  }
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The time of the element last read in milliseconds since 1970, by the rules of RFC 5280 §5.1.2.4: UTCTime or GeneralizedTime
 * with seconds and `Z`. `what` names it in messages.
 * @throws PkiError `asn1-malformed`
 */
export function scannedTime({ octets, tag, contentStart, end }: DerScan, what: string): number {
  const utc = tag === TAG.utcTime;
  if (!utc && tag !== TAG.generalizedTime) throw malformed(`${what} is ${tagName(tag)}, not a time`);
  let year = utc ? twoDigits(octets, contentStart) : fourDigits(octets, contentStart);
  if (utc) year += year >= 50 ? 1900 : 2000;
  const at = contentStart + (utc ? 2 : 4);
  const month = twoDigits(octets, at);
  const day = twoDigits(octets, at + 2);
  const hour = twoDigits(octets, at + 4);
  const minute = twoDigits(octets, at + 6);
  const second = twoDigits(octets, at + 8);
  const leap = month === 2 && (year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0)) ? 1 : 0;
  // Comparisons with NaN, which is what anything but digits gives, are false.
  const sound =
    end - at === 11 &&
    octets[at + 10] === 0x5a &&
    year >= 100 &&
    month >= 1 &&
    day >= 1 &&
    day <= (DAYS[month - 1] ?? 0) + leap &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  if (!sound) throw malformed(`${what} is no time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ`);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function twoDigits(octets: Uint8Array, at: number): number {
  const tens = (octets[at] ?? 0) - 0x30;
  const ones = (octets[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const fourDigits = (octets: Uint8Array, at: number): number => twoDigits(octets, at) * 100 + twoDigits(octets, at + 2);
