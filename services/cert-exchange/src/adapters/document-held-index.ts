import { approvalKind, isCertlaneError } from '@certlane/contracts';
import { documentKey, mutate, type Documents, type DocumentStore } from '@certlane/runtime';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { HeldEntry, HeldIndex } from '../ports/held-index.js';

const heldEntry = z.object({
  station: z.string(),
  partner: z.string(),
  exchange: z.string(),
  since: z.string(),
  kinds: z.array(approvalKind),
});

/** The index of held exchanges as small documents: `held.<exchange>`. */
export class DocumentHeldIndex implements HeldIndex {
  readonly #documents: Documents<z.infer<typeof heldEntry>>;

  constructor(store: DocumentStore) {
    this.#documents = store.collection({ name: 'held', schema: heldEntry });
  }

  async note({ station, partner, exchange, since, kinds }: HeldEntry): Promise<void> {
    const value = { station, partner, exchange, since, kinds: [...kinds] };
    await mutate(this.#documents, documentKey(exchange), (noted) =>
      noted !== undefined && isDeepStrictEqual({ ...noted }, value)
        ? { do: 'nothing', result: undefined }
        : { do: 'write', value, result: undefined },
    );
  }

  async forget(exchange: string): Promise<void> {
    const key = documentKey(exchange);
    const stored = await this.#documents.get(key);
    if (stored === undefined) return;
    try {
      await this.#documents.remove(key, stored.revision);
    } catch (thrown) {
      // Somebody else was here since, and knows better.
      if (!isCertlaneError(thrown) || thrown.code !== 'conflict') throw thrown;
    }
  }

  async find(exchange: string): Promise<HeldEntry | undefined> {
    return (await this.#documents.get(documentKey(exchange)))?.value;
  }

  async *all(): AsyncIterable<HeldEntry> {
    let after: string | undefined;
    do {
      const page = await this.#documents.list('>', { limit: 500, ...(after === undefined ? {} : { after }) });
      for (const { value } of page.documents) yield value;
      after = page.next;
    } while (after !== undefined);
  }
}
