import { createHash } from 'node:crypto';
import { host, odetteId, timestamp } from '@certlane/contracts';
import { documentKey, mutate, type CollectionDefinition, type Documents, type DocumentStore } from '@certlane/runtime';
import { z } from 'zod';
import { claimHost, hostKey, type HostClaim } from '../domain/host-claim.js';
import type { StationRecord } from '../domain/records.js';

const claim = z.object({ host, station: odetteId, claimedAt: timestamp });

/** Documents `host.<digest of the host>`: a name may be longer than a key. */
const hostDocuments = { name: 'host', schema: claim } satisfies CollectionDefinition<typeof claim>;

const keyOf = (name: string): string => documentKey(createHash('sha256').update(hostKey(name)).digest('hex'));

/** Which station has which host name: one document each, so that of two replicas one is second. */
export class StationHosts {
  readonly #documents: Documents<HostClaim>;
  readonly #stationOf: (id: string) => Promise<StationRecord | undefined>;

  constructor(store: DocumentStore, stationOf: (id: string) => Promise<StationRecord | undefined>) {
    this.#documents = store.collection(hostDocuments);
    this.#stationOf = stationOf;
  }

  /** @throws {CertlaneError} what {@link claimHost} throws; `conflict` after too many lost races; `unavailable` */
  claim(asked: Pick<HostClaim, 'host' | 'station'>, now: Date): Promise<void> {
    return mutate(this.#documents, keyOf(asked.host), async (before) => {
      const holder = before === undefined ? undefined : await this.#stationOf(before.station);
      return { do: 'write', value: claimHost(asked, before, holder, now), result: undefined };
    });
  }
}
