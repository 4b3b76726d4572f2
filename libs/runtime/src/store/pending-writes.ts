/** A write under way. */
export interface Ticket {
  readonly key: string;
  /** Highest sequence known when it began: whatever it becomes is higher. */
  readonly floor: number;
}

interface Open {
  readonly sequence: number;
  /** `performance.now()` when it was written. */
  readonly since: number;
}

/** Which records this process left with messages in them, and where in the stream the first of them stands. */
export class PendingWrites {
  readonly #tickets = new Set<Ticket>();
  readonly #open = new Map<string, Open>();
  #highest: number;

  /** @param highest a sequence below which this process has written nothing */
  constructor(highest: number) {
    this.#highest = highest;
  }

  /** The stream has come so far: what this process begins to write from now on stands behind. */
  reached(sequence: number): void {
    this.#highest = Math.max(this.#highest, sequence);
  }

  begin(key: string): Ticket {
    const ticket = { key, floor: this.#highest };
    this.#tickets.add(ticket);
    return ticket;
  }

  /** @param pending whether the record holds messages, or stands only because of them */
  written(ticket: Ticket, sequence: number, pending: boolean): void {
    this.#tickets.delete(ticket);
    this.#highest = Math.max(this.#highest, sequence);
    const known = this.#open.get(ticket.key);
    if (known !== undefined && known.sequence > sequence) return;
    if (pending) this.#open.set(ticket.key, { sequence, since: performance.now() });
    else this.#open.delete(ticket.key);
  }

  /** Another write came first: nothing was written. */
  refused(ticket: Ticket): void {
    this.#tickets.delete(ticket);
  }

  /** No answer came: the record may stand, and is looked after as if it did. */
  unknown(ticket: Ticket): void {
    this.#tickets.delete(ticket);
    if (!this.#open.has(ticket.key))
      this.#open.set(ticket.key, { sequence: ticket.floor + 1, since: performance.now() });
  }

  erased(key: string): void {
    this.#open.delete(key);
  }

  /** All that this process may have left stands at this sequence or behind it. */
  low(): number {
    let low = this.#highest + 1;
    for (const { floor } of this.#tickets) low = Math.min(low, floor + 1);
    for (const { sequence } of this.#open.values()) low = Math.min(low, sequence);
    return low;
  }

  /** Keys of records that have been open for so long: somebody should look after them. */
  ripe(milliseconds: number): string[] {
    const before = performance.now() - milliseconds;
    return [...this.#open].filter(([, { since }]) => since <= before).map(([key]) => key);
  }

  /** The record was looked after; what was written to it meanwhile stays open. */
  settled(key: string, before: number): void {
    const open = this.#open.get(key);
    if (open !== undefined && open.since <= before) this.#open.delete(key);
  }

  get empty(): boolean {
    return this.#tickets.size === 0 && this.#open.size === 0;
  }
}
