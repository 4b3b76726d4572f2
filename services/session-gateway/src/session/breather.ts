import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work before others have their turn: sessions must not wait noticeably. */
const LONGEST = 5;

/** Divides long work on the event loop: to be awaited between its pieces, each of which is short. */
export class Breather {
  #since = performance.now();

  /** Lets others have their turn where the work has lasted for a while. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < LONGEST) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
