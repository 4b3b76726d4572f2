import { isPkiError, PkiError } from '../errors.js';
import { keyUsageFromHex } from '../certificate/index.js';
import { isDottedOid } from '../names/attribute-types.js';
import { type DistinguishedName, parseDistinguishedName } from '../names/index.js';
import type { Clid } from './clid.js';

type Key = 'I' | 'N' | 'A' | 'B' | 'E' | 'S';

/** Far above the 999 octets of SFIDDESC, for data that comes another way. */
const MAXIMUM_CHARACTERS = 8192;

const LINE = /^([INABES])\s*=(.*)$/s;

/**
 * Reads logical identification data leniently: CR LF or LF, blanks round `=`, names in base64 or as they are, hex in either
 * case with or without colons, any order of lines, lines that mean nothing here passed over.
 * @returns undefined when the text is something else: a text counts as identification data when it has an `I` and an `N` line
 * @throws PkiError `clid-malformed` when it is identification data with a broken line, `too-large`
 */
export function readClid(text: string): Clid | undefined {
  const lines = text.slice(0, MAXIMUM_CHARACTERS).split(/\r\n|[\r\n]/);
  const found = lines.map((line) => LINE.exec(line.trim())).filter((match) => match !== null);
  const has = (key: Key): boolean => found.some((match) => match[1] === key);
  if (!has('I') || !has('N')) return undefined;
  if (text.length > MAXIMUM_CHARACTERS) {
    throw new PkiError(
      'too-large',
      `The identification data has ${text.length} characters; at most ${MAXIMUM_CHARACTERS} are read.`,
    );
  }
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of found) {
    if (values.has(key)) throw broken(key, 'occurs twice');
    values.set(key, value.trim());
  }
  const value = <T>(key: Key, read: (key: Key, text: string) => T): T | undefined => {
    const given = values.get(key);
    return given === undefined ? undefined : read(key, given);
  };
  return {
    issuer: name('I', values.get('I') ?? ''),
    serialNumber: serialNumber('N', values.get('N') ?? ''),
    authorityKeyIdentifier: value('A', hex),
    keyUsage: value('B', (key, given) => keyUsageFromHex(hex(key, given)).hex),
    extendedKeyUsage: value('E', purposes),
    subject: value('S', name),
  };
}

function broken(key: string, message: string): PkiError {
  return new PkiError('clid-malformed', `Line ${key} of the certificate's identification data ${message}.`);
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A name in base64 or as it is. Text of a name always has a `=` before its end, which base64 has not. */
function name(key: Key, text: string): DistinguishedName {
  const candidates = BASE64.test(text) ? [decoded(text), text] : [text];
  for (const candidate of candidates) {
    try {
      const parsed = candidate === undefined ? [] : parseDistinguishedName(candidate);
      if (parsed.length > 0) return parsed;
    } catch (error) {
      if (!isPkiError(error)) throw error;
    }
  }
  throw broken(key, 'is no distinguished name, neither in base64 nor as it is');
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function hex(key: Key, text: string): string {
  const digits = text.replace(/^0x/i, '').replace(/[:\s]/g, '').toLowerCase();
  if (!/^[0-9a-f]*$/.test(digits)) throw broken(key, `has "${text.slice(0, 40)}", which is no hex`);
  return digits.length % 2 === 1 ? `0${digits}` : digits;
}

function serialNumber(key: Key, text: string): string {
  const negative = text.startsWith('-');
  const digits = hex(key, negative ? text.slice(1) : text);
  if (digits === '') throw broken(key, 'has no serial number');
  const canonical = digits.replace(/^(?:00)+(?=..)/, '');
  return negative && canonical !== '00' ? `-${canonical}` : canonical;
}

function purposes(key: Key, text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (text === '') return [];
  for (const part of parts) {
    if (!isDottedOid(part)) throw broken(key, `has "${part.slice(0, 40)}", which is no object identifier`);
  }
  return parts;
}
