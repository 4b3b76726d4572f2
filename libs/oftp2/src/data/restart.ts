import { EncodeError } from '../wire/errors.js';
import { hasRecords, type FileCounts, type VirtualFileLayout } from './virtual-file.js';

const BLOCK = 1024n;

/**
 * The restart position that covers what is there already, in the unit of the layout: records for F and V, blocks of 1024
 * octets else, a begun one not counted. It is SFIDREST for the Speaker; the Listener answers the lower of it and SFIDREST.
 * RFC 5024 §5.3.3, §5.3.4
 */
export function restartPosition(layout: VirtualFileLayout, there: FileCounts): bigint {
  return hasRecords(layout.format) ? there.records : there.units / BLOCK;
}

/**
 * What a restart position leaves to count as transmitted: the octets to skip in the file, or to keep of it, and the records.
 * @param recordLengths V only: lengths of the records from the first on; at least `position` of them
 * @throws {EncodeError} when a V file has fewer records than the position says
 */
export function countsAt(
  layout: VirtualFileLayout,
  position: bigint,
  recordLengths: Iterable<number> = [],
): FileCounts {
  switch (layout.format) {
    case 'U':
    case 'T':
      return { records: 0n, units: position * BLOCK };
    case 'F':
      return { records: position, units: position * BigInt(layout.recordLength) };
    case 'V':
      return { records: position, units: sumOf(recordLengths, position) };
  }
}

function sumOf(lengths: Iterable<number>, count: bigint): bigint {
  let left = count;
  let units = 0n;
  for (const length of lengths) {
    if (left === 0n) return units;
    units += BigInt(length);
    left -= 1n;
  }
  if (left === 0n) return units;
  throw new EncodeError('SFPAACNT', `The file has ${count - left} records; it cannot restart after ${count}`);
}
