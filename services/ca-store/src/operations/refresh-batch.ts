/** How much is gathered before it is written. */
export interface BatchLimits {
  readonly items: number;
  readonly octets: number;
  /** From the first item to the write. */
  readonly delayMs: number;
}

interface Lot<Item> {
  readonly items: Item[];
  octets: number;
  readonly written: PromiseWithResolvers<void>;
}

const emptyLot = <Item>(): Lot<Item> => ({ items: [], octets: 0, written: Promise.withResolvers() });

/**
 * Gathers what comes in one by one and has it written together: a thousand lists that come within seconds are a few changes of the
 * state, and none waits long for the slower ones.
 */
export class Batch<Item> {
  readonly #limits: BatchLimits;
  readonly #write: (items: readonly Item[]) => Promise<void>;
  #lot = emptyLot<Item>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param write is called with one batch after the other */
  constructor(limits: BatchLimits, write: (items: readonly Item[]) => Promise<void>) {
    this.#limits = limits;
    this.#write = write;
  }

  /**
   * Adds an item, and resolves when it is written.
   * @throws what the write of its batch has thrown
   */
  add(item: Item, octets = 0): Promise<void> {
    const lot = this.#lot;
    lot.items.push(item);
    lot.octets += octets;
    if (lot.items.length >= this.#limits.items || lot.octets >= this.#limits.octets) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#limits.delayMs);
    return lot.written.promise;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { items, written } = this.#lot;
    this.#lot = emptyLot();
    this.#writing = this.#writing.then(() => this.#write(items)).then(written.resolve, written.reject);
  }
}

/** Does something for each of many, so many at once, until the signal says to stop. */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (signal.aborted) return;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
