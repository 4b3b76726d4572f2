import { isSecretName, redactText } from '../log/redaction.js';

const MAX_OCTETS = 8_192;
const MAX_TEXT = 1_024;
const MAX_ITEMS = 100;
const MAX_DEPTH = 8;
/** What stands in place of a secret: that it is another one is all anybody may know. */
const CHANGED = 'changed';

/**
 * A value as an audit entry may hold it: plain JSON that every store gives back unchanged, bounded in size and depth, secrets replaced.
 * What was cut says so in its place; a value beyond 8 KiB becomes `{ cut: <octets>, beginning: <text> }`.
 */
export function boundedValue(value: unknown): unknown {
  const plain = plainValue(value, 0);
  const text = JSON.stringify(plain);
  const octets = Buffer.byteLength(text);
  return octets <= MAX_OCTETS ? plain : { cut: octets, beginning: text.slice(0, MAX_TEXT).toWellFormed() };
}

/** A text as an audit entry may hold it. */
export function boundedText(text: string): string {
  // Half of a surrogate pair is stored by some databases as another character, and the hash would not fit any more.
  const whole = redactText(text).toWellFormed();
  if (whole.length <= MAX_TEXT) return whole;
  const mark = `… [cut: ${whole.length} characters]`;
  return `${whole.slice(0, MAX_TEXT - mark.length).toWellFormed()}${mark}`;
}

function plainValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return boundedText(value);
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : plainObject(value, depth);
    default:
      return null;
  }
}

function plainObject(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} octets]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => plainValue(item, depth + 1));
    return value.length <= MAX_ITEMS ? items : [...items, `[cut: ${value.length} items]`];
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const kept = fields.slice(0, MAX_ITEMS).map(([name, field]) => [plainName(name), plainField(name, field, depth)]);
  if (fields.length > MAX_ITEMS) kept.push(['[cut]', `${fields.length} fields`]);
  return Object.fromEntries(kept) as unknown;
}

function plainField(name: string, field: unknown, depth: number): unknown {
  return isSecretName(name) && field !== null ? CHANGED : plainValue(field, depth + 1);
}

/** MongoDB ends names at a zero octet. */
function plainName(name: string): string {
  return boundedText(name).replaceAll('\u0000', '�');
}
