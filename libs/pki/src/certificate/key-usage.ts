import type { Asn1Element } from '../asn1/element.js';
import { bitsOf } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import { fromHex, toHex } from '../octets.js';

/** The bits of KeyUsage in their order (RFC 5280 §4.2.1.3). */
export const KEY_USAGE_FLAGS = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** The name of a KeyUsage bit. */
export type KeyUsageFlag = (typeof KEY_USAGE_FLAGS)[number];

/** What a key may be used for. */
export interface KeyUsage {
  /** The octets of the DER BIT STRING in lower-case hex as in CLID `B`, e.g. `a0` = digitalSignature + keyEncipherment. */
  readonly hex: string;
  readonly flags: readonly KeyUsageFlag[];
}

/** Reads KeyUsage. Zero octets at the end are dropped, so that equal usages have equal hex. */
export function readKeyUsage(element: Asn1Element): KeyUsage {
  return keyUsageFromOctets(bitsOf(element, 'keyUsage').octets);
}

/**
 * The usage for a hex text such as `a0`; bits beyond the ninth are kept in the hex, but have no name.
 * @throws PkiError `key-usage-malformed`
 */
export function keyUsageFromHex(hex: string): KeyUsage {
  if (!/^(?:[0-9a-f]{2}){0,8}$/i.test(hex)) {
    throw new PkiError(
      'key-usage-malformed',
      `The key usage "${hex.slice(0, 40)}" is no hex of whole octets such as a0.`,
    );
  }
  return keyUsageFromOctets(fromHex(hex));
}

/**
 * The usage that a person wrote: names of {@link KEY_USAGE_FLAGS} separated by commas, in whatever case, or hex such as `a0`.
 * @throws PkiError `key-usage-malformed`
 */
export function parseKeyUsage(text: string): KeyUsage {
  if (/^(?:[0-9a-f]{2})+$/i.test(text.trim())) return keyUsageFromHex(text.trim());
  return keyUsageOf(
    text.split(',').map((name) => {
      const flag = KEY_USAGE_FLAGS.find((known) => known.toLowerCase() === name.trim().toLowerCase());
      if (flag !== undefined) return flag;
      throw new PkiError(
        'key-usage-malformed',
        `The key usage "${name.trim().slice(0, 40)}" is unknown; use ${KEY_USAGE_FLAGS.join(', ')} or hex such as a0.`,
      );
    }),
  );
}

/** The usage with these bits. */
export function keyUsageOf(flags: readonly KeyUsageFlag[]): KeyUsage {
  const octets = new Uint8Array(2);
  for (const flag of flags) {
    const bit = KEY_USAGE_FLAGS.indexOf(flag);
    octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return keyUsageFromOctets(octets);
}

function keyUsageFromOctets(octets: Uint8Array): KeyUsage {
  const end = octets.findLastIndex((octet) => octet !== 0) + 1;
  return {
    hex: toHex(octets.subarray(0, end)),
    flags: KEY_USAGE_FLAGS.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0),
  };
}
