import { documentKey, mutate, type Documents, type DocumentStore } from '@certlane/runtime';
import { z } from 'zod';
import type { LoggedExchange, Place } from '../ports/archive.js';
import { createOnce } from './create-once.js';

const logged = z.object({
  id: z.string(),
  station: z.string(),
  partner: z.string(),
  /** Its `createdAt`, milliseconds of the epoch. */
  createdAt: z.int(),
  /** Its place: the same, unless its part of the log was ahead already. */
  at: z.int(),
});

/** The newest entries of a part, and which pages hold the older ones. */
const head = z.object({
  first: z.int(),
  next: z.int(),
  /** Place of the newest entry. */
  last: z.int(),
  entries: z.array(logged),
});
type Head = z.infer<typeof head>;
const page = z.object({ entries: z.array(logged) });

/** Parts, so that replicas seldom write the same one at once; a list reads the head of each. */
const PARTS = 16;
/** Entries after which a page is turned; entries that came together stay together, so that a page may hold twice as many. */
const PAGE_ENTRIES = 32;
/** Pages of a part that are kept: with all parts, the last million exchanges. */
const PAGES_KEPT = 2_048;

/** Entries that wait for their turn in one part, while others are being written. */
interface Lane {
  waiting: Omit<LoggedExchange, 'at'>[];
  next: Promise<void> | undefined;
  running: Promise<void>;
}

/**
 * All exchanges in the order in which they began, so that the newest of all partners are found without looking at every partner.
 *
 * Keys of our stores are found by name in no time and by pattern in one that grows with the store (nats-server 2.9 looks at every
 * key: a tenth of a second for 300,000), hence documents that are read by name: the log has several parts, each with a head
 * and with pages that never change. Within a part places only grow. An entry is written before its exchange is; one whose exchange never came about
 * names nothing.
 */
export class ExchangeLog {
  readonly #heads: Documents<Head>;
  readonly #pages: Documents<z.infer<typeof page>>;
  readonly #lanes = Array.from({ length: PARTS }, (): Lane => ({
    waiting: [],
    next: undefined,
    running: Promise.resolve(),
  }));

  constructor(store: DocumentStore) {
    this.#heads = store.collection({ name: 'log', schema: head });
    this.#pages = store.collection({ name: 'log-page', schema: page });
  }

  /** Adds exchanges, oldest first; those that come at once are written together, and one that was added just before is not added again. */
  async append(...entries: readonly Omit<LoggedExchange, 'at'>[]): Promise<void> {
    const written = new Set<Promise<void>>();
    for (const entry of entries) {
      const part = partOf(entry.id);
      const lane = this.#lane(part);
      lane.waiting.push(entry);
      lane.next ??= lane.running.then(() => {
        lane.next = undefined;
        const writing = this.#writeAll(part, lane.waiting.splice(0));
        lane.running = writing.catch(() => undefined);
        return writing;
      });
      written.add(lane.next);
    }
    await Promise.all(written);
  }

  /** Entries newest first, from behind a place on; it reads about as much as is taken from it. */
  async *newestFirst(after?: Place): AsyncGenerator<LoggedExchange> {
    const readers = await Promise.all(this.#lanes.map((_lane, part) => this.#reader(part, after)));
    for (;;) {
      await Promise.all(readers.map((reader) => this.#fill(reader)));
      const newest = readers.reduce((one, other) => (isNewer(other.entries[0], one.entries[0]) ? other : one));
      const entry = newest.entries.shift();
      if (entry === undefined) return;
      yield entry;
    }
  }

  #lane(part: number): Lane {
    return this.#lanes[part] as Lane;
  }

  async #writeAll(part: number, entries: readonly Omit<LoggedExchange, 'at'>[]): Promise<void> {
    for (let from = 0; from < entries.length; from += PAGE_ENTRIES) {
      await this.#write(part, entries.slice(from, from + PAGE_ENTRIES));
    }
  }

  async #write(part: number, added: readonly Omit<LoggedExchange, 'at'>[]): Promise<void> {
    await mutate(this.#heads, String(part), async (current) => {
      let value: Head = current ?? { first: 0, next: 0, last: 0, entries: [] };
      if (value.entries.length >= PAGE_ENTRIES) value = await this.#turnPage(part, value);
      let { last } = value;
      // Added before, by somebody who died before he could do more.
      const known = new Set(current?.entries.map(nameOf));
      const fresh = added.filter((entry) => !known.has(nameOf(entry)));
      if (fresh.length === 0) return { do: 'nothing', result: undefined };
      const placed = fresh.map((entry) => ({ ...entry, at: (last = Math.max(entry.createdAt, last + 1)) }));
      return { do: 'write', value: { ...value, last, entries: [...value.entries, ...placed] }, result: undefined };
    });
  }

  /** A head that is full is followed by one without its entries, and by no other: whoever turns a page writes the same. */
  async #turnPage(part: number, { first, next, last, entries }: Head): Promise<Head> {
    await createOnce(this.#pages, keyOf(part, next), { entries });
    const oldest = next - PAGES_KEPT;
    if (oldest >= first) await mutate(this.#pages, keyOf(part, oldest), () => ({ do: 'remove', result: undefined }));
    return { first: Math.max(first, oldest + 1), next: next + 1, last, entries: [] };
  }

  async #reader(part: number, after: Place | undefined): Promise<Reader> {
    const present = (await this.#heads.get(String(part)))?.value;
    const { first, next, entries } = present ?? { first: 0, next: 0, entries: [] };
    if (after === undefined || isNewer(after, entries[0])) {
      return { part, first, page: next - 1, after, entries: behind(entries, after) };
    }
    return { part, first, after, page: await this.#pageOf(part, first, next, after), entries: [] };
  }

  /** The newest page that holds anything behind a place. */
  async #pageOf(part: number, first: number, next: number, after: Place): Promise<number> {
    let [low, high] = [first, next - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const oldest = (await this.#pages.get(keyOf(part, middle)))?.value.entries[0];
      // A page that is gone was older than all that are left.
      if (oldest === undefined || isNewer(after, oldest)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #fill(reader: Reader): Promise<void> {
    while (reader.entries.length === 0 && reader.page >= reader.first) {
      const stored = await this.#pages.get(keyOf(reader.part, reader.page));
      reader.page = stored === undefined ? -1 : reader.page - 1;
      reader.entries = behind(stored?.value.entries ?? [], reader.after);
    }
  }
}

/** How far a part has been read. */
interface Reader {
  readonly part: number;
  readonly first: number;
  readonly after: Place | undefined;
  /** The page to be read next. */
  page: number;
  /** Newest first. */
  entries: LoggedExchange[];
}

function behind(entries: readonly LoggedExchange[], after: Place | undefined): LoggedExchange[] {
  return entries.filter((entry) => after === undefined || isNewer(after, entry)).reverse();
}

/** Whether one comes before the other in a list; what is not there comes last. */
function isNewer(one: Place | undefined, other: Place | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.at > other.at || (one.at === other.at && one.id > other.id);
}

function keyOf(part: number, number: number): string {
  return documentKey(String(part), String(number));
}

function nameOf({ id, createdAt }: Omit<LoggedExchange, 'at'>): string {
  return `${id} ${createdAt}`;
}

/** Ids end in hexadecimal digits of a hash. */
function partOf(id: string): number {
  const digit = Number.parseInt(id.slice(-1), PARTS);
  return Number.isNaN(digit) ? 0 : digit;
}
