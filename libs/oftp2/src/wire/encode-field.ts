import { CARRIAGE_RETURN, SPACE, SETS } from './characters.js';
import { EncodeError } from './errors.js';
import type { Charset } from './field.js';
import type { Layout, Slot } from './layout.js';
import { encodeUtf8, LONGEST_TEXT } from './text.js';

type Values = Readonly<Record<string, unknown>>;

const LONGEST_BINARY = 0xffff;
const ascii = encodeUtf8;

function refuse(slot: Slot, value: string | number | bigint, rule: string): never {
  const { name, secret } = slot.field;
  const shown = secret ? 'the value' : typeof value === 'string' ? `"${value}"` : String(value);
  throw new EncodeError(name, `${name} cannot hold ${shown}: ${rule}`);
}

function wrongType(slot: Slot, expected: string): never {
  throw new EncodeError(slot.field.name, `${slot.field.name} is missing or of the wrong type; give ${expected}`);
}

function encodeX(slot: Slot, value: unknown, charset: Charset): Uint8Array {
  const { field, width = 0 } = slot;
  if (typeof value !== 'string') wrongType(slot, 'a string');
  if (value.length > width) refuse(slot, value, `at most ${width} characters`);
  if (field.required && value.trimEnd() === '') refuse(slot, value, 'it must not be blank');
  if (field.values && !field.values.includes(value)) refuse(slot, value, `one of ${field.values.join(', ')}`);
  const allowed = [SETS[field.charset ?? 'X'], SETS[charset]];
  if (!allowed.some((set) => set.pattern.test(value))) refuse(slot, value, `only ${allowed[0]?.text ?? ''}`);
  return ascii(value.padEnd(width, ' '));
}

function encodeNumber(slot: Slot, value: unknown): Uint8Array {
  const { field, width = 0 } = slot;
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole) wrongType(slot, 'a whole number');
  const number = value as number | bigint;
  const [lowest, highest] = field.range ?? [0, 10n ** BigInt(width) - 1n];
  if (number < lowest || number > highest) refuse(slot, number, `${lowest} to ${highest}`);
  if (field.listed && !field.listed.includes(Number(number))) refuse(slot, number, `one of ${field.listed.join(', ')}`);
  return ascii(String(number).padStart(width, '0'));
}

function encodeText(slot: Slot, value: unknown): Uint8Array {
  if (typeof value !== 'string') wrongType(slot, 'a string, empty for none');
  if (!value.isWellFormed()) refuse(slot, value.toWellFormed(), 'it has half a surrogate pair; UTF-8 cannot say it');
  const octets = ascii(value);
  if (octets.length > LONGEST_TEXT) {
    throw new EncodeError(
      slot.field.name,
      `${slot.field.name} would take ${octets.length} octets of UTF-8; at most ${LONGEST_TEXT}`,
    );
  }
  return octets;
}

function encodeBinary(slot: Slot, value: unknown): Uint8Array {
  const { field, width } = slot;
  if (!ArrayBuffer.isView(value)) wrongType(slot, 'octets, empty for none');
  const octets = value as Uint8Array;
  if (width !== undefined && octets.length !== width) {
    throw new EncodeError(field.name, `${field.name} has ${octets.length} octets; give exactly ${width}`);
  }
  // DATABUF has no length field of its own: the exchange buffer's limit holds for it.
  if (field.property === undefined && octets.length > LONGEST_BINARY) {
    throw new EncodeError(field.name, `${field.name} has ${octets.length} octets; at most ${LONGEST_BINARY}`);
  }
  return octets;
}

function encodeValue(slot: Slot, values: Values, charset: Charset): Uint8Array {
  const value = values[slot.field.property ?? slot.field.name];
  switch (slot.kind) {
    case 'X':
      return encodeX(slot, value, charset);
    case '9':
      return encodeNumber(slot, value);
    case 'T':
      return encodeText(slot, value);
    case 'U':
      return encodeBinary(slot, value);
  }
}

function encodeLength(slot: Slot, counted: number): Uint8Array {
  if (slot.kind === 'U') return Uint8Array.of(counted >>> 8, counted);
  return ascii(String(counted).padStart(slot.width ?? 0, '0'));
}

/**
 * The octets of the field at `index` of a layout.
 * @param charset what X fields may hold at least
 * @throws {EncodeError} when the value does not fit
 */
export function encodeField(layout: Layout, index: number, values: Values, charset: Charset): Uint8Array {
  const slot = layout.slots[index] as Slot;
  const next = layout.slots[index + 1];
  switch (slot.field.role) {
    case 'command':
      return Uint8Array.of(layout.octet);
    case 'constant':
      return ascii(slot.field.constant ?? '');
    case 'reserved':
      return new Uint8Array(slot.width ?? 0).fill(SPACE);
    case 'carriage return':
      return Uint8Array.of(CARRIAGE_RETURN);
    case 'length':
      return encodeLength(slot, next === undefined ? 0 : encodeValue(next, values, charset).length);
    default:
      return encodeValue(slot, values, charset);
  }
}
