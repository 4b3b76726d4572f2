import { CertlaneError, isCertlaneError, timestamp } from '@certlane/contracts';
import {
  CLOCK,
  documentKey,
  mutate,
  STORE,
  type Clock,
  type CollectionDefinition,
  type Documents,
  type DocumentStore,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONTENTS, type Contents } from '../ports/contents.js';
import type { UploadPart, Uploads } from '../ports/uploads.js';

const upload = z.object({ parts: z.int(), begunAt: timestamp, complete: z.boolean() });
type Upload = z.infer<typeof upload>;
const part = z.object({ octets: z.string() });
type Part = z.infer<typeof part>;

/** Documents `upload.<content>`: what is being handed over, or was within the last hour. */
const uploadDocuments = { name: 'upload', schema: upload } satisfies CollectionDefinition<typeof upload>;

/** Documents `upload-part.<content>.<number>`: base64. */
const partDocuments = { name: 'upload-part', schema: part } satisfies CollectionDefinition<typeof part>;

/** Handed over at once, by all operators: each may take 64 MiB of the store. */
const MAXIMUM_OPEN = 8;
const READ_AT_ONCE = 8;

/** {@link Uploads} as documents: every replica finds the parts that others took. */
@Injectable()
export class StoredUploads implements Uploads {
  readonly #uploads: Documents<Upload>;
  readonly #parts: Documents<Part>;
  readonly #contents: Contents;
  readonly #clock: Clock;

  constructor(@Inject(STORE) store: DocumentStore, @Inject(CONTENTS) contents: Contents, @Inject(CLOCK) clock: Clock) {
    this.#uploads = store.collection(uploadDocuments);
    this.#parts = store.collection(partDocuments);
    this.#contents = contents;
    this.#clock = clock;
  }

  async take({ content, parts, part: number, octets }: UploadPart): Promise<boolean> {
    const begun = await this.#begin(content, parts);
    if (begun.complete) return true;
    const text = Buffer.from(octets).toString('base64');
    await mutate<Part, undefined>(this.#parts, documentKey(content, String(number)), (current) =>
      current?.octets === text
        ? { do: 'nothing', result: undefined }
        : { do: 'write', value: { octets: text }, result: undefined },
    );
    const { keys } = await this.#parts.keys(`${documentKey(content)}.*`, { limit: parts });
    return keys.length === parts && (await this.#complete(content, parts));
  }

  async sweep(olderThan: Date): Promise<void> {
    for (const key of await allKeys(this.#uploads, '*')) {
      const stored = await this.#uploads.get(key);
      if (stored !== undefined && new Date(stored.value.begunAt) < olderThan) await this.#forget(key);
    }
    // A part may have been written when its upload was forgotten already.
    const known = new Set(await allKeys(this.#uploads, '*'));
    for (const key of await allKeys(this.#parts, '>'))
      if (!known.has(key.slice(0, key.indexOf('.')))) await remove(this.#parts, key);
  }

  async #begin(content: string, parts: number): Promise<Upload> {
    const key = documentKey(content);
    const known = (await this.#uploads.get(key))?.value;
    if (known === undefined && (await this.#open()) >= MAXIMUM_OPEN) {
      throw new CertlaneError(
        'failed-precondition',
        `content: ${MAXIMUM_OPEN} lists are being handed over already; try again when they are done, or in an hour`,
        { details: { field: 'content' } },
      );
    }
    const begunAt = this.#clock.now().toISOString();
    const begun = await mutate<Upload, Upload>(this.#uploads, key, (current) => {
      if (current !== undefined) return { do: 'nothing', result: current };
      const value = { parts, begunAt, complete: false };
      return { do: 'write', value, result: value };
    });
    if (begun.parts === parts) return begun;
    throw new CertlaneError('invalid-argument', `parts: ${parts}, but it was begun with ${begun.parts} parts`, {
      details: { field: 'parts' },
    });
  }

  async #open(): Promise<number> {
    const { documents } = await this.#uploads.list('*', { limit: 1_000 });
    return documents.filter(({ value }) => !value.complete).length;
  }

  async #complete(content: string, parts: number): Promise<boolean> {
    const whole = await this.#whole(content, parts);
    // Another replica had the last part at the same time, and was faster.
    if (whole === undefined) return (await this.#uploads.get(documentKey(content)))?.value.complete === true;
    const name = createHash('sha256').update(whole).digest('hex');
    if (name !== content) {
      await this.#forget(documentKey(content));
      throw new CertlaneError(
        'invalid-argument',
        `content: the parts make ${name}, not ${content}; hand it over anew`,
        {
          details: { field: 'content' },
        },
      );
    }
    await this.#contents.put(whole);
    await mutate<Upload, undefined>(this.#uploads, documentKey(content), (current) =>
      current === undefined
        ? { do: 'nothing', result: undefined }
        : { do: 'write', value: { ...current, complete: true }, result: undefined },
    );
    await this.#removeParts(documentKey(content));
    return true;
  }

  async #whole(content: string, parts: number): Promise<Buffer | undefined> {
    const octets: Buffer[] = [];
    for (let from = 0; from < parts; from += READ_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(READ_AT_ONCE, parts - from) }, (_, index) => from + index);
      const read = await Promise.all(numbers.map((number) => this.#parts.get(documentKey(content, String(number)))));
      for (const one of read) {
        if (one === undefined) return undefined;
        octets.push(Buffer.from(one.value.octets, 'base64'));
      }
    }
    return Buffer.concat(octets);
  }

  async #forget(key: string): Promise<void> {
    await remove(this.#uploads, key);
    await this.#removeParts(key);
  }

  async #removeParts(key: string): Promise<void> {
    for (const one of await allKeys(this.#parts, `${key}.*`)) await remove(this.#parts, one);
  }
}

async function allKeys(documents: Documents<unknown>, pattern: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (let after: string | undefined; ;) {
    const { keys, next } = await documents.keys(pattern, { limit: 1_000, ...(after === undefined ? {} : { after }) });
    all.push(...keys);
    if (next === undefined) return all;
    after = next;
  }
}

/** What somebody else changed or removed meanwhile is his. */
async function remove(documents: Documents<unknown>, key: string): Promise<void> {
  const stored = await documents.get(key);
  if (stored === undefined) return;
  try {
    await documents.remove(key, stored.revision);
  } catch (thrown) {
    if (!isCertlaneError(thrown) || thrown.code !== 'conflict') throw thrown;
  }
}
