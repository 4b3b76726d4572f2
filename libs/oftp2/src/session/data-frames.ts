import { HEADER_LENGTH } from '../framing/header.js';

const DATA_OCTET = 0x44;
const VERSION_WITHOUT_FLAGS = 0x10;

/**
 * How many DATA stand end to end in these octets.
 *
 * @param bufferSize the largest exchange buffer agreed, without stream transmission header
 * @returns undefined when they are anything but whole DATA of at most that size
 */
export function countDataFrames(frames: Uint8Array, bufferSize: number): number | undefined {
  let count = 0;
  let offset = 0;
  while (offset + HEADER_LENGTH < frames.length) {
    const [high, middle, low] = [
      frames[offset + 1] as number,
      frames[offset + 2] as number,
      frames[offset + 3] as number,
    ];
    const length = (high << 16) | (middle << 8) | low;
    const isData = frames[offset] === VERSION_WITHOUT_FLAGS && frames[offset + HEADER_LENGTH] === DATA_OCTET;
    if (!isData || length <= HEADER_LENGTH || length - HEADER_LENGTH > bufferSize) return undefined;
    offset += length;
    count += 1;
  }
  return offset === frames.length ? count : undefined;
}
