/** Octets of a stream transmission header. RFC 5024 §8.2 */
export const HEADER_LENGTH = 4;

/** The longest exchange buffer a header can announce. RFC 5024 §8.2 */
export const LONGEST_EXCHANGE_BUFFER = 99_999;

/** Version 1 in the high nibble, no flags in the low one. RFC 5024 §8.2 */
const VERSION_AND_FLAGS = 0x10;

/**
 * Writes the stream transmission header of an exchange buffer at `offset`; the length it says counts itself.
 * RFC 5024 §8.2
 * @throws {RangeError} unless the exchange buffer has 1 to 99999 octets
 */
export function writeHeader(target: Uint8Array, offset: number, exchangeBufferLength: number): void {
  if (exchangeBufferLength < 1 || exchangeBufferLength > LONGEST_EXCHANGE_BUFFER) {
    throw new RangeError(
      `An exchange buffer of ${exchangeBufferLength} octets cannot be framed; it may have 1 to ${LONGEST_EXCHANGE_BUFFER}`,
    );
  }
  const length = exchangeBufferLength + HEADER_LENGTH;
  target[offset] = VERSION_AND_FLAGS;
  target[offset + 1] = length >>> 16;
  target[offset + 2] = length >>> 8;
  target[offset + 3] = length;
}
