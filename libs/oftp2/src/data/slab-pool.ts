/**
 * Memory used again and again: taking fresh memory for each exchange buffer costs more than filling it. `lease` goes to the
 * encoder as `allocate`; what the encoder releases comes back with `release` once the socket has written it.
 */
export class SlabPool {
  readonly #free: Uint8Array[] = [];

  /** @param kept how many slabs wait for their next use at most */
  constructor(private readonly kept = 4) {}

  /** Memory of exactly this length, holding anything. */
  readonly lease = (length: number): Uint8Array => {
    const slab = this.#free.pop();
    return slab?.length === length ? slab : Buffer.allocUnsafeSlow(length);
  };

  /** Gives a slab back; nobody may read or write it any more. */
  readonly release = (slab: Uint8Array | undefined): void => {
    if (slab !== undefined && this.#free.length < this.kept) this.#free.push(slab);
  };
}
