import type { PartnerRef } from '@certlane/contracts';
import { documentKey, mutate, type Documents, type DocumentStore } from '@certlane/runtime';
import { z } from 'zod';
import { withFinished, finishedEntry, type FinishedEntry, type HistoryRecord } from '../domain/ledger/history.js';
import { exchangeRecord, type ExchangeRecord, type Ledger } from '../domain/ledger/record.js';
import type { Archive, LoggedExchange, Place } from '../ports/archive.js';
import { createOnce } from './create-once.js';
import { ExchangeLog } from './exchange-log.js';

const archivedExchange = z.object({ station: z.string(), partner: z.string(), record: exchangeRecord });
type ArchivedExchange = z.infer<typeof archivedExchange>;
/** Whose exchange it is, and its `createdAt` in milliseconds of the epoch. */
const whereabouts = z.object({ station: z.string(), partner: z.string(), at: z.int() });
const historyPage = z.object({ entries: z.array(finishedEntry) });
const stations = z.object({ stations: z.array(z.string()) });

const upgrade = z.object({ done: z.literal(true) });
const IN_ORDER = 'exchange-order';

/** An exchange that begins, with whose it is. */
export interface Begun extends PartnerRef, Pick<ExchangeRecord, 'id' | 'createdAt'> {}

/** Documents that are read or removed at once. */
const AT_ONCE = 32;

/**
 * Exchanges that are over, a document each, and what leads to an exchange:
 *
 * - `archive.<partner>.<station>.<exchange>`: an exchange that is over;
 * - `place.<exchange>`: whose it is, from before it begins;
 * - `history.<partner>.<station>.<page>`: which ones a partner has, oldest page first; the newest are in the ledger;
 * - `partner.<partner>`: at which stations it is;
 * - `log.<part>`, `log-page.<part>.<page>`: those of all partners by time ({@link ExchangeLog}).
 */
export class DocumentArchive implements Archive {
  readonly #archived: Documents<ArchivedExchange>;
  readonly #places: Documents<z.infer<typeof whereabouts>>;
  readonly #history: Documents<z.infer<typeof historyPage>>;
  readonly #partners: Documents<z.infer<typeof stations>>;
  readonly #upgrades: Documents<z.infer<typeof upgrade>>;
  readonly #log: ExchangeLog;

  constructor(store: DocumentStore) {
    this.#archived = store.collection({ name: 'archive', schema: archivedExchange });
    this.#places = store.collection({ name: 'place', schema: whereabouts });
    this.#history = store.collection({ name: 'history', schema: historyPage });
    this.#partners = store.collection({ name: 'partner', schema: stations });
    this.#upgrades = store.collection({ name: 'upgrade', schema: upgrade });
    this.#log = new ExchangeLog(store);
  }

  async get({ station, partner }: PartnerRef, id: string): Promise<ExchangeRecord | undefined> {
    return (await this.#archived.get(documentKey(partner, station, id)))?.value.record;
  }

  async find(id: string): Promise<PartnerRef | undefined> {
    const place = (await this.#places.get(documentKey(id)))?.value;
    if (place !== undefined) return { station: place.station, partner: place.partner };
    if (await this.isInOrder()) return undefined;
    // Archived by an earlier version perhaps: looked for among all, which takes its time.
    const [former] = (await this.#archived.list(`*.*.${documentKey(id)}`, { limit: 1 })).documents;
    return former === undefined ? undefined : { station: former.value.station, partner: former.value.partner };
  }

  /** Whether what an earlier version stored has been noted as well. */
  async isInOrder(): Promise<boolean> {
    return (await this.#upgrades.get(IN_ORDER)) !== undefined;
  }

  async setInOrder(): Promise<void> {
    await createOnce(this.#upgrades, IN_ORDER, { done: true });
  }

  async finished({ station, partner, history }: Ledger): Promise<readonly FinishedEntry[]> {
    if (history === undefined) return [];
    const numbers = Array.from({ length: history.next - history.first }, (_, index) => history.first + index);
    const pages = await Promise.all(numbers.map((page) => this.#history.get(pageKey({ station, partner }, page))));
    return [...pages.flatMap((page) => page?.value.entries ?? []), ...history.recent];
  }

  async stationsOf(partner: string): Promise<readonly string[]> {
    return (await this.#partners.get(documentKey(partner)))?.value.stations ?? [];
  }

  newestFirst(after?: Place): AsyncIterable<LoggedExchange> {
    return this.#log.newestFirst(after);
  }

  /** Notes a partner of which there was no ledger. */
  async meet({ station, partner }: PartnerRef): Promise<void> {
    await mutate(this.#partners, documentKey(partner), (current) => {
      const known = current?.stations ?? [];
      if (known.includes(station)) return { do: 'nothing', result: undefined };
      return { do: 'write', value: { stations: [...known, station].sort() }, result: undefined };
    });
  }

  /**
   * Notes exchanges, oldest first, before they are in their ledgers: killed between the two, it leaves notes of nothing, never an
   * exchange that is not found. One that is noted already stays as it is.
   */
  async enter(exchanges: readonly Begun[]): Promise<void> {
    const noted = await Promise.all(exchanges.map((exchange) => this.#isNoted(exchange)));
    const fresh = exchanges.filter((_exchange, index) => noted[index] === false);
    // The log first: whoever finds the note relies on it.
    await this.#log.append(...fresh.map((one) => ({ ...named(one), createdAt: Date.parse(one.createdAt) })));
    await Promise.all(fresh.map((exchange) => this.#note(exchange)));
  }

  /** Keeps an exchange that is over; one that came again and was answered again takes the place of its earlier form. */
  async keep({ station, partner }: PartnerRef, record: ExchangeRecord): Promise<void> {
    // Its octets have served: certificates on file live in the registry.
    const value = { station, partner, record: { ...record, octets: '' } };
    const key = documentKey(partner, station, record.id);
    if (await createOnce(this.#archived, key, value)) return;
    await mutate(this.#archived, key, () => ({ do: 'write', value, result: undefined }));
  }

  /**
   * Carries the history of a partner on with exchanges that are kept already; the oldest go. To be written with the ledger: cut off
   * before that, the same is done again.
   * @param former the ledger as it stands
   * @param ledger what follows it
   */
  async file(former: Ledger, ledger: Ledger, closed: readonly ExchangeRecord[]): Promise<HistoryRecord | undefined> {
    const { history, written, dropped } = withFinished(ledger.history, closed, ledger.history === former.history);
    for (const { page, entries } of written) {
      await createOnce(this.#history, pageKey(ledger, page), { entries: [...entries] });
    }
    for (const page of dropped) await this.#drop(ledger, page);
    return history;
  }

  async #isNoted({ station, partner, id, createdAt }: Begun): Promise<boolean> {
    const noted = (await this.#places.get(documentKey(id)))?.value;
    return noted?.at === Date.parse(createdAt) && noted.partner === partner && noted.station === station;
  }

  async #note({ station, partner, id, createdAt }: Begun): Promise<void> {
    const value = { station, partner, at: Date.parse(createdAt) };
    if (await createOnce(this.#places, documentKey(id), value)) return;
    await mutate(this.#places, documentKey(id), () => ({ do: 'write', value, result: undefined }));
  }

  /** The page goes last: as long as it is there, what it names is found again. */
  async #drop(ledger: Ledger, page: number): Promise<void> {
    const key = pageKey(ledger, page);
    const entries = (await this.#history.get(key))?.value.entries ?? [];
    for (let from = 0; from < entries.length; from += AT_ONCE) {
      const some = entries.slice(from, from + AT_ONCE);
      // One that was taken up again has, or will have, an entry of its own.
      const over = some.filter(({ id }) => ledger.open.every((record) => record.id !== id));
      await Promise.all(over.map((entry) => this.forget(ledger, entry)));
    }
    await mutate(this.#history, key, () => ({ do: 'remove', result: undefined }));
  }

  /** Lets go of an exchange that is over, unless it has ended once more since. */
  async forget({ station, partner }: PartnerRef, { id, over }: Pick<FinishedEntry, 'id' | 'over'>): Promise<void> {
    const key = documentKey(partner, station, id);
    const gone = await mutate(this.#archived, key, (archived) =>
      archived === undefined || Date.parse(archived.record.updatedAt) === over
        ? { do: 'remove', result: true }
        : { do: 'nothing', result: false },
    );
    if (gone) await mutate(this.#places, documentKey(id), () => ({ do: 'remove', result: undefined }));
  }
}

function named({ id, station, partner }: Begun): Omit<Begun, 'createdAt'> {
  return { id, station, partner };
}

function pageKey({ station, partner }: PartnerRef, page: number): string {
  return documentKey(partner, station, String(page));
}
