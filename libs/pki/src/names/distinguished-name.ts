import { COMMON_NAME } from './attribute-types.js';

/** One attribute of a name. */
export interface NameAttribute {
  /** Attribute type as dotted object identifier, e.g. `2.5.4.3` for CN. */
  readonly type: string;
  /** The text; with `form: 'hex'` the value's DER in lower-case hex. */
  readonly value: string;
  /** Present on values that are no character string. */
  readonly form?: 'hex';
}

/** The attributes at one level; more than one only in a multi-valued RDN (`CN=a+serialNumber=1`). */
export type RelativeDistinguishedName = readonly NameAttribute[];

/**
 * A distinguished name as plain immutable value, in the order of its DER: most general first (`C`), most specific last
 * (`CN`). RFC 4514 text has the opposite order. Empty means the empty name.
 */
export type DistinguishedName = readonly RelativeDistinguishedName[];

/** The most specific common name, or undefined when there is none. */
export function commonNameOf(name: DistinguishedName): string | undefined {
  return attributeValueOf(name, COMMON_NAME);
}

/** The most specific value of an attribute type (dotted), or undefined when there is none. */
export function attributeValueOf(name: DistinguishedName, type: string): string | undefined {
  return name.flat().findLast((attribute) => attribute.type === type && attribute.form === undefined)?.value;
}
