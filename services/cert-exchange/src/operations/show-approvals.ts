import {
  CertlaneError,
  type Approval,
  type DecisionRecord,
  type Exchange,
  type exchangeRequests,
  type ParsedRequestOf,
} from '@certlane/contracts';
import { cutPage, unknownPage } from '@certlane/runtime';
import { approvalViewOf } from '../domain/ledger/approval-view.js';
import { viewOf } from '../domain/ledger/view.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import type { HeldEntry, HeldIndex } from '../ports/held-index.js';
import type { Ledgers } from '../ports/ledgers.js';

type ListRequest = ParsedRequestOf<typeof exchangeRequests.approvalList>;

/** Shows what waits for a person, and what a person has decided until the partner has its answer. The index says where to look, the ledger says what there is. */
export class ShowApprovals {
  readonly #ledgers: Ledgers;
  readonly #held: HeldIndex;

  constructor(options: { readonly ledgers: Ledgers; readonly held: HeldIndex }) {
    this.#ledgers = options.ledgers;
    this.#held = options.held;
  }

  /** Oldest first. */
  async list({ station, partner, after, limit }: ListRequest): Promise<{ approvals: Approval[]; next?: string }> {
    if (after !== undefined && !CURSOR.test(after)) throw unknownPage(after);
    const wanted: HeldEntry[] = [];
    for await (const entry of this.#held.all()) {
      if (station !== undefined && entry.station !== station) continue;
      if (partner !== undefined && entry.partner !== partner) continue;
      if (after === undefined || cursorOf(entry) > after) wanted.push(entry);
    }
    wanted.sort((a, b) => (cursorOf(a) < cursorOf(b) ? -1 : 1));
    const found: { readonly entry: HeldEntry; readonly approval: Approval }[] = [];
    for (const entry of wanted) {
      if (found.length > limit) break;
      const { ledger, record } = await this.#look(entry);
      const approval = record === undefined ? undefined : approvalViewOf(ledger, record, entry.kinds);
      if (approval !== undefined) found.push({ entry, approval });
    }
    const { entries, ...rest } = cutPage(found, { limit, place: ({ entry }) => cursorOf(entry) });
    return { approvals: entries.map(({ approval }) => approval), ...rest };
  }

  /** @throws {CertlaneError} `not-found` where nothing of that id waits for a person */
  async get(id: string): Promise<{ approval: Approval; exchange: Exchange; decision: DecisionRecord }> {
    const entry = await this.#held.find(id);
    const { ledger, record } = entry === undefined ? {} : await this.#look(entry);
    const approval =
      ledger === undefined || record === undefined ? undefined : approvalViewOf(ledger, record, entry?.kinds);
    if (ledger === undefined || record?.decision === undefined || approval === undefined) {
      throw new CertlaneError('not-found', `nothing '${id}' waits for a person: see 'certlane approval list'`, {
        details: { field: 'id' },
      });
    }
    return {
      approval,
      exchange: viewOf(ledger, record, ledger, { decision: true }),
      decision: record.decision,
    };
  }

  async #look(entry: HeldEntry): Promise<{ ledger: Ledger; record: ExchangeRecord | undefined }> {
    const ledger = await this.#ledgers.read(entry);
    return { ledger, record: ledger.open.find(({ id }) => id === entry.exchange) };
  }
}

/** As {@link cursorOf} makes it. */
const CURSOR = /^\d{4}-\d{2}-\d{2}T[0-9:.]+Z \S+$/;

function cursorOf({ since, exchange }: HeldEntry): string {
  return `${since} ${exchange}`;
}
