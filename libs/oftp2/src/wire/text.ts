/** The longest text a T field may hold, in octets: its length has three digits. RFC 5024 §5.3 */
export const LONGEST_TEXT = 999;

const utf8 = new TextEncoder();
// A byte order mark is content like any other character here.
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 octets of a text. */
export function encodeUtf8(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The text of UTF-8 octets; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(octets: Uint8Array): string {
  return fromUtf8.decode(octets);
}

/** One character for each octet, so that nothing is lost whatever the octets are. */
export function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}

/**
 * Cuts a text to what a T field can hold: whole characters, at most 999 octets of UTF-8. For reason texts, where a shorter
 * text is better than none; names and descriptions are never cut.
 */
export function fitText(text: string): string {
  const wellFormed = text.toWellFormed();
  const { read } = utf8.encodeInto(wellFormed, new Uint8Array(LONGEST_TEXT));
  return wellFormed.slice(0, read);
}

/**
 * A received text as a log may show it: control, formatting and line-separating characters are taken out, so that it can
 * neither move a terminal's cursor nor forge a line.
 */
export function forLog(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}
