import { toHex } from '../octets.js';
import { TAG } from '../asn1/element.js';
import { textString } from '../asn1/write.js';
import { attributeNameOf } from './attribute-types.js';
import type { DistinguishedName, NameAttribute } from './distinguished-name.js';

/**
 * A name as RFC 4514 text, most specific attribute first: `CN=oftp2.example.com,O=Example\, Inc.,C=DE`. Types without a
 * name are written as number with the value's DER (`1.2.3=#0c0161`, RFC 4514 §2.4). Controls and characters that are not
 * visible or turn the writing direction are written as hex pairs, since such names come from strangers and go to screens.
 */
export function formatDistinguishedName(name: DistinguishedName): string {
  return [...name]
    .reverse()
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .join(',');
}

function formatAttribute({ type, value, form }: NameAttribute): string {
  const name = attributeNameOf(type);
  if (form === 'hex') return `${name ?? type}=#${value}`;
  if (name === undefined) return `${type}=#${toHex(textString(TAG.utf8String, value))}`;
  return `${name}=${escapeValue(value)}`;
}

const SPECIAL = /[",+;<>\\]/;
const BLANK = /\s/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function escapeValue(value: string): string {
  const characters = Array.from(value);
  return characters.map((character, at) => escape(character, at === 0, at === characters.length - 1)).join('');
}

function escape(character: string, first: boolean, last: boolean): string {
  if (SPECIAL.test(character) || (first && character === '#') || ((first || last) && character === ' ')) {
    return `\\${character}`;
  }
  // Readers take blanks of any kind round a value for notation.
  if (INVISIBLE.test(character) || ((first || last) && BLANK.test(character)))
    return toHex(Buffer.from(character, 'utf8')).replace(/../g, '\\$&');
  return character;
}
