import type { FrameWriter } from './frame-writer.js';
import { COUNT } from './subrecord.js';

/** What a record is written with: octets and its end. Both may stop early and be asked again. */
export interface RecordWriter {
  /** Appends octets to the current record; returns where it stopped, `end` when all were taken. */
  readonly octets: (source: Uint8Array, start: number, end: number) => number;
  /** Ends the current record; false when it must be asked again. */
  readonly endRecord: () => boolean;
}

/** Inside literals a run pays from here on: it may cost the header of the literal after it. */
const WORTH_INTERRUPTING = 4;
/** Between subrecords, where no literal is interrupted. */
const WORTH_COMPRESSING = 3;

/** How far to look for runs at once: where the frames are full before it is written, it is looked through again. */
const WINDOW = 8192;

/** Writes every octet literally. */
export function literalWriter(frames: FrameWriter): RecordWriter {
  return {
    octets: (source, start, end) => frames.literal(source, start, end),
    endRecord: () => frames.endRecord(),
  };
}

/** Where the first run of three begins; else the run, however short, that the octets end with: the next ones may join it. */
function findRun(source: Uint8Array, start: number, end: number): number {
  let index = start + WORTH_COMPRESSING - 1;
  while (index < end) {
    if (source[index] !== source[index - 1]) index += 2;
    else if (source[index] !== source[index - 2]) index += 1;
    else return runStart(source, start, index);
  }
  return runStart(source, start, end - 1);
}

function runStart(source: Uint8Array, start: number, within: number): number {
  let index = within;
  while (index > start && source[index - 1] === source[within]) index -= 1;
  return index;
}

/**
 * Compresses runs of equal octets. The run at the end of what is there is held back, so the subrecords do not depend on how
 * the octets were divided. RFC 5024 §7.2
 */
export class RunLengthWriter implements RecordWriter {
  readonly #scratch = new Uint8Array(COUNT);
  #octet = 0;
  #count = 0;

  /** @param frames takes the subrecords */
  constructor(private readonly frames: FrameWriter) {}

  /** Appends octets to the current record; returns where it stopped, `end` when all were taken. */
  readonly octets = (source: Uint8Array, start: number, end: number): number => {
    let position = start;
    while (position < end) {
      const extended = this.#extend(source, position, end);
      position += extended;
      if (this.#count > 0) {
        const mayGrow = position === end && this.#count < COUNT;
        if (mayGrow || !this.#flush()) return position;
        continue;
      }
      const run = findRun(source, position, Math.min(end, position + WINDOW));
      position = this.frames.literal(source, position, run);
      if (position < run) return position;
      this.#octet = source[position] as number;
      this.#count = 1;
      position += 1;
    }
    return position;
  };

  /** Ends the current record; false when it must be asked again. */
  readonly endRecord = (): boolean => this.#flush() && this.frames.endRecord();

  #extend(source: Uint8Array, start: number, end: number): number {
    if (this.#count === 0) return 0;
    const limit = Math.min(end, start + COUNT - this.#count);
    let position = start;
    while (position < limit && source[position] === this.#octet) position += 1;
    this.#count += position - start;
    return position - start;
  }

  #flush(): boolean {
    const worth = this.frames.isBetweenSubrecords ? WORTH_COMPRESSING : WORTH_INTERRUPTING;
    if (this.#count >= worth) {
      if (!this.frames.run(this.#octet, this.#count)) return false;
      this.#count = 0;
      return true;
    }
    this.#scratch.fill(this.#octet, 0, this.#count);
    this.#count -= this.frames.literal(this.#scratch, 0, this.#count);
    return this.#count === 0;
  }
}
