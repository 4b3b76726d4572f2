import { auditEntry, CertlaneError, isCertlaneError, type AuditEntry } from '@certlane/contracts';
import { z } from 'zod';
import type { Documents, DocumentStore } from '../store/documents.js';
import { linkEntry, ORIGIN, type AuditBody, type Link } from './chain.js';

/** The last block there is and the entry it ends with; block 0 and entry 0 where there is none. */
export interface Head extends Link {
  readonly block: number;
}

const NONE: Head = { ...ORIGIN, block: 0 };
/** Keys have the order of the numbers. */
const DIGITS = 12;

const block = z.object({ entries: z.array(auditEntry).min(1) });
/** What is not a block has to be seen to be reported, so the store lets everything through. */
const anything = z.unknown();

/**
 * The entries of one trail, in documents `audit.000000000001` and on. A block is written once and never changed; since the next one has
 * one key, creating it is the compare-and-swap that orders the replicas of a service.
 */
export class AuditBlocks {
  readonly #documents: Documents<unknown>;
  #head = NONE;

  constructor(store: DocumentStore) {
    this.#documents = store.collection({ name: 'audit', schema: anything });
  }

  /**
   * Writes entries as the block behind the head as far as it is known.
   * @returns the entries in their places; undefined when another replica was faster
   */
  async append(bodies: readonly AuditBody[]): Promise<readonly AuditEntry[] | undefined> {
    let last: Link = this.#head;
    const entries = bodies.map((body) => {
      const entry = linkEntry(body, last);
      last = entry;
      return entry;
    });
    const number = this.#head.block + 1;
    try {
      await this.#documents.create(keyOf(number), { entries });
    } catch (thrown) {
      if (isCertlaneError(thrown) && (thrown.code === 'already-exists' || thrown.code === 'conflict')) return undefined;
      throw thrown;
    }
    this.#moved({ block: number, number: last.number, hash: last.hash });
    return entries;
  }

  /**
   * Looks for the head.
   * @throws {CertlaneError} `failed-precondition` when the last block is none
   */
  async head(): Promise<Head> {
    const last = await this.last();
    if (last === this.#head.block) return this.#head;
    const { number, hash } = lastOf(await this.read(last));
    this.#moved({ block: last, number, hash });
    return this.#head;
  }

  /**
   * Number of the last block; 0 where there is none. Looked for from where it was last, by doubling and then by halving, since blocks are
   * numbered without a gap.
   */
  async last(): Promise<number> {
    let low = this.#head.block;
    let high = low + 1;
    for (let step = 2; (await this.stored(high)) !== undefined; step *= 2) {
      low = high;
      high += step;
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.stored(middle)) === undefined) high = middle;
      else low = middle;
    }
    return low;
  }

  /** A block as it is stored, whatever it is; undefined where there is none. */
  async stored(number: number): Promise<unknown> {
    try {
      const document = await this.#documents.get(keyOf(number));
      // A document may be null, and it is there all the same.
      return document === undefined ? undefined : (document.value ?? null);
    } catch (thrown) {
      // Octets that are no document at all: somebody else wrote them.
      if (isCertlaneError(thrown) && thrown.code === 'internal') return null;
      throw thrown;
    }
  }

  /**
   * The entries of a block, unchecked.
   * @throws {CertlaneError} `failed-precondition` when it is not there or is none
   */
  async read(number: number): Promise<readonly AuditEntry[]> {
    return asBlock(await this.stored(number), number);
  }

  /**
   * The block that holds an entry; the last one where none does.
   * @param last none behind this block is looked at
   * @throws {CertlaneError} `failed-precondition` when a block on the way is not there or is none
   */
  async blockOf(entry: number, last: number): Promise<number> {
    let low = 1;
    let high = last;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (lastOf(await this.read(middle)).number < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether there is a block behind one that is not: then blocks between them were taken out. */
  async anyBehind(number: number): Promise<boolean> {
    const { keys } = await this.#documents.keys('*', { after: keyOf(number), limit: 1 });
    return keys.length > 0;
  }

  /** Replicas append while we look: never back. */
  #moved(head: Head): void {
    if (head.block > this.#head.block) this.#head = head;
  }
}

function keyOf(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

function lastOf(entries: readonly AuditEntry[]): AuditEntry {
  return entries[entries.length - 1] as AuditEntry;
}

function asBlock(stored: unknown, number: number): readonly AuditEntry[] {
  const parsed = block.safeParse(stored);
  if (parsed.success) return parsed.data.entries;
  const what = stored === undefined ? 'is not there' : 'is not one';
  throw new CertlaneError(
    'failed-precondition',
    `block ${number} of the audit trail ${what}; run 'certlane audit verify'`,
  );
}
