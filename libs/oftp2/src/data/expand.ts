import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from '../wire/errors.js';
import { copyOctets, subrecordKernel, type SubrecordKernel } from './kernel.js';
import { COMPRESSED, COUNT, END_OF_RECORD, FULL_SUBRECORD } from './subrecord.js';

/** What the subrecords of one DATA amount to. */
export interface Measured {
  /** Full literal subrecords at the start: in an uncompressed transfer nearly all there are. */
  readonly whole: number;
  /** Octets of the file. */
  readonly units: number;
  /** End-of-record flags. */
  readonly records: number;
  /** Whether any subrecord is compressed. */
  readonly isCompressed: boolean;
}

/** How many full literal subrecords that end no record follow one another from `position` on. */
function fullSubrecords(payload: Uint8Array, position: number): number {
  const last = payload.length - FULL_SUBRECORD;
  let at = position;
  while (at <= last && payload[at] === COUNT) at += FULL_SUBRECORD;
  return (at - position) / FULL_SUBRECORD;
}

/**
 * Adds up the subrecords of a DATA payload without touching their content, so that its memory is known before it is taken.
 * @throws {ProtocolError} reason 06 for a subrecord that runs past the end
 */
export function measure(payload: Uint8Array): Measured {
  const whole = fullSubrecords(payload, 0);
  let position = whole * FULL_SUBRECORD;
  let units = whole * COUNT;
  let records = 0;
  let headers = 0;
  while (position < payload.length) {
    const header = payload[position] ?? 0;
    const count = header & COUNT;
    headers |= header;
    position += 1 + (header & COMPRESSED ? 1 : count);
    units += count;
    if (header & END_OF_RECORD) records += 1;
  }
  if (position > payload.length) throw new ProtocolError(EsidReason.invalidData, 'DATABUF: a subrecord is cut off');
  return { whole, units, records, isCompressed: (headers & COMPRESSED) !== 0 };
}

/**
 * Writes the file octets of a DATA payload.
 * @param payload what follows the command octet
 * @param measured what {@link measure} said of it
 * @param octets takes the file octets, as many as measured
 * @param recordEnds takes where in `octets` records end, where that is wanted
 * @param kernel copies full subrecords
 * @returns whether the last subrecord ended its record; undefined when there was none
 */
export function expand(
  payload: Uint8Array,
  measured: Measured,
  octets: Uint8Array,
  recordEnds: number[] | undefined,
  kernel: SubrecordKernel = subrecordKernel,
): boolean | undefined {
  let position = 0;
  let written = 0;
  let header: number | undefined;
  for (let full = measured.whole; position < payload.length; full = fullSubrecords(payload, position)) {
    if (full > 0) {
      kernel.unpack(payload, position, octets, written, full);
      position += full * FULL_SUBRECORD;
      written += full * COUNT;
      header = COUNT;
      continue;
    }
    header = payload[position] ?? 0;
    const count = header & COUNT;
    if (header & COMPRESSED) {
      octets.fill(payload[position + 1] ?? 0, written, written + count);
      position += 2;
    } else {
      copyOctets(payload, position + 1, octets, written, count);
      position += 1 + count;
    }
    written += count;
    if (header & END_OF_RECORD) recordEnds?.push(written);
  }
  return header === undefined ? undefined : (header & END_OF_RECORD) !== 0;
}
