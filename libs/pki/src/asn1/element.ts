import { PkiError } from '../errors.js';

/** Identifier octets (class, constructed bit and number together) used in X.509, CMS and PKCS. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of a primitive context-specific element, `[n] IMPLICIT` of a primitive type. */
export const contextPrimitive = (n: number): number => 0x80 | n;

/** Identifier octet of a constructed context-specific element, `[n] EXPLICIT` or `[n] IMPLICIT` of a constructed type. */
export const contextConstructed = (n: number): number => 0xa0 | n;

/** How much of a stranger's octets a reader works through before it gives up. */
export interface Asn1Limits {
  /** Octets of the whole input. */
  readonly octets: number;
  /** Elements inside elements. */
  readonly depth: number;
  /** Elements in all. */
  readonly elements: number;
}

/** One ASN.1 element inside the octets it was read from. */
export class Asn1Element {
  constructor(
    private readonly source: Uint8Array,
    private readonly start: number,
    private readonly contentStart: number,
    private readonly end: number,
    /** Identifier octet as in {@link TAG}. */
    readonly tag: number,
    /** Elements inside a constructed one; empty for a primitive one. */
    readonly children: readonly Asn1Element[],
  ) {}

  /** Whether it holds elements, not octets. */
  get constructed(): boolean {
    return (this.tag & 0x20) !== 0;
  }

  /** Identifier, length and content as received (a view, not a copy). */
  get octets(): Uint8Array {
    return this.source.subarray(this.start, this.end);
  }

  /** The content alone (a view, not a copy). */
  get content(): Uint8Array {
    return this.source.subarray(this.contentStart, this.end);
  }
}

/** The refusal of the ASN.1 layer. */
export function malformed(message: string): PkiError {
  return new PkiError('asn1-malformed', message);
}

/** Name of a tag for messages. */
export function tagName(tag: number): string {
  const known = Object.entries(TAG).find(([, value]) => value === tag);
  if (known !== undefined) return known[0];
  if ((tag & 0xc0) === 0x80) return `[${tag & 0x1f}]`;
  return `tag 0x${tag.toString(16).padStart(2, '0')}`;
}
