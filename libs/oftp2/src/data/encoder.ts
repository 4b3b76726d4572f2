import { EncodeError } from '../wire/errors.js';
import { FrameWriter, type Allocate, type DataFrames } from './frame-writer.js';
import { literalWriter, RunLengthWriter, type RecordWriter } from './run-length-writer.js';
import { hasRecords, NOTHING, type FileCounts, type VirtualFileLayout } from './virtual-file.js';

/** What is sent, and how. */
export interface EncoderOptions {
  readonly layout: VirtualFileLayout;
  /** The negotiated SSIDSDEB. */
  readonly bufferSize: number;
  /** Whether both sides said SSIDCMPR Y. */
  readonly compression: boolean;
  /** What a restart skips; the first octet pushed is the one after it. */
  readonly transmitted?: FileCounts;
  /** Where memory for frames comes from; the heap unless said. */
  readonly allocate?: Allocate;
}

/** Command octet, subrecord header, one octet. */
const SMALLEST_BUFFER = 3;
const EMPTY = new Uint8Array(0);

/**
 * Turns a virtual file into DATA frames. RFC 5024 §7
 *
 * Push a chunk (or, for V, a record or part of one), take frames until there is none, push the next; after the last, `end()`
 * and take frames again. When `next` gives none, the chunk is used up and its memory free.
 */
export class ExchangeBufferEncoder {
  readonly #layout: VirtualFileLayout;
  readonly #frames: FrameWriter;
  readonly #records: RecordWriter;
  #chunk: Uint8Array = EMPTY;
  #position = 0;
  #chunkEndsRecord = false;
  #recordEnds = false;
  #recordOctets = 0;
  #isOpen: boolean;
  #ended = false;
  #finished = false;
  #counted: FileCounts;
  #uncountedOctets = 0;
  #uncountedRecords = 0;

  /**
   * @param options what is sent, and how
   * @throws {EncodeError} when records or exchange buffers would have no room
   */
  constructor({ layout, bufferSize, compression, transmitted = NOTHING, allocate }: EncoderOptions) {
    if (bufferSize < SMALLEST_BUFFER) {
      throw new EncodeError('SSIDSDEB', `An exchange buffer of ${bufferSize} octets carries nothing; use 128 to 99999`);
    }
    if (hasRecords(layout.format) && layout.recordLength < 1) {
      throw new EncodeError('SFIDLRECL', `SFIDLRECL ${layout.recordLength} leaves no room for records; use 1 to 99999`);
    }
    this.#layout = layout;
    this.#frames = new FrameWriter(bufferSize, allocate ?? ((length) => Buffer.allocUnsafeSlow(length)));
    this.#records = compression ? new RunLengthWriter(this.#frames) : literalWriter(this.#frames);
    this.#counted = transmitted;
    // U and T are one record, which is there even when the file is empty.
    this.#isOpen = !hasRecords(layout.format);
  }

  /** Whether the last chunk is used up, so that the next may be pushed. */
  get needsInput(): boolean {
    return !this.#ended && !this.#recordEnds && !this.#chunkEndsRecord && this.#position === this.#chunk.length;
  }

  /** Whether all frames of the file were given out: EFID is next. */
  get isDone(): boolean {
    return this.#finished;
  }

  /** EFIDRCNT and EFIDUCNT of all that was pushed so far and of what a restart skipped. RFC 5024 §5.3.8 */
  get counts(): FileCounts {
    this.#counted = {
      records: this.#counted.records + BigInt(this.#uncountedRecords),
      units: this.#counted.units + BigInt(this.#uncountedOctets),
    };
    this.#uncountedRecords = 0;
    this.#uncountedOctets = 0;
    return this.#counted;
  }

  /**
   * Gives the next octets of the file; they must not change until `next` gives no more frames.
   * @param endsRecord V only: the record ends with them; it may be empty
   * @throws {EncodeError} when a V record is longer than the layout says
   */
  push(chunk: Uint8Array, endsRecord = false): void {
    if (!this.needsInput)
      throw new EncodeError('DATABUF', 'The octets pushed before are not used up; take their frames first');
    this.#chunk = chunk;
    this.#position = 0;
    this.#uncountedOctets += chunk.length;
    if (this.#layout.format !== 'V') return;
    this.#recordOctets += chunk.length;
    if (this.#recordOctets > this.#layout.recordLength) {
      throw new EncodeError('SFIDLRECL', `A record has more octets than SFIDLRECL ${this.#layout.recordLength} says`);
    }
    this.#isOpen = true;
    this.#chunkEndsRecord = endsRecord;
  }

  /**
   * Says that the file ends with what was pushed.
   * @throws {EncodeError} when an F file ends within a record, or a V file before its record was ended
   */
  end(): void {
    if (!this.needsInput)
      throw new EncodeError('DATABUF', 'The octets pushed before are not used up; take their frames first');
    if (hasRecords(this.#layout.format) && this.#isOpen) {
      throw new EncodeError(
        'SFIDLRECL',
        `The file ends ${this.#recordOctets} octets into a record; records must be whole`,
      );
    }
    this.#ended = true;
    this.#recordEnds = this.#isOpen;
  }

  /**
   * Frames for what was pushed, as many as fit into one piece of memory.
   * @param buffers at most that many DATA: the credit left
   * @returns undefined when there is no whole frame: push more, get more credit, or, when {@link isDone}, send EFID
   */
  next(buffers = Number.POSITIVE_INFINITY): DataFrames | undefined {
    if (buffers < 1) return undefined;
    this.#frames.want(buffers);
    while (this.#advance());
    if (this.#ended && !this.#recordEnds && !this.#finished) {
      this.#finished = true;
      this.#frames.finish();
    }
    return this.#frames.take();
  }

  /** One step: octets up to the end of the chunk or record, or the end of a record. False when there is nothing to do now. */
  #advance(): boolean {
    if (this.#recordEnds) {
      if (!this.#records.endRecord()) return false;
      this.#closeRecord();
      return true;
    }
    if (this.#position === this.#chunk.length) {
      this.#recordEnds = this.#chunkEndsRecord;
      this.#chunkEndsRecord = false;
      return this.#recordEnds;
    }
    return this.#appendToRecord();
  }

  #appendToRecord(): boolean {
    const isFixed = this.#layout.format === 'F';
    const recordEnd = this.#position + this.#layout.recordLength - this.#recordOctets;
    const end = isFixed ? Math.min(this.#chunk.length, recordEnd) : this.#chunk.length;
    const start = this.#position;
    this.#position = this.#records.octets(this.#chunk, start, end);
    this.#isOpen = true;
    if (isFixed) {
      this.#recordOctets += this.#position - start;
      this.#recordEnds = this.#recordOctets === this.#layout.recordLength;
    }
    return this.#position === end;
  }

  #closeRecord(): void {
    this.#recordEnds = false;
    this.#isOpen = false;
    this.#recordOctets = 0;
    if (hasRecords(this.#layout.format)) this.#uncountedRecords += 1;
  }
}
