import type { Asn1Element } from '../asn1/element.js';
import { malformed, tagName } from '../asn1/element.js';
import type { RevocationReason } from '../validation/revocation-source.js';

/** CRLReason by its number; 7 is not used (RFC 5280 §5.3.1). */
const REASONS: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/**
 * The reason for a CRLReason.
 * @throws PkiError `asn1-malformed`
 */
export function reasonOf(number: number | undefined, what: string): RevocationReason {
  const reason = number === undefined ? undefined : REASONS[number];
  if (reason === undefined) throw malformed(`${what} ${number ?? 'without octets'} is no CRLReason`);
  return reason;
}

/** The number of a reason, for structures to be made. */
export const reasonNumber = (reason: RevocationReason): number => REASONS.indexOf(reason);

/** A set of reasons as bits: bit n is bit n of ReasonFlags (RFC 5280 §4.2.1.13). */
export type ReasonMask = number;

/** all-reasons of RFC 5280 §6.3.2; bit 0 is not used. */
export const ALL_REASONS: ReasonMask = 0b1_1111_1110;

/**
 * ReasonFlags behind an implicit tag.
 * @throws PkiError `asn1-malformed`, also for an empty set, which says nothing and would be taken for everything by others
 */
export function reasonFlagsOf(element: Asn1Element, what: string): ReasonMask {
  const { content, constructed, tag } = element;
  const unused = content[0];
  const last = content[content.length - 1] ?? 0;
  if (constructed || unused === undefined || unused > 7 || content.length > 3 || (last & ((1 << unused) - 1)) !== 0) {
    throw malformed(`${what} (${tagName(tag)}) is no ReasonFlags`);
  }
  let mask = 0;
  for (let bit = 1; bit <= 8; bit += 1) {
    if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) mask |= 1 << bit;
  }
  if (mask === 0) throw malformed(`${what} names no reason`);
  return mask;
}
