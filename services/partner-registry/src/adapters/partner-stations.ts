import { odetteId } from '@certlane/contracts';
import { documentKey, mutate, type CollectionDefinition, type Documents, type DocumentStore } from '@certlane/runtime';
import { z } from 'zod';

const stations = z.object({ stations: z.array(odetteId) });

/** Documents `known-by.<partner>`. */
const knownByDocuments = { name: 'known-by', schema: stations } satisfies CollectionDefinition<typeof stations>;

/**
 * Which stations know a partner that may call: every session asks, and a search through the keys of all partners would take the longer the more
 * there are.
 *
 * A station is entered before the partner's own document is written and stays when that goes: taking it out could cross another
 * replica that is entering it again. Whoever reads therefore looks whether the partner is there.
 */
export class PartnerStations {
  readonly #documents: Documents<z.output<typeof stations>>;

  constructor(store: DocumentStore) {
    this.#documents = store.collection(knownByDocuments);
  }

  /** In order of their Odette IDs. Any text may be asked for. */
  async of(partner: string): Promise<readonly string[]> {
    return (await this.#documents.get(documentKey(partner)))?.value.stations ?? [];
  }

  /** @throws {CertlaneError} `unavailable` */
  enter(partner: string, station: string): Promise<void> {
    return mutate(this.#documents, documentKey(partner), (current) => {
      const known = current?.stations ?? [];
      if (known.includes(station)) return { do: 'nothing', result: undefined };
      return { do: 'write', value: { stations: [...known, station].sort() }, result: undefined };
    });
  }
}
