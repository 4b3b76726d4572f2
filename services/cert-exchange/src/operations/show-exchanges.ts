import { CertlaneError, type Exchange, type exchangeRequests, type ParsedRequestOf } from '@certlane/contracts';
import { cutPage, unknownPage } from '@certlane/runtime';
import { viewOf } from '../domain/ledger/view.js';
import type { Archive, Ledgers } from '../ports/ledgers.js';

/** Lists and shows exchanges, open and over. */
export class ShowExchanges {
  readonly #ledgers: Ledgers;
  readonly #archive: Archive;

  constructor(options: { ledgers: Ledgers; archive: Archive }) {
    this.#ledgers = options.ledgers;
    this.#archive = options.archive;
  }

  /** Newest first. The cursor names the last one of a page, so that a page begins where the one before ended. */
  async list(
    request: ParsedRequestOf<typeof exchangeRequests.exchangeList>,
  ): Promise<{ exchanges: Exchange[]; next?: string }> {
    const { after, limit } = request;
    if (after !== undefined && !CURSOR.test(after)) throw unknownPage(after);
    const found = new Map<string, Exchange>();
    for await (const exchange of this.#all(request)) {
      const name = `${exchange.station} ${exchange.partner} ${exchange.id}`;
      if (!found.has(name) && (after === undefined || cursorOf(exchange) < after)) found.set(name, exchange);
    }
    const ordered = [...found.values()].sort((a, b) => (cursorOf(a) < cursorOf(b) ? 1 : -1));
    const { entries, ...rest } = cutPage(ordered, { limit, place: cursorOf });
    return { exchanges: entries, ...rest };
  }

  /** @throws {CertlaneError} `not-found` */
  async get(id: string): Promise<Exchange> {
    for await (const exchange of this.#all({})) if (exchange.id === id) return exchange;
    throw new CertlaneError('not-found', `no exchange '${id}' exists: see 'certlane exchange list'`, {
      details: { field: 'id' },
    });
  }

  /**
   * Open ones first: an exchange is archived before it leaves its ledger, so the other way round one that ends meanwhile would be
   * seen in neither. Of one that is seen in both the open form is the newer one, unless it ended just now.
   */
  async *#all({
    station,
    partner,
  }: {
    station?: string | undefined;
    partner?: string | undefined;
  }): AsyncIterable<Exchange> {
    const filter = { ...(station === undefined ? {} : { station }), ...(partner === undefined ? {} : { partner }) };
    for await (const ledger of this.#openLedgers(filter)) {
      for (const record of ledger.open) yield viewOf(ledger, record, ledger);
    }
    for await (const archived of this.#archive.list(filter)) yield viewOf(archived, archived.record);
  }

  async *#openLedgers({ station, partner }: { station?: string; partner?: string }) {
    if (station !== undefined && partner !== undefined) {
      yield await this.#ledgers.read({ station, partner });
      return;
    }
    for await (const ledger of this.#ledgers.all()) {
      if (station !== undefined && ledger.station !== station) continue;
      if (partner !== undefined && ledger.partner !== partner) continue;
      yield ledger;
    }
  }
}

/** As {@link cursorOf} makes it. */
const CURSOR = /^\d{4}-\d{2}-\d{2}T[0-9:.]+Z \S+$/;

function cursorOf({ createdAt, id }: Exchange): string {
  return `${createdAt} ${id}`;
}
