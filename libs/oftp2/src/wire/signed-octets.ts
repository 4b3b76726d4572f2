import type { DecodeOptions } from './decode.js';
import { DEFAULT_LENIENCIES } from './leniencies.js';
import { slice } from './slice.js';

/**
 * The octets that EERPSIG or NERPSIG signs: the signed fields in full width with their padding, hash last. Taken from the
 * exchange buffer itself, so that what is verified is what was received; to sign, encode the command with an empty
 * signature first. NERPREAS and its text are not among them. RFC 5024 §5.3.13, §5.3.14
 * @param oeb the exchange buffer of an EERP or NERP
 * @throws {ProtocolError} when its length is not the one its fields say
 */
export function signedOctets(oeb: Uint8Array, options: DecodeOptions = {}): Uint8Array {
  const { slices } = slice(oeb, options.leniencies ?? DEFAULT_LENIENCIES, []);
  const signed = slices.filter(({ slot }) => slot.field.signed).map(({ octets }) => octets ?? new Uint8Array(0));
  return Buffer.concat(signed);
}
