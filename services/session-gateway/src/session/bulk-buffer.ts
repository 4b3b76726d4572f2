import { isMarkedAsUntransferable } from 'node:worker_threads';

/** Octets that are gathered before they are worked off: some of the largest exchange buffers. */
const CAPACITY = 1024 * 1024;
/** Chunks from this size on are bulk: a file under way. Smaller ones are commands, and are not kept waiting. */
const BULK = 16 * 1024;

/**
 * Gathers the chunks of a fast file transfer until the event loop has read what there is.
 *
 * A socket hands out 64 KiB at a time, an exchange buffer has up to 100 KiB: worked off one by one, nearly every buffer would
 * lie in two chunks and be put together in memory of its own. At a gigabyte a second the garbage collector is then busier
 * than the protocol.
 */
export class BulkBuffer {
  readonly #flush: (octets: Buffer) => boolean;
  #memory: Buffer | undefined;
  #filled = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param flush takes what was gathered, and says whether its memory may be used again */
  constructor(flush: (octets: Buffer) => boolean) {
    this.#flush = flush;
  }

  /** Whether a chunk is worth gathering. */
  static isBulk(chunk: Buffer): boolean {
    return chunk.length >= BULK;
  }

  /** Takes a chunk over, its memory too. */
  add(chunk: Buffer): void {
    if (this.#filled + chunk.length > CAPACITY) this.flush();
    this.#memory ??= Buffer.allocUnsafeSlow(CAPACITY);
    this.#filled += chunk.copy(this.#memory, this.#filled);
    // A chunk of a socket has its memory for itself.
    if (chunk.byteLength === chunk.buffer.byteLength) freeMemory(chunk.buffer);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Gives the memory up: no file is under way. */
  letGo(): void {
    if (this.#filled === 0) this.#memory = undefined;
  }

  /** Hands on what was gathered. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#memory === undefined || this.#filled === 0) return;
    const octets = this.#memory.subarray(0, this.#filled);
    this.#filled = 0;
    if (!this.#flush(octets)) this.#memory = undefined;
  }
}

/**
 * Gives memory back now instead of when it is collected; whoever still holds its octets finds none. Memory outside V8's heap
 * counts towards the next collection of the whole heap, and a gigabyte a second means several of those a second.
 *
 * Memory that Node shares among small buffers is marked as not to be taken away, and is left alone.
 */
export function freeMemory(memory: ArrayBufferLike): void {
  if ('transfer' in memory && !isMarkedAsUntransferable(memory)) memory.transfer(0);
}
