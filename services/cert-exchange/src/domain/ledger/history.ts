import { z } from 'zod';

/** A finished exchange in the history of its partner; both times in milliseconds of the epoch, for room. */
export const finishedEntry = z.object({
  id: z.string(),
  /** Its `createdAt`. */
  at: z.int(),
  /** Its `updatedAt` when it ended: an exchange that was taken up again and ended once more has another entry with another time. */
  over: z.int(),
});
/** A finished exchange in the history of its partner. */
export type FinishedEntry = z.infer<typeof finishedEntry>;

/**
 * Finished exchanges of a partner, in the order in which they ended: the newest in the ledger itself, so that they are written
 * with what ends them, the others in pages that never change.
 */
export const historyRecord = z.object({
  /** Number of the oldest page that is kept. */
  first: z.int(),
  /** Number of the next page to be written. */
  next: z.int(),
  recent: z.array(finishedEntry),
});
/** Finished exchanges of a partner. */
export type HistoryRecord = z.infer<typeof historyRecord>;

/** Entries of a page. */
export const PAGE_ENTRIES = 40;
/**
 * Pages that are kept, hence the last 1,000 exchanges of a partner: years of an ordinary one, and an end to what a partner that
 * sends without end leaves here. Audit and events keep what was.
 */
export const PAGES_KEPT = 25;

/** What is to be done when a history grows, and what it is afterwards. */
export interface HistoryStep {
  readonly history: HistoryRecord | undefined;
  /** Pages to be written before. Made of what stood in the ledger already, so that whoever writes one writes the same. */
  readonly written: readonly { readonly page: number; readonly entries: readonly FinishedEntry[] }[];
  /** Pages that go, with the exchanges they name. */
  readonly dropped: readonly number[];
}

/**
 * The history with exchanges that end now.
 * @param committed whether the former one stands in the ledger already: only then is it put into pages
 */
export function withFinished(
  former: HistoryRecord | undefined,
  closed: readonly { readonly id: string; readonly createdAt: string; readonly updatedAt: string }[],
  committed: boolean,
): HistoryStep {
  const finished = closed.map(({ id, createdAt, updatedAt }) => ({
    id,
    at: Date.parse(createdAt),
    over: Date.parse(updatedAt),
  }));
  if (former === undefined && finished.length === 0) return { history: former, written: [], dropped: [] };
  let { first, next, recent } = former ?? { first: 0, next: 0, recent: [] };
  const written: { page: number; entries: FinishedEntry[] }[] = [];
  for (; committed && recent.length >= PAGE_ENTRIES; next += 1) {
    written.push({ page: next, entries: recent.slice(0, PAGE_ENTRIES) });
    recent = recent.slice(PAGE_ENTRIES);
  }
  const dropped: number[] = [];
  for (; next - first > PAGES_KEPT; first += 1) dropped.push(first);
  const same = finished.length === 0 && written.length === 0 && dropped.length === 0;
  return { history: same ? former : { first, next, recent: [...recent, ...finished] }, written, dropped };
}
