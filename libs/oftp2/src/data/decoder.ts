import { EfnaReason } from '../reasons/efna.js';
import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from '../wire/errors.js';
import { expand, measure } from './expand.js';
import { hasRecords, NOTHING, type FileCounts, type VirtualFileLayout } from './virtual-file.js';

/** What is received, and how much of it. */
export interface DecoderOptions {
  readonly layout: VirtualFileLayout;
  /** The most octets the file may have; more end in EFNA 06. */
  readonly sizeLimit: bigint;
  /** What a restart left in place; the first octet received is the one after it. */
  readonly received?: FileCounts;
  /** How many DATA may follow one another without bringing the file on. */
  readonly emptyBufferLimit?: number;
}

/** What one DATA brought. */
export interface DecodedData {
  /** Octets of the file. */
  readonly octets: Uint8Array;
  /** F and V: where in `octets` records end, ascending; an empty record repeats the end before it. */
  readonly recordEnds: readonly number[];
}

/** Why the file is refused at its end: EFNAREAS and EFNAREAST. RFC 5024 §5.3.10 */
export interface FileProblem {
  readonly reason: EfnaReason;
  readonly text: string;
}

const EMPTY_BUFFER_LIMIT = 16;
const NO_DATA: DecodedData = { octets: new Uint8Array(0), recordEnds: [] };

/**
 * Turns DATA into octets of a virtual file and watches over its size, its records and its counts. RFC 5024 §7
 *
 * What breaks the protocol is thrown at once; what is wrong with the file is kept for EFNA, and nothing more is stored.
 */
export class ExchangeBufferDecoder {
  readonly #layout: VirtualFileLayout;
  readonly #sizeLimit: bigint;
  readonly #emptyBufferLimit: number;
  readonly #before: FileCounts;
  /** Octets that may still come, and have come, in this transfer: small enough for numbers, unlike the counts of a file. */
  readonly #room: number;
  #units = 0;
  #records = 0;
  #emptyBuffers = 0;
  #recordOctets = 0;
  #problem: FileProblem | undefined;

  /** @param options what is received, and how much of it */
  constructor({ layout, sizeLimit, received = NOTHING, emptyBufferLimit = EMPTY_BUFFER_LIMIT }: DecoderOptions) {
    this.#layout = layout;
    this.#sizeLimit = sizeLimit;
    this.#before = received;
    this.#room = Number(sizeLimit - received.units);
    this.#emptyBufferLimit = emptyBufferLimit;
  }

  /** Whether the last subrecord said that its record, for U and T the file, ends with it. */
  isMarkedEnded = false;

  /** Whether compressed subrecords were seen: they are expanded also where SSIDCMPR did not agree on them. */
  hasSeenCompression = false;

  /** What was received so far, with what a restart left in place. */
  get counts(): FileCounts {
    return {
      records: this.#before.records + BigInt(this.#records),
      units: this.#before.units + BigInt(this.#units),
    };
  }

  /** Why the file will be refused, known as soon as it is so. */
  get problem(): FileProblem | undefined {
    return this.#problem;
  }

  /**
   * The file octets of one DATA.
   * @param payload what follows the command octet
   * @param target memory for the octets, used where it is long enough; else they come from the heap
   * @throws {ProtocolError} reason 06 for a subrecord that runs past the end, of which nothing is stored; 02 for endless DATA
   * that bring nothing
   */
  decode(payload: Uint8Array, target?: Uint8Array): DecodedData {
    const measured = measure(payload);
    const { units, records } = measured;
    this.hasSeenCompression ||= measured.isCompressed;
    this.#watchProgress(units, records);
    if (this.#problem !== undefined) return NO_DATA;
    const withRecords = hasRecords(this.#layout.format);
    // Empty records take no octets here, but do where they are stored.
    if (this.#units + units > this.#room || (withRecords && this.#records + records > this.#room)) {
      return this.#refuse(EfnaReason.fileSizeTooBig, `More than ${this.#sizeLimit} octets`);
    }
    const octets =
      target !== undefined && target.length >= units ? target.subarray(0, units) : Buffer.allocUnsafe(units);
    const recordEnds: number[] = [];
    const marked = expand(payload, measured, octets, withRecords ? recordEnds : undefined);
    this.isMarkedEnded = marked ?? this.isMarkedEnded;
    this.#units += units;
    this.#records += recordEnds.length;
    return this.#checkRecords(octets.length, recordEnds) ?? { octets, recordEnds };
  }

  /**
   * What EFID says against what came.
   * @returns undefined when the file is in order; else why EFNA refuses it
   */
  finish(announced: FileCounts): FileProblem | undefined {
    if (this.#problem !== undefined) return this.#problem;
    const { records, units } = this.counts;
    if (hasRecords(this.#layout.format) && this.#recordOctets > 0) {
      return { reason: EfnaReason.invalidRecordCount, text: 'The last record is not ended' };
    }
    if (announced.units !== units) {
      return { reason: EfnaReason.invalidByteCount, text: `EFIDUCNT ${announced.units}, received ${units}` };
    }
    if (hasRecords(this.#layout.format) && announced.records !== records) {
      return { reason: EfnaReason.invalidRecordCount, text: `EFIDRCNT ${announced.records}, received ${records}` };
    }
    return undefined;
  }

  #watchProgress(units: number, records: number): void {
    const brings = units > 0 || (records > 0 && hasRecords(this.#layout.format));
    this.#emptyBuffers = brings ? 0 : this.#emptyBuffers + 1;
    if (this.#emptyBuffers > this.#emptyBufferLimit) {
      throw new ProtocolError(
        EsidReason.protocolViolation,
        `More than ${this.#emptyBufferLimit} DATA without file data`,
      );
    }
  }

  #checkRecords(octets: number, recordEnds: readonly number[]): DecodedData | undefined {
    const { format, recordLength } = this.#layout;
    if (!hasRecords(format)) return undefined;
    let start = -this.#recordOctets;
    for (const end of recordEnds) {
      if (format === 'F' && end - start !== recordLength) return this.#refuseRecord();
      if (end - start > recordLength) return this.#refuseRecord();
      start = end;
    }
    this.#recordOctets = octets - start;
    return this.#recordOctets > recordLength ? this.#refuseRecord() : undefined;
  }

  #refuseRecord(): DecodedData {
    const { format, recordLength } = this.#layout;
    return format === 'F'
      ? this.#refuse(EfnaReason.recordFormatNotSupported, `A record has not the ${recordLength} octets of SFIDLRECL`)
      : this.#refuse(EfnaReason.recordLengthNotSupported, `A record is longer than SFIDLRECL ${recordLength}`);
  }

  #refuse(reason: EfnaReason, text: string): DecodedData {
    this.#problem = { reason, text };
    return NO_DATA;
  }
}
