import { efnaReasons } from '../reasons/efna.js';
import { esidReasons } from '../reasons/esid.js';
import { nerpReasons } from '../reasons/nerp.js';
import { sfnaReasons } from '../reasons/sfna.js';
import { CARRIAGE_RETURN, CARRIAGE_RETURN_WITH_PARITY, isPrintable, LINE_FEED } from './characters.js';
import type { Slot } from './layout.js';
import type { LeniencyName, Notice } from './leniencies.js';
import { invalidData, readDigits } from './numbers.js';
import { decodeUtf8, latin1 } from './text.js';

type Value = string | number | bigint | Uint8Array;
type Allowed = ReadonlySet<LeniencyName>;

const REASONS = { ESID: esidReasons, SFNA: sfnaReasons, EFNA: efnaReasons, NERP: nerpReasons };
/** From here on a JavaScript number could lose digits. */
const DIGITS_OF_BIGINT = 17;
const FIRST_LEVEL_WITH_AUTHENTICATION = 5;
const EMPTY = new Uint8Array(0);

function checkCarriageReturn(slot: Slot, octets: Uint8Array, allowed: Allowed, notices: Notice[]): void {
  const [octet] = octets;
  if (octet === CARRIAGE_RETURN || octet === CARRIAGE_RETURN_WITH_PARITY) return;
  if (octet !== LINE_FEED || !allowed.has('lineFeedForCarriageReturn')) throw invalidData(slot, 'carriage return only');
  notices.push({ leniency: 'lineFeedForCarriageReturn', field: slot.field.name });
}

function decodeX(
  slot: Slot,
  octets: Uint8Array,
  before: Readonly<Record<string, unknown>>,
  allowed: Allowed,
  notices: Notice[],
): string {
  const { field } = slot;
  const text = latin1(octets);
  if (field.name === 'SSIDAUTH' && text === ' ' && allowed.has('authenticationBlankBelowLevel5')) {
    if (Number(before['SSIDLEV']) < FIRST_LEVEL_WITH_AUTHENTICATION) {
      notices.push({ leniency: 'authenticationBlankBelowLevel5', field: field.name });
      return 'N';
    }
  }
  if (field.values && !field.values.includes(text)) throw invalidData(slot, `one of ${field.values.join(', ')}`);
  if (!field.unchecked && !isPrintable(text)) throw invalidData(slot, 'printable characters only');
  return text.replace(/ +$/, '');
}

function decodeNumber(slot: Slot, octets: Uint8Array, allowed: Allowed, notices: Notice[]): number | bigint {
  const { field } = slot;
  const number = readDigits(slot, octets, allowed, notices);
  if (slot.width === DIGITS_OF_BIGINT) return number;
  if (field.range && (number < field.range[0] || number > field.range[1])) {
    throw invalidData(slot, `${field.range[0]} to ${field.range[1]}`);
  }
  return field.reason === undefined ? Number(number) : REASONS[field.reason].of(Number(number));
}

function decodeBinary(slot: Slot, octets: Uint8Array): Uint8Array {
  // File data is passed on as a view; the rest is small, and is kept when the exchange buffer is gone.
  return slot.field.property === 'payload' ? octets : new Uint8Array(octets);
}

/**
 * The value of one field, checked; undefined for what the command object leaves out.
 * @param octets undefined when the command ended before the field: text and octets are then empty
 * @param before the values of the fields before it
 * @throws {ProtocolError} reason 06 when it holds what it must not
 */
export function decodeField(
  slot: Slot,
  octets: Uint8Array | undefined,
  before: Readonly<Record<string, unknown>>,
  allowed: Allowed,
  notices: Notice[],
): Value | undefined {
  const { field } = slot;
  if (field.role !== undefined) {
    if (octets === undefined) return undefined;
    if (field.role === 'carriage return') checkCarriageReturn(slot, octets, allowed, notices);
    if (field.role === 'constant' && latin1(octets) !== field.constant) throw invalidData(slot, 'not an OFTP server');
    return undefined;
  }
  switch (slot.kind) {
    case 'X':
      return decodeX(slot, octets ?? EMPTY, before, allowed, notices);
    case '9':
      return decodeNumber(slot, octets ?? EMPTY, allowed, notices);
    case 'T':
      return decodeUtf8(octets ?? EMPTY);
    case 'U':
      return decodeBinary(slot, octets ?? EMPTY);
  }
}
