import { FetchFailure } from './fetch-failure.js';

const FIRST = 64 * 1_024;

/**
 * Collects octets up to a limit in one buffer: keeping the pieces as they come would let a server that sends single octets
 * take a hundred times their size.
 */
export class OctetSink {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws {FetchFailure} `size` when there would be more than the limit */
  add(octets: Uint8Array): void {
    const length = this.#length + octets.length;
    if (length > this.#limit) throw new FetchFailure('size', `larger than the ${this.#limit} octets it may have`);
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.min(this.#limit, Math.max(FIRST, length, this.#buffer.length * 2)));
      larger.set(this.octets());
      this.#buffer = larger;
    }
    this.#buffer.set(octets, this.#length);
    this.#length = length;
  }

  /** What has been collected so far. */
  octets(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
