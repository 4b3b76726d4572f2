/** What one write may take. */
export interface GroupLimits {
  readonly items: number;
  readonly octets: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly octets: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Writes one after the other, each of all that gathered while the one before it was under way: so many small writes that have to follow
 * each other cost about as much as few.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limits: GroupLimits;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #writing = false;

  /** @param write its results in the order of its items; what it throws is thrown to all whose items it had */
  constructor(write: (items: readonly Item[]) => Promise<readonly Result[]>, limits: GroupLimits) {
    this.#write = write;
    this.#limits = limits;
  }

  /** @param octets about as much as the item takes when it is written */
  add(item: Item, octets: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, octets, resolve, reject });
      if (!this.#writing) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#fitting());
      try {
        const results = await this.#write(group.map(({ item }) => item));
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      } catch (thrown) {
        for (const { reject } of group) reject(thrown);
      }
    }
    this.#writing = false;
  }

  /** One in any case. */
  #fitting(): number {
    let octets = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      octets += waiting.octets;
      if (count === this.#limits.items || (count > 0 && octets > this.#limits.octets)) break;
      count += 1;
    }
    return count;
  }
}
