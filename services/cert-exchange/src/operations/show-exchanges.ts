import { CertlaneError, type Exchange, type exchangeRequests, type ParsedRequestOf } from '@certlane/contracts';
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
    const found = new Map<string, Exchange>();
    for await (const exchange of this.#all(request))
      found.set(`${exchange.station} ${exchange.partner} ${exchange.id}`, exchange);
    const ordered = [...found.values()].sort((a, b) => (cursorOf(a) < cursorOf(b) ? 1 : -1));
    const { after, limit } = request;
    const rest = after === undefined ? ordered : ordered.filter((exchange) => cursorOf(exchange) < after);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return { exchanges: page, ...(rest.length > limit && last !== undefined ? { next: cursorOf(last) } : {}) };
  }

  /** @throws {CertlaneError} `not-found` */
  async get(id: string): Promise<Exchange> {
    for await (const exchange of this.#all({})) if (exchange.id === id) return exchange;
    throw new CertlaneError('not-found', `no exchange '${id}' exists: see 'certlane exchange list'`, {
      details: { field: 'id' },
    });
  }

  /** Archived first, so that an open form of the same exchange, which is the newer one, wins. */
  async *#all({
    station,
    partner,
  }: {
    station?: string | undefined;
    partner?: string | undefined;
  }): AsyncIterable<Exchange> {
    const filter = { ...(station === undefined ? {} : { station }), ...(partner === undefined ? {} : { partner }) };
    for await (const archived of this.#archive.list(filter)) yield viewOf(archived, archived.record);
    for await (const ledger of this.#openLedgers(filter)) {
      for (const record of ledger.open) yield viewOf(ledger, record, ledger);
    }
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

function cursorOf({ createdAt, id }: Exchange): string {
  return `${createdAt} ${id}`;
}
