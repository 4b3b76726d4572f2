/**
 * Odette identification codes hold `.`, `/`, `&`, `(` and blanks; a NATS subject token or key may not.
 *
 * Letters and digits stand for themselves, every other octet of the UTF-8 form becomes `_` and two hex digits, so the token
 * stays readable, order-free and reversible. The empty text becomes `_`.
 */
export function encodeToken(text: string): string {
  if (text === '') return NO_TOKEN;
  let token = '';
  for (const octet of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(octet);
    token += /[0-9A-Za-z-]/.test(character) ? character : `_${octet.toString(16).padStart(2, '0')}`;
  }
  return token;
}

/**
 * The text that {@link encodeToken} was given.
 * @throws {RangeError} when the token was not made by it.
 */
export function decodeToken(token: string): string {
  if (token === NO_TOKEN) return '';
  if (!/^(?:[0-9A-Za-z-]|_[0-9a-f]{2})+$/.test(token)) throw new RangeError(`'${token}' is not an encoded token`);
  const octets = token.replace(/_([0-9a-f]{2})/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(octets, (character) => character.charCodeAt(0)));
}

/** Stands where an event concerns no partner. */
export const NO_TOKEN = '_';
