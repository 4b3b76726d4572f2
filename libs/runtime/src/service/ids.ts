import { randomFillSync } from 'node:crypto';
import { systemClock, type Clock } from './clock.js';

/** Where new identifiers come from. */
export interface Ids {
  /** A new UUIDv7 as text: identifiers made later sort later, also within one millisecond of one process. */
  next(): string;
}

/** Random octets are drawn in one go for so many identifiers: one system call each would cost more than the rest. */
const POOLED = 256;
const MAX_COUNTER = 0xfff;

/** UUIDs of version 7 (RFC 9562 §5.7): 48 bits of milliseconds, a 12-bit counter within the millisecond, 62 random bits. */
export class TimeOrderedIds implements Ids {
  readonly #clock: Clock;
  readonly #pool = Buffer.alloc(8 * POOLED);
  #used = this.#pool.length;
  #milliseconds = 0;
  #counter = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  next(): string {
    this.#tick();
    const random = this.#random();
    const time = this.#milliseconds.toString(16).padStart(12, '0');
    const counter = this.#counter.toString(16).padStart(3, '0');
    const variant = ((parseInt(random.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
  }

  /** Never goes back: a clock set back, or a counter that is used up, borrows from the next millisecond. */
  #tick(): void {
    const now = this.#clock.now().getTime();
    if (now > this.#milliseconds) {
      this.#milliseconds = now;
      this.#counter = 0;
    } else if (this.#counter === MAX_COUNTER) {
      this.#milliseconds += 1;
      this.#counter = 0;
    } else {
      this.#counter += 1;
    }
  }

  #random(): string {
    if (this.#used === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const text = this.#pool.toString('hex', this.#used, this.#used + 8);
    this.#used += 8;
    return text;
  }
}
