import { timingSafeEqual } from 'node:crypto';

/**
 * Whether two texts of an X field are equal, padding apart. Takes the same time wherever they differ, so that a
 * password cannot be found letter by letter.
 *
 * @param width octets of the field; a longer text equals nothing
 */
export function samePadded(received: string, expected: string, width: number): boolean {
  const fits = received.length <= width && expected.length <= width;
  return sameOctets(padded(received, width), padded(expected, width)) && fits;
}

/** Whether two pieces hold the same octets, in a time that depends on their length only. */
export function sameOctets(received: Uint8Array, expected: Uint8Array): boolean {
  return received.length === expected.length && timingSafeEqual(received, expected);
}

function padded(text: string, width: number): Uint8Array {
  // Two octets a character: what is not ASCII in our configuration must not shrink to something that is.
  return Buffer.from(text.slice(0, width).padEnd(width, ' '), 'utf16le');
}
