import { HEADER_LENGTH, writeHeader } from '../framing/header.js';
import { copyOctets, subrecordKernel, type SubrecordKernel } from './kernel.js';
import { COMPRESSED, COUNT, END_OF_RECORD, FULL_SUBRECORD } from './subrecord.js';

/** Whole DATA frames in one piece, for one write. */
export interface DataFrames {
  /** Stream transmission headers and exchange buffers, one behind the other; a view of a slab. */
  readonly octets: Uint8Array;
  /** How many DATA these are: so much credit they cost. */
  readonly buffers: number;
  /** The slab, when nothing more will be put into it: it may be used again once `octets` are written. */
  readonly released: Uint8Array | undefined;
}

/** Gives memory for frames: `length` octets, whatever they hold. */
export type Allocate = (length: number) => Uint8Array;

const DATA_OCTET = 0x44;
const NONE = -1;
/** Exchange buffers share slabs, so that one write carries several: the first slab has about this size, each next twice as much. */
const FIRST_SLAB = 131_072;
/** The end of that growth: longer writes gain nothing more. */
const LARGEST_SLAB = 524_288;

/**
 * Fills DATA frames with subrecords. A frame stays open until an octet comes that it has no room for, so the end-of-record
 * flag can always be put on the subrecord that turns out to be the last. RFC 5024 §7
 *
 * Every writing method may stop early, when as many frames are closed as were wanted or the slab is full: take the frames,
 * then go on where it stopped.
 */
export class FrameWriter {
  readonly #frameLength: number;
  #slab: Uint8Array | undefined;
  #slabSize = FIRST_SLAB;
  /** Where the frames begin that were not taken yet. */
  #taken = 0;
  /** The open frame: its start, where the next octet goes, where it must end. Equal when none is open. */
  #frame = 0;
  #cursor = 0;
  #end = 0;
  #closed = 0;
  #wanted = 0;
  /** Header of the literal subrecord that still takes octets. */
  #literal = NONE;
  /** Header of the last subrecord of the current record in the open frame. */
  #last = NONE;
  #recordBegun = false;
  #finished = false;

  /**
   * @param bufferSize the negotiated SSIDSDEB
   * @param allocate where slabs come from
   * @param kernel copies full subrecords
   */
  constructor(
    bufferSize: number,
    private readonly allocate: Allocate,
    private readonly kernel: SubrecordKernel = subrecordKernel,
  ) {
    this.#frameLength = HEADER_LENGTH + bufferSize;
  }

  /** Says how many closed frames are wanted before writing stops. */
  want(buffers: number): void {
    this.#wanted = buffers;
  }

  /**
   * Appends octets to the current record.
   * @returns where it stopped; `end` when all were taken
   */
  literal(source: Uint8Array, start: number, end: number): number {
    let position = start;
    while (position < end) {
      const appended = this.#append(source, position, end);
      position += appended;
      if (appended > 0) continue;
      if (!this.#hasRoom(2)) return position;
      position += this.#appendWhole(source, position, end);
      if (position < end) this.#beginLiteral();
    }
    return position;
  }

  /**
   * Appends `count` (at most 63) equal octets to the current record as a compressed subrecord.
   * @returns false when it must be asked again after the frames were taken
   */
  run(octet: number, count: number): boolean {
    if (!this.#hasRoom(2)) return false;
    const slab = this.#slab as Uint8Array;
    this.#begin(COMPRESSED | count);
    slab[this.#cursor] = octet;
    this.#cursor += 1;
    this.#literal = NONE;
    return true;
  }

  /**
   * Whether the next octet of the current record begins a new subrecord anyway. Not so at the start of a record: there, a
   * short run stays literal as the octets after it may join it.
   */
  get isBetweenSubrecords(): boolean {
    return this.#recordBegun && this.#literalRoom() === 0;
  }

  /**
   * Ends the current record, which may be empty.
   * @returns false when it must be asked again after the frames were taken
   */
  endRecord(): boolean {
    if (this.#last === NONE) {
      if (!this.#hasRoom(1)) return false;
      this.#begin(0);
    }
    const slab = this.#slab as Uint8Array;
    slab[this.#last] = (slab[this.#last] as number) | END_OF_RECORD;
    this.#last = NONE;
    this.#literal = NONE;
    this.#recordBegun = false;
    return true;
  }

  /** Closes the open frame, if any: nothing more will come. */
  finish(): void {
    if (this.#cursor > this.#frame) this.#close();
    this.#finished = true;
  }

  /** The closed frames that were not taken yet; undefined when there is none. */
  take(): DataFrames | undefined {
    const slab = this.#slab;
    if (slab === undefined || this.#closed === 0) return undefined;
    const octets = slab.subarray(this.#taken, this.#frame);
    const buffers = this.#closed;
    this.#taken = this.#frame;
    this.#closed = 0;
    const isOpen = this.#cursor > this.#frame;
    const isDone = this.#finished || (!isOpen && this.#frame + this.#frameLength > slab.length);
    if (isDone) this.#slab = undefined;
    return { octets, buffers, released: isDone ? slab : undefined };
  }

  /** Octets that the open literal subrecord still takes. */
  #literalRoom(): number {
    if (this.#literal === NONE) return 0;
    const count = this.#cursor - this.#literal - 1;
    return Math.min(COUNT - count, this.#end - this.#cursor);
  }

  #append(source: Uint8Array, start: number, end: number): number {
    const count = Math.min(this.#literalRoom(), end - start);
    if (count === 0) return 0;
    const slab = this.#slab as Uint8Array;
    copyOctets(source, start, slab, this.#cursor, count);
    slab[this.#literal] = (slab[this.#literal] as number) + count;
    this.#cursor += count;
    return count;
  }

  #appendWhole(source: Uint8Array, start: number, end: number): number {
    const count = Math.min(Math.floor((end - start) / COUNT), Math.floor((this.#end - this.#cursor) / FULL_SUBRECORD));
    if (count === 0) return 0;
    this.kernel.pack(source, start, this.#slab as Uint8Array, this.#cursor, count);
    this.#cursor += count * FULL_SUBRECORD;
    this.#last = this.#cursor - FULL_SUBRECORD;
    this.#literal = NONE;
    this.#recordBegun = true;
    return count * COUNT;
  }

  #beginLiteral(): void {
    if (this.#end - this.#cursor < 2) return;
    this.#begin(0);
    this.#literal = this.#last;
  }

  #begin(header: number): void {
    (this.#slab as Uint8Array)[this.#cursor] = header;
    this.#last = this.#cursor;
    this.#cursor += 1;
    this.#recordBegun = true;
  }

  /** Whether that many octets fit now; opens the next frame when the open one is full. */
  #hasRoom(octets: number): boolean {
    if (this.#end - this.#cursor >= octets) return true;
    if (this.#cursor > this.#frame) this.#close();
    return this.#closed < this.#wanted && this.#open();
  }

  #close(): void {
    writeHeader(this.#slab as Uint8Array, this.#frame, this.#cursor - this.#frame - HEADER_LENGTH);
    this.#closed += 1;
    this.#frame = this.#cursor;
    this.#end = this.#cursor;
    this.#literal = NONE;
    this.#last = NONE;
  }

  #open(): boolean {
    if (this.#slab !== undefined && this.#frame + this.#frameLength > this.#slab.length) {
      if (this.#closed > 0) return false;
      this.#slab = undefined;
    }
    if (this.#slab === undefined) {
      this.#slab = this.allocate(Math.max(1, Math.floor(this.#slabSize / this.#frameLength)) * this.#frameLength);
      this.#slabSize = Math.min(LARGEST_SLAB, this.#slabSize * 2);
      this.#taken = 0;
      this.#frame = 0;
    }
    this.#slab[this.#frame + HEADER_LENGTH] = DATA_OCTET;
    this.#cursor = this.#frame + HEADER_LENGTH + 1;
    this.#end = this.#frame + this.#frameLength;
    return true;
  }
}
