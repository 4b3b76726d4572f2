import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from './errors.js';
import type { Slot } from './layout.js';
import type { LeniencyName, Notice } from './leniencies.js';
import { latin1 } from './text.js';

const DIGITS = /^[0-9]+$/;
const BLANK_PADDED = /^ *[0-9]*$/;

/** The error of a field that holds what it must not. RFC 5024 §5.3.11 */
export function invalidData(slot: Slot, rule: string): ProtocolError {
  return new ProtocolError(EsidReason.invalidData, `${slot.field.name}: ${rule}`);
}

/**
 * The number in a 9(n) or U(2) field, exactly; its range is not looked at.
 * @throws {ProtocolError} reason 06 for anything but digits
 */
export function readDigits(
  slot: Slot,
  octets: Uint8Array,
  leniencies: ReadonlySet<LeniencyName>,
  notices: Notice[],
): bigint {
  if (slot.kind === 'U') return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  const text = latin1(octets);
  if (DIGITS.test(text)) return BigInt(text);
  if (!leniencies.has('blankPaddedNumber') || !BLANK_PADDED.test(text)) throw invalidData(slot, 'digits only');
  notices.push({ leniency: 'blankPaddedNumber', field: slot.field.name });
  return BigInt(text.trim());
}
