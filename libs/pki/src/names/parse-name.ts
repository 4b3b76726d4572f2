import { PkiError } from '../errors.js';
import { fromHex } from '../octets.js';
import { attributeTypeOf } from './attribute-types.js';
import { readAttributeValue } from './name-der.js';
import type { DistinguishedName, NameAttribute } from './distinguished-name.js';

/** Characters of a name's text. */
const MAXIMUM_TEXT = 8192;

/**
 * Reads a name as RFC 4514 text, most specific attribute first. Beyond the RFC it reads what products and people write:
 * blanks round `=`, `,` and `+`, values in double quotes, `;` between RDNs (all three from RFC 2253 §4), `OID.` before a
 * number, and the attribute names of other products.
 * @throws PkiError `name-malformed` naming the place
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.length > MAXIMUM_TEXT) throw refused(`is ${text.length} characters long; at most ${MAXIMUM_TEXT} are read`);
  if (!text.isWellFormed()) throw refused('holds half a character (a surrogate without its other half)');
  if (text.trimStart().startsWith('/')) {
    throw refused(`"${shown(text)}" begins with "/"; write it as CN=…,O=…,C=… with commas`);
  }
  const scanner = new Scanner(text);
  if (scanner.atEnd()) return [];
  const name: NameAttribute[][] = [[scanner.attribute()]];
  while (!scanner.atEnd()) {
    const separator = scanner.separator();
    const attribute = scanner.attribute();
    if (separator === '+') name[0]?.push(attribute);
    else name.unshift([attribute]);
  }
  return name;
}

function refused(message: string): PkiError {
  return new PkiError('name-malformed', `The distinguished name ${message}.`);
}

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

const ATTRIBUTE = /\s*([A-Za-z][A-Za-z0-9-]*|(?:OID\.)?\d+(?:\.\d+)+)\s*=\s*/iy;
const HEX_VALUE = /#((?:[0-9a-f]{2})+)\s*(?=[,;+]|$)/iy;
/** An escaped special character, an escaped octet, or anything that needs no escape. RFC 4514 §3 and RFC 2253 §4. */
const UNQUOTED = /\\([ "#+,;<=>\\])|((?:\\[0-9a-f]{2})+)|([^\\,;+"])/iy;
const QUOTED = /\\([ "#+,;<=>\\])|((?:\\[0-9a-f]{2})+)|([^\\"])/iy;

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.text.slice(this.at).trim() === '';
  }

  separator(): string {
    const found = this.text[this.at];
    if (found !== ',' && found !== ';' && found !== '+') throw this.unexpected('where a comma should be');
    this.at += 1;
    return found;
  }

  attribute(): NameAttribute {
    const name = this.take(ATTRIBUTE)?.[1];
    if (name === undefined) throw this.unexpected('where an attribute such as CN=… should be');
    const type = attributeTypeOf(name);
    if (type === undefined) {
      throw refused(`has the unknown attribute "${shown(name)}"; use CN, O, OU, C, L, ST, … or the number of the type`);
    }
    if (this.text[this.at] === '#') return this.hexValue(type);
    const value = this.text[this.at] === '"' ? this.quotedValue() : this.unquotedValue();
    return { type, value };
  }

  private hexValue(type: string): NameAttribute {
    const hex = this.take(HEX_VALUE)?.[1];
    if (hex === undefined) throw this.unexpected('where a hex value such as #0c0141 should be');
    try {
      return readAttributeValue(type, fromHex(hex));
    } catch (error) {
      throw new PkiError('name-malformed', `The hex value "#${shown(hex)}" in the distinguished name is no DER.`, {
        cause: error,
      });
    }
  }

  private quotedValue(): string {
    this.at += 1;
    const value = this.characters(QUOTED).text;
    if (this.text[this.at] !== '"') throw this.unexpected('inside a value in quotes');
    this.at += 1;
    this.take(/\s*/y);
    return value;
  }

  private unquotedValue(): string {
    const { text, escapedEnd } = this.characters(UNQUOTED);
    // Blanks at the end belong to the notation unless they were escaped.
    return text.slice(0, escapedEnd) + text.slice(escapedEnd).trimEnd();
  }

  private characters(pattern: RegExp): { text: string; escapedEnd: number } {
    let text = '';
    let escapedEnd = 0;
    for (let match = this.take(pattern); match !== null; match = this.take(pattern)) {
      const [, special, octets, plain] = match;
      text += plain ?? special ?? this.decoded(octets ?? '');
      if (plain === undefined) escapedEnd = text.length;
    }
    if (text.length === 0 && this.text[this.at] === '\\') throw this.unexpected('as an escape');
    return { text, escapedEnd };
  }

  private decoded(escapes: string): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromHex(escapes.replaceAll('\\', '')));
    } catch (error) {
      throw new PkiError('name-malformed', `The escape "${shown(escapes)}" in the distinguished name is no UTF-8.`, {
        cause: error,
      });
    }
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }

  private unexpected(where: string): PkiError {
    const found = this.text.slice(this.at, this.at + 20);
    return refused(found === '' ? `ends ${where}` : `has "${found}" at character ${this.at + 1} ${where}`);
  }
}
