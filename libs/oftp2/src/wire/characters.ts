import type { Charset } from './field.js';

/** The octet that ends SSRM, SSID and ESID when we send them. RFC 5024 §5.3.1 */
export const CARRIAGE_RETURN = 0x0d;

/** Carriage return with the parity bit set, which the RFC allows. RFC 5024 §5.3.1 */
export const CARRIAGE_RETURN_WITH_PARITY = 0x8d;

/** What some send in its place. */
export const LINE_FEED = 0x0a;

/** Fills X fields and reserved fields. */
export const SPACE = 0x20;

/** What X fields may hold when sent. RFC 5024 §5.3 */
export const SETS: Readonly<Record<Charset, { readonly pattern: RegExp; readonly text: string }>> = {
  X: { pattern: /^[0-9A-Z/\-.&() ]*$/, text: '0-9, A-Z, / - . & ( ) and space' },
  'X with underscore': { pattern: /^[0-9A-Z/\-.&()_ ]*$/, text: '0-9, A-Z, / - . & ( ) _ and space' },
  printable: { pattern: /^[\x20-\x7e]*$/, text: 'printable ASCII' },
};

/** Whether a text is of the printable ASCII we accept in X fields; a dataset name that is not is refused by SFNA. */
export function isPrintable(text: string): boolean {
  return SETS.printable.pattern.test(text);
}
