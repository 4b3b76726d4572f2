import { CertlaneError, isCertlaneError } from '@certlane/contracts';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../service/clock.js';
import type { Ids } from '../service/ids.js';
import type { Documents, DocumentStore, Stored } from './documents.js';
import { everyKey } from './every-key.js';

/** What they are kept with. */
export interface LargeDocumentsParts {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Octets of a part; 720,000 unless told: as much as a document of 1,000,000 octets holds as base64. */
  readonly partOctets?: number;
}

/** What a sweep removed. */
export interface Swept {
  readonly contents: number;
  /** Parts of contents, and parts that belonged to none. */
  readonly parts: number;
}

const PART_OCTETS = 720_000;
const AT_ONCE = 4;
/** Content that is put again counts as new, once it is older than this. */
const RENEW_AFTER_MS = 600_000;
/** Only a sweep or another writer of the same content gets between. */
const ATTEMPTS = 5;

const time = z.iso.datetime();
/** What names a content; a small one stands in it. */
const head = z.union([
  z.strictObject({ at: time, content: z.string() }),
  z.strictObject({ at: time, upload: z.string(), parts: z.int().min(1), octets: z.int().min(1) }),
]);
type Head = z.output<typeof head>;
/** Base64; what is not is found out by the hash of the whole. */
const part = z.strictObject({ content: z.string() });

/**
 * Octets beyond what a document holds, named by their SHA-256: what is there under a name never changes.
 *
 * The parts of a content are written first, under the name of their upload; then the head, which names the upload. So a content is there
 * whole or not at all, two writers of the same content never share a part, and what a killed process left has no head.
 */
export class LargeDocuments {
  readonly #parts: LargeDocumentsParts;
  readonly #size: number;
  readonly #heads: Documents<Head>;
  readonly #contents: Documents<z.output<typeof part>>;

  constructor(parts: LargeDocumentsParts) {
    this.#parts = parts;
    this.#size = parts.partOctets ?? PART_OCTETS;
    this.#heads = parts.store.collection({ name: 'large', schema: head });
    this.#contents = parts.store.collection({ name: 'large-part', schema: part });
  }

  /**
   * Keeps octets; those that are kept already are only marked as new, so that a sweep leaves them.
   * @returns their SHA-256, lower-case hex
   * @throws {CertlaneError} `unavailable`
   */
  async put(octets: Uint8Array): Promise<string> {
    const hash = sha256(octets);
    let fresh: Head | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await this.#heads.get(hash);
      if (stored === undefined) fresh ??= await this.#upload(hash, octets);
      const kept = stored === undefined ? this.#create(hash, fresh as Head) : this.#renew(stored);
      if (await kept) return hash;
    }
    throw new CertlaneError('conflict', `content ${hash} is being kept and swept by others; send it again`);
  }

  /**
   * The octets of this name; undefined where there are none.
   * @param hash as {@link LargeDocuments.put} gave it
   * @throws {CertlaneError} `internal` when what is stored is not what was put; `unavailable`
   */
  async get(hash: string): Promise<Buffer | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await this.#heads.get(hash);
      if (stored === undefined) return undefined;
      const octets = await this.#whole(hash, stored.value);
      if (octets !== undefined && sha256(octets) === hash) return octets;
      // A sweep may have been at it since its head was read; if it was not, the content is broken.
      if ((await this.#heads.get(hash))?.revision === stored.revision) break;
    }
    throw new CertlaneError('internal', `content ${hash} in the store is damaged`);
  }

  /**
   * Removes the contents that nobody names any more, and what was left half-written.
   * @param keep names of contents that are needed
   * @param olderThan contents put since then stay, whoever names them: has to lie well before now, by an hour or more, because a content
   *   is put before the document that names it is written
   */
  async sweep(keep: ReadonlySet<string>, olderThan: Date): Promise<Swept> {
    let contents = 0;
    for await (const hash of everyKey(this.#heads, '*')) {
      if (keep.has(hash)) continue;
      const stored = await this.#heads.get(hash);
      if (stored !== undefined && new Date(stored.value.at) < olderThan && (await removed(this.#heads, stored)))
        contents += 1;
    }
    return { contents, parts: await this.#sweepParts(olderThan) };
  }

  /** Parts have no age of their own; the name of their upload begins with its time. */
  async #sweepParts(olderThan: Date): Promise<number> {
    const uploads = new Map<string, boolean>();
    let count = 0;
    for await (const key of everyKey(this.#contents, '>')) {
      const [hash = '', upload = ''] = key.split('.');
      let orphaned = uploads.get(upload);
      if (orphaned === undefined) {
        orphaned = uploadedAt(upload) < olderThan.getTime() && !(await this.#names(hash, upload));
        uploads.set(upload, orphaned);
      }
      if (!orphaned) continue;
      const stored = await this.#contents.get(key);
      if (stored !== undefined && (await removed(this.#contents, stored))) count += 1;
    }
    return count;
  }

  async #names(hash: string, upload: string): Promise<boolean> {
    const stored = await this.#heads.get(hash);
    return stored !== undefined && 'upload' in stored.value && stored.value.upload === upload;
  }

  async #upload(hash: string, octets: Uint8Array): Promise<Head> {
    const at = this.#parts.clock.now();
    if (octets.length <= this.#size) return { at: at.toISOString(), content: base64(octets) };
    const upload = `${at.getTime()}-${this.#parts.ids.next()}`;
    const parts = Math.ceil(octets.length / this.#size);
    await eachOf(parts, (index) => {
      const content = base64(octets.subarray(index * this.#size, (index + 1) * this.#size));
      return this.#contents.create(partKey(hash, upload, index), { content });
    });
    return { at: at.toISOString(), upload, parts, octets: octets.length };
  }

  #create(hash: string, value: Head): Promise<boolean> {
    return unlessLost(() => this.#heads.create(hash, value));
  }

  async #renew({ key, value, revision }: Stored<Head>): Promise<boolean> {
    const now = this.#parts.clock.now();
    if (now.getTime() - new Date(value.at).getTime() < RENEW_AFTER_MS) return true;
    return unlessLost(() => this.#heads.update(key, revision, { ...value, at: now.toISOString() }));
  }

  async #whole(hash: string, value: Head): Promise<Buffer | undefined> {
    if ('content' in value) return Buffer.from(value.content, 'base64');
    const whole = Buffer.alloc(value.octets);
    const missing: number[] = [];
    await eachOf(value.parts, async (index) => {
      const stored = await this.#contents.get(partKey(hash, value.upload, index));
      if (stored === undefined) missing.push(index);
      else whole.write(stored.value.content, index * this.#size, 'base64');
    });
    return missing.length > 0 ? undefined : whole;
  }
}

function partKey(hash: string, upload: string, index: number): string {
  return `${hash}.${upload}.${index}`;
}

/** Milliseconds of the epoch. */
function uploadedAt(upload: string): number {
  return Number(upload.slice(0, upload.indexOf('-')));
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}

/** A few at a time: each is a megabyte on the wire. */
async function eachOf(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  } finally {
    // After a failure the others need not go on.
    next = count;
  }
}

/** @returns false when somebody else was faster */
async function unlessLost(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    if (isCertlaneError(thrown) && (thrown.code === 'conflict' || thrown.code === 'already-exists')) return false;
    throw thrown;
  }
}

function removed<Value>(documents: Documents<Value>, { key, revision }: Stored<Value>): Promise<boolean> {
  return unlessLost(() => documents.remove(key, revision));
}
