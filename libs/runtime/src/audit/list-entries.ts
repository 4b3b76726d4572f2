import type { AuditEntry } from '@certlane/contracts';
import { cutPage } from '../nats/pages.js';
import type { AuditBlocks } from './blocks.js';

/** Which entries are wanted. */
export interface EntryQuery {
  readonly station?: string | undefined;
  readonly partner?: string | undefined;
  /** Number of the entry before the page; 0 unless told. */
  readonly after?: number | undefined;
  /** Entries at most. */
  readonly limit: number;
}

/** A page of entries, newest last. */
export interface EntryPage {
  readonly entries: AuditEntry[];
  /** Number of the newest entry there is, of whatever partner; 0 where there is none. */
  readonly head: number;
  /** Number of the entry before the next page; absent on the last one. */
  readonly next?: string;
}

const READ_AT_ONCE = 32;
/** A filter that nothing passes must not have a reply wait for the whole trail: the caller is given a page of none and goes on. */
const MAX_BLOCKS = 2_048;

/**
 * A page of a trail, unchecked.
 * @throws {CertlaneError} `failed-precondition` when a block is missing
 */
export async function listEntries(blocks: AuditBlocks, query: EntryQuery): Promise<EntryPage> {
  const { after = 0, limit } = query;
  const head = await blocks.head();
  if (after >= head.number) return { entries: [], head: head.number };
  const found: AuditEntry[] = [];
  let seen = after;
  let next = after === 0 ? 1 : await blocks.blockOf(after + 1, head.block);
  const end = Math.min(head.block, next + MAX_BLOCKS - 1);
  while (next <= end && found.length < limit) {
    const count = Math.min(READ_AT_ONCE, end - next + 1);
    const read = await Promise.all(Array.from({ length: count }, (_, index) => blocks.read(next + index)));
    for (const entry of read.flat()) {
      if (entry.number <= after) continue;
      seen = entry.number;
      if (passes(entry, query)) found.push(entry);
    }
    next += count;
  }
  const behind = seen < head.number ? { next: String(seen) } : {};
  const page = cutPage(found, { limit, place: ({ number }) => String(number), ...behind });
  return { head: head.number, ...page };
}

function passes({ about }: AuditEntry, { station, partner }: EntryQuery): boolean {
  return (station === undefined || about.station === station) && (partner === undefined || about.partner === partner);
}
