import { CertlaneError, encodeToken, isCertlaneError } from '@certlane/contracts';
import {
  documentKey,
  mutate,
  MESSAGES,
  STORE,
  unknownPage,
  type Documents,
  type DocumentStore,
  type Messages,
  type OutboxMessage,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Change, Fact } from '../domain/change.js';
import type { PartnerRecord } from '../domain/records.js';
import type { Changed, Kept, ListedPartners, PartnerFilter, PartnerKey, Partners } from '../ports/partners.js';
import { partnerDocuments } from './partner-documents.js';
import { PartnerStations } from './partner-stations.js';

const keyOf = ({ partner, station }: PartnerKey): string => documentKey(partner, station);

/** Where a page begins: a key, as the page before gave it. */
const PLACE = /^[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+$/;

/** How often a change is decided anew after another replica was faster. */
const ATTEMPTS = 8;

/** {@link Partners} as documents. */
@Injectable()
export class StoredPartners implements Partners {
  readonly #documents: Documents<PartnerRecord>;
  readonly #stations: PartnerStations;
  readonly #messages: Messages;

  constructor(@Inject(STORE) store: DocumentStore, @Inject(MESSAGES) messages: Messages) {
    this.#documents = store.collection(partnerDocuments);
    this.#stations = new PartnerStations(store);
    this.#messages = messages;
  }

  async get(key: PartnerKey): Promise<Kept | undefined> {
    const stored = await this.#documents.get(keyOf(key));
    return stored === undefined ? undefined : { record: stored.value, revision: stored.revision };
  }

  stationsOf(partner: string): Promise<readonly string[]> {
    return this.#stations.of(partner);
  }

  async list({ station, partner, limit, after }: PartnerFilter): Promise<ListedPartners> {
    if (after !== undefined && !PLACE.test(after)) throw unknownPage(after);
    const token = (text: string | undefined) => (text === undefined ? '*' : encodeToken(text));
    const page = await this.#documents.list(`${token(partner)}.${token(station)}`, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    const partners = page.documents.map(({ key, value }) => ({ record: value, place: key }));
    return page.next === undefined ? { partners } : { partners, next: page.next };
  }

  async change(key: PartnerKey, decide: (current: Kept | undefined) => Change<PartnerRecord>): Promise<Changed> {
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.get(key);
      const { record, facts } = decide(current);
      if (current !== undefined && record === current.record) {
        // "Done already" must not be heard before what was done is told.
        await this.#documents.publishPending(keyOf(key));
        return { before: record, after: current, changed: false };
      }
      try {
        const revision = await this.#write(key, current, record, this.#told(key, facts));
        return { before: current?.record, after: { record, revision }, changed: true };
      } catch (error) {
        if (!isCertlaneError(error) || (error.code !== 'conflict' && error.code !== 'already-exists')) throw error;
        if (attempt === ATTEMPTS) {
          throw new CertlaneError(
            'conflict',
            `partner ${key.partner} of station ${key.station} is being changed by others; send the request again`,
            { cause: error },
          );
        }
      }
    }
  }

  remove(
    key: PartnerKey,
    decide: (current: PartnerRecord) => Promise<readonly Fact[]>,
  ): Promise<PartnerRecord | undefined> {
    return mutate(this.#documents, keyOf(key), async (current) =>
      current === undefined
        ? { do: 'nothing', result: undefined }
        : { do: 'remove', messages: this.#told(key, await decide(current)), result: current },
    );
  }

  async #write(key: PartnerKey, current: Kept | undefined, record: PartnerRecord, messages: readonly OutboxMessage[]) {
    if (current !== undefined) return this.#documents.update(keyOf(key), current.revision, record, messages);
    // Entered first: a partner that exists can always call. A sub-station never does.
    if (record.via === undefined) await this.#stations.enter(key.partner, key.station);
    return this.#documents.create(keyOf(key), record, messages);
  }

  #told({ partner }: PartnerKey, facts: readonly Fact[]): OutboxMessage[] {
    return facts.map(({ contract, data }) => this.#messages.event(contract, data, { partner }));
  }
}
