import { SlabPool } from '@certlane/oftp2';
import { freeMemory } from './bulk-buffer.js';

/** Pieces of memory that wait for their next use at most. */
const KEPT = 4;

/**
 * Octets of a received file on their way to where they are written: what DATA brought one behind the other in one piece of
 * memory is written as one, and only then is the memory used again. Lives as long as its file.
 */
export class ReceivedOctets {
  readonly #pool = new SlabPool(KEPT);
  /** Memory that comes from here; whatever else octets lie in may be shared with strangers, and is never filled again. */
  readonly #leased = new WeakSet<ArrayBufferLike>();
  #gathered: Uint8Array | undefined;

  /** Memory for octets to come. */
  lease(length: number): Uint8Array {
    const memory = this.#pool.lease(length);
    this.#leased.add(memory.buffer);
    return memory;
  }

  /**
   * Takes what one DATA brought.
   * @returns what has to be written before anything else: octets that these do not follow in memory
   */
  add(octets: Uint8Array): Uint8Array | undefined {
    const before = this.#gathered;
    const follows =
      before !== undefined &&
      before.buffer === octets.buffer &&
      before.byteOffset + before.length === octets.byteOffset;
    this.#gathered = follows ? new Uint8Array(before.buffer, before.byteOffset, before.length + octets.length) : octets;
    return follows ? undefined : before;
  }

  /** What is left to write at the end. */
  rest(): Uint8Array | undefined {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    return gathered;
  }

  /** Octets that `add` or `rest` gave are written, and nobody looks at them any more. */
  written({ buffer }: Uint8Array): void {
    // The session leaves a piece of memory when it takes the next one, and comes back to none.
    if (buffer === this.#gathered?.buffer) return;
    if (this.#leased.has(buffer)) this.#pool.release(new Uint8Array(buffer));
    else freeMemory(buffer);
  }
}
