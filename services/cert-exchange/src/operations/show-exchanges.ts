import {
  CertlaneError,
  type Exchange,
  type exchangeRequests,
  type ParsedRequestOf,
  type PartnerRef,
} from '@certlane/contracts';
import { cutPage, unknownPage } from '@certlane/runtime';
import { viewOf } from '../domain/ledger/view.js';
import type { Ledger } from '../domain/ledger/record.js';
import type { Archive, LoggedExchange, Place } from '../ports/archive.js';
import type { Ledgers } from '../ports/ledgers.js';

type ListRequest = ParsedRequestOf<typeof exchangeRequests.exchangeList>;

/** An exchange that may belong to a page. */
interface Candidate extends Place, PartnerRef {
  readonly createdAt: number;
}

/** An exchange of a page, with its place in the list. */
interface Listed {
  readonly place: string;
  readonly exchange: Exchange;
}

/** Exchanges that are read at once. */
const AT_ONCE = 64;
/** Entries of the log that one page looks at: a station with few exchanges among many has short pages instead of slow ones. */
const MOST_LOOKED_AT = 4_000;

/** Lists and shows exchanges, open and over. */
export class ShowExchanges {
  readonly #ledgers: Ledgers;
  readonly #archive: Archive;

  constructor(options: { ledgers: Ledgers; archive: Archive }) {
    this.#ledgers = options.ledgers;
    this.#archive = options.archive;
  }

  /** Newest first. The cursor names the last one of a page, so that a page begins where the one before ended. */
  async list({ station, partner, after, limit }: ListRequest): Promise<{ exchanges: Exchange[]; next?: string }> {
    const from = after === undefined ? undefined : placeOf(after);
    const reading = new Reading(this.#ledgers, this.#archive);
    const found =
      partner === undefined
        ? await this.#ofAll(reading, { station, from, limit })
        : { listed: await this.#ofPartner(reading, { station, partner, from, limit }) };
    const page = cutPage(found.listed, { limit, place: ({ place }) => place, next: found.next });
    const { entries, ...rest } = page;
    return { exchanges: entries.map(({ exchange }) => exchange), ...rest };
  }

  /** @throws {CertlaneError} `not-found` */
  async get(id: string): Promise<Exchange> {
    const ref = await this.#archive.find(id);
    const reading = new Reading(this.#ledgers, this.#archive);
    const exchange = ref === undefined ? undefined : await reading.exchange(ref, id, { decision: true });
    if (exchange !== undefined) return exchange;
    throw new CertlaneError('not-found', `no exchange '${id}' exists: see 'certlane exchange list'`, {
      details: { field: 'id' },
    });
  }

  /** A partner has few enough for all of them to be put in order; what they are is read for the page alone. */
  async #ofPartner(
    reading: Reading,
    {
      station,
      partner,
      from,
      limit,
    }: { station: string | undefined; partner: string; from: Place | undefined; limit: number },
  ): Promise<Listed[]> {
    const stations = station === undefined ? await this.#archive.stationsOf(partner) : [station];
    const candidates = new Map<string, Candidate>();
    for (const ref of stations.map((one) => ({ station: one, partner }))) {
      const ledger = await reading.ledger(ref);
      const open = ledger.open.map(({ id, createdAt }) => ({ id, at: Date.parse(createdAt) }));
      for (const { id, at } of [...(await this.#archive.finished(ledger)), ...open]) {
        candidates.set(`${ref.station} ${id}`, { ...ref, id, at, createdAt: at });
      }
    }
    const ordered = [...candidates.values()]
      .filter((one) => isBehind(one, from))
      .sort((a, b) => (isBehind(a, b) ? 1 : -1));
    const listed: Listed[] = [];
    for (let next = 0; next < ordered.length && listed.length <= limit; next += AT_ONCE) {
      listed.push(...(await reading.listed(ordered.slice(next, next + AT_ONCE))));
    }
    return listed;
  }

  async #ofAll(
    reading: Reading,
    { station, from, limit }: { station: string | undefined; from: Place | undefined; limit: number },
  ): Promise<{ listed: Listed[]; next?: string }> {
    const listed: Listed[] = [];
    let batch: LoggedExchange[] = [];
    let lookedAt = 0;
    for await (const entry of this.#archive.newestFirst(from)) {
      lookedAt += 1;
      if (station === undefined || entry.station === station) batch.push(entry);
      const enough = batch.length === AT_ONCE || listed.length + batch.length > limit;
      if (enough || lookedAt === MOST_LOOKED_AT) {
        listed.push(...(await reading.listed(batch)));
        batch = [];
      }
      if (listed.length > limit) return { listed };
      if (lookedAt === MOST_LOOKED_AT) return { listed, next: cursorOf(entry) };
    }
    return { listed: [...listed, ...(await reading.listed(batch))] };
  }
}

/** What one request reads; a ledger once. */
class Reading {
  readonly #ledgers: Ledgers;
  readonly #archive: Archive;
  readonly #read = new Map<string, Promise<Ledger>>();

  constructor(ledgers: Ledgers, archive: Archive) {
    this.#ledgers = ledgers;
    this.#archive = archive;
  }

  ledger({ station, partner }: PartnerRef): Promise<Ledger> {
    const key = `${station} ${partner}`;
    const ledger = this.#read.get(key) ?? this.#ledgers.read({ station, partner });
    this.#read.set(key, ledger);
    return ledger;
  }

  /**
   * Looks into the ledger first: an exchange is archived before it leaves it, so the other way round one that ends meanwhile would
   * be seen in neither. Of one that is in both the open form is the newer one, unless it ended just now.
   */
  async exchange(ref: PartnerRef, id: string, more: { decision?: boolean } = {}): Promise<Exchange | undefined> {
    const ledger = await this.ledger(ref);
    const open = ledger.open.find((record) => record.id === id);
    if (open !== undefined) return viewOf(ledger, open, ledger, more);
    const archived = await this.#archive.get(ref, id);
    return archived === undefined ? undefined : viewOf(ref, archived, undefined, more);
  }

  /** In the same order; a note of an exchange that never came about, or began anew later, is left out. */
  async listed(candidates: readonly Candidate[]): Promise<Listed[]> {
    const read = await Promise.all(
      candidates.map(async (candidate) => {
        const { station, partner, id, createdAt } = candidate;
        const exchange = await this.exchange({ station, partner }, id);
        if (exchange === undefined || Date.parse(exchange.createdAt) !== createdAt) return [];
        return [{ place: cursorOf(candidate), exchange }];
      }),
    );
    return read.flat();
  }
}

function isBehind(one: Place, other: Place | undefined): boolean {
  if (other === undefined) return true;
  return one.at < other.at || (one.at === other.at && one.id < other.id);
}

function cursorOf({ at, id }: Place): string {
  return `${new Date(at).toISOString()} ${id}`;
}

/** @throws {CertlaneError} `invalid-argument` for what {@link cursorOf} never made */
function placeOf(cursor: string): Place {
  const [, time = '', id = ''] = /^(\d{4}-\d{2}-\d{2}T[0-9:.]+Z) (\S+)$/.exec(cursor) ?? [];
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw unknownPage(cursor);
  return { at, id };
}
