import {
  documentKey,
  mutate,
  MESSAGES,
  STORE,
  unknownPage,
  type Documents,
  type DocumentStore,
  type Messages,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Change } from '../domain/change.js';
import type { HostClaim } from '../domain/host-claim.js';
import type { StationRecord } from '../domain/records.js';
import type { ListedStations, StationPage, Stations } from '../ports/stations.js';
import { stationDocuments } from './station-documents.js';
import { StationHosts } from './station-hosts.js';

/** Where a page begins: a key, as the page before gave it. */
const PLACE = /^[0-9A-Za-z_-]+$/;

/** {@link Stations} as documents. */
@Injectable()
export class StoredStations implements Stations {
  readonly #documents: Documents<StationRecord>;
  readonly #hosts: StationHosts;
  readonly #messages: Messages;

  constructor(@Inject(STORE) store: DocumentStore, @Inject(MESSAGES) messages: Messages) {
    this.#documents = store.collection(stationDocuments);
    this.#hosts = new StationHosts(store, (id) => this.get(id));
    this.#messages = messages;
  }

  async get(id: string): Promise<StationRecord | undefined> {
    return (await this.#documents.get(documentKey(id)))?.value;
  }

  async list({ limit, after }: StationPage): Promise<ListedStations> {
    if (after !== undefined && !PLACE.test(after)) throw unknownPage(after);
    const page = await this.#documents.list('*', { limit, ...(after === undefined ? {} : { after }) });
    const stations = page.documents.map(({ key, value }) => ({ record: value, place: key }));
    return page.next === undefined ? { stations } : { stations, next: page.next };
  }

  claimHost(asked: Pick<HostClaim, 'host' | 'station'>, now: Date): Promise<void> {
    return this.#hosts.claim(asked, now);
  }

  change(id: string, decide: (current: StationRecord | undefined) => Change<StationRecord>): Promise<StationRecord> {
    return mutate(this.#documents, documentKey(id), (current) => {
      const { record, facts } = decide(current);
      if (record === current) return { do: 'nothing', result: record };
      const messages = facts.map(({ contract, data }) => this.#messages.event(contract, data));
      return { do: 'write', value: record, messages, result: record };
    });
  }
}
