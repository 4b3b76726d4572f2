import { CertlaneError, isCertlaneError } from '@certlane/contracts';
import {
  CLOCK,
  documentKey,
  STORE,
  type Clock,
  type CollectionDefinition,
  type Documents,
  type DocumentStore,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Contents } from '../ports/contents.js';

const part = z.object({ octets: z.base64(), parts: z.int(), putAt: z.iso.datetime() });
type Part = z.infer<typeof part>;

/** Documents `content.<name>.<number>`: a part of the octets each; the first one says how many there are, and is written last. */
const contentDocuments = { name: 'content', schema: part } satisfies CollectionDefinition<typeof part>;

/** Octets of one part: as base64 they stay below the 1,000,000 octets of a document. */
const PART_OCTETS = 600_000;

/** {@link Contents} as documents. */
@Injectable()
export class StoredContents implements Contents {
  readonly #parts: Documents<Part>;
  readonly #clock: Clock;

  constructor(@Inject(STORE) store: DocumentStore, @Inject(CLOCK) clock: Clock) {
    this.#parts = store.collection(contentDocuments);
    this.#clock = clock;
  }

  async put(octets: Uint8Array): Promise<string> {
    const name = createHash('sha256').update(octets).digest('hex');
    if ((await this.#parts.get(documentKey(name, '0'))) !== undefined) return name;
    const parts = Math.max(1, Math.ceil(octets.length / PART_OCTETS));
    const putAt = this.#clock.now().toISOString();
    for (let number = parts - 1; number >= 0; number -= 1) {
      const text = Buffer.from(octets.subarray(number * PART_OCTETS, (number + 1) * PART_OCTETS)).toString('base64');
      try {
        await this.#parts.create(documentKey(name, String(number)), { octets: text, parts, putAt });
      } catch (thrown) {
        if (!isCertlaneError(thrown) || thrown.code !== 'already-exists') throw thrown;
      }
    }
    return name;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const first = (await this.#parts.get(documentKey(name, '0')))?.value;
    if (first === undefined) return undefined;
    const octets = [Buffer.from(first.octets, 'base64')];
    for (let number = 1; number < first.parts; number += 1) {
      const next = (await this.#parts.get(documentKey(name, String(number))))?.value;
      if (next === undefined) return undefined;
      octets.push(Buffer.from(next.octets, 'base64'));
    }
    const whole = Buffer.concat(octets);
    if (createHash('sha256').update(whole).digest('hex') === name) return whole;
    throw new CertlaneError('internal', `the content ${name} is not what was kept under this name`);
  }
}
