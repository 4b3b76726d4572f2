/** Keeps what was made for a key, up to so many; the one that was made first goes first. */
export class BoundedCache<Value> {
  readonly #kept = new Map<string, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What was made for this key before, else what is made now; what throws is not kept. */
  get(key: string, make: () => Value): Value {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const value = make();
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= this.#limit && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, value);
    return value;
  }
}
