import type { PartnerRef } from '@certlane/contracts';
import type { Documents, DocumentStore, Logger } from '@certlane/runtime';
import { z } from 'zod';
import { unchanged } from '../domain/ledger/change.js';
import { PAGE_ENTRIES, PAGES_KEPT, type FinishedEntry } from '../domain/ledger/history.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Begun, DocumentArchive } from './document-archive.js';

/** What is left of an archived exchange in memory while it is put in order: there may be very many. */
const summary = z.object({
  station: z.string(),
  partner: z.string(),
  record: z.object({ id: z.string(), createdAt: z.string(), updatedAt: z.string() }),
});
type Archived = z.infer<typeof summary>;

const AT_ONCE = 200;
const MOST_KEPT = PAGE_ENTRIES * PAGES_KEPT;

/**
 * Puts in order what version 0.1 stored: it kept exchanges by partner and by id, and nothing that leads to them. Done once for a
 * store; cut off and begun again, it comes to the same, and done by two replicas at once as well, but for the order of exchanges
 * that began within moments.
 */
export class ArchiveUpgrade {
  readonly #archived: Documents<Archived>;
  readonly #archive: DocumentArchive;
  readonly #ledgers: Ledgers;
  readonly #logger: Logger;

  constructor(store: DocumentStore, parts: { archive: DocumentArchive; ledgers: Ledgers; logger: Logger }) {
    this.#archived = store.collection({ name: 'archive', schema: summary });
    this.#archive = parts.archive;
    this.#ledgers = parts.ledgers;
    this.#logger = parts.logger;
  }

  async run(): Promise<void> {
    if (await this.#archive.isInOrder()) return;
    const partners = await this.#archivedByPartner();
    const begun: Begun[] = [];
    for await (const { station, partner, open } of this.#ledgers.all()) {
      await this.#archive.meet({ station, partner });
      for (const { id, createdAt } of open) begun.push({ station, partner, id, createdAt });
    }
    for (const archived of partners) {
      for (const { record, ...ref } of archived.splice(0, archived.length - MOST_KEPT)) {
        await this.#archive.forget(ref, entryOf(record));
      }
      for (const { station, partner, record } of archived) {
        begun.push({ station, partner, id: record.id, createdAt: record.createdAt });
      }
    }
    begun.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    for (let from = 0; from < begun.length; from += AT_ONCE)
      await this.#archive.enter(begun.slice(from, from + AT_ONCE));
    for (const archived of partners) await this.#addToHistory(archived);
    await this.#archive.setInOrder();
    if (begun.length > 0)
      this.#logger.info({ exchanges: begun.length }, 'exchanges of an earlier version are in order');
  }

  /** Each in the order in which they ended. */
  async #archivedByPartner(): Promise<Archived[][]> {
    const partners = new Map<string, Archived[]>();
    let after: string | undefined;
    do {
      const page = await this.#archived.list('>', { limit: 1_000, ...(after === undefined ? {} : { after }) });
      for (const { value } of page.documents) {
        const key = `${value.station} ${value.partner}`;
        const others = partners.get(key) ?? [];
        others.push(value);
        partners.set(key, others);
      }
      after = page.next;
    } while (after !== undefined);
    return [...partners.values()].map((archived) =>
      archived.sort((one, other) => (one.record.updatedAt < other.record.updatedAt ? -1 : 1)),
    );
  }

  async #addToHistory(archived: readonly Archived[]): Promise<void> {
    const [first] = archived;
    if (first === undefined) return;
    const ref: PartnerRef = { station: first.station, partner: first.partner };
    await this.#ledgers.change(ref, async (ledger) => {
      const known = new Set((await this.#archive.finished(ledger)).map(({ id }) => id));
      const added = archived.map(({ record }) => entryOf(record)).filter(({ id }) => !known.has(id));
      if (added.length === 0) return { ...unchanged(ledger), result: undefined };
      const { first: oldest, next, recent } = ledger.history ?? { first: 0, next: 0, recent: [] };
      const history = { first: oldest, next, recent: [...added, ...recent] };
      return { ...unchanged({ ...ledger, history }), result: undefined };
    });
  }
}

function entryOf({ id, createdAt, updatedAt }: Archived['record']): FinishedEntry {
  return { id, at: Date.parse(createdAt), over: Date.parse(updatedAt) };
}
