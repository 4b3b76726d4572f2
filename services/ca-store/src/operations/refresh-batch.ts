/** How much is gathered before it is written. */
export interface BatchLimits {
  readonly items: number;
  readonly octets: number;
  /** From the first item to the write. */
  readonly delayMs: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly settle: (failure?: { readonly thrown: unknown }) => void;
}

/**
 * Gathers what comes in one by one and has it written together: a thousand lists that come within seconds are a few changes of the
 * state, and none waits long for the slower ones.
 */
export class Batch<Item> {
  readonly #limits: BatchLimits;
  readonly #write: (items: readonly Item[]) => Promise<void>;
  #waiting: Waiting<Item>[] = [];
  #octets = 0;
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
    const written = new Promise<void>((resolve, reject) => {
      const settle = (failure?: { readonly thrown: unknown }): void =>
        failure === undefined ? resolve() : reject(failure.thrown);
      this.#waiting.push({ item, settle });
    });
    this.#octets += octets;
    if (this.#waiting.length >= this.#limits.items || this.#octets >= this.#limits.octets) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#limits.delayMs);
    return written;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#octets = 0;
    this.#writing = this.#writing
      .then(() => this.#write(batch.map(({ item }) => item)))
      .then(
        () => batch.forEach(({ settle }) => settle()),
        (thrown: unknown) => batch.forEach(({ settle }) => settle({ thrown })),
      );
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
