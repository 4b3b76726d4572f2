import { errorTable, unreachableReasons, type TrustListView } from '@certlane/contracts';

/** What came of reading a list: `pending`: its server has not answered yet; `refused`: what came cannot be used. */
export type ReadingOutcome = 'read' | 'pending' | 'unreachable' | 'refused';

/** What each stands for as exit status; the gravest last, which counts where there are several. */
const EXIT: Readonly<Record<ReadingOutcome, number>> = {
  read: 0,
  pending: errorTable.unavailable.exitStatus,
  refused: errorTable['failed-precondition'].exitStatus,
  unreachable: errorTable.unavailable.exitStatus,
};

/** The exit statuses of commands that read one list, for their help. */
export const READING_EXITS = `0 it was read, and is in use; ${EXIT.refused} what came cannot be used; ${EXIT.unreachable} nothing could be read, or not yet.`;

/** The same for revocation lists, of which there may be many. */
export const READINGS_EXITS = `0 every list was read; ${EXIT.refused} what came of one cannot be used; ${EXIT.unreachable} one could not be read, or not yet.`;

/** The same for a revocation list in a file. */
export const IMPORT_EXITS = `0 it is in use; ${EXIT.refused} it is not taken, or too old to make a certificate good.`;

/** What came of a try; without one, or while another one is under way, nothing is known. */
export function readingOutcome(lastTry: TrustListView['lastTry'], queued: boolean): ReadingOutcome {
  if (queued || lastTry === undefined) return 'pending';
  if (lastTry.ok) return 'read';
  return unreachableReasons.some((reason) => reason === lastTry.reason) ? 'unreachable' : 'refused';
}

/**
 * What came of several: the gravest.
 * @param queued how many have not been read yet
 */
export function readingsOutcome(lists: readonly Pick<TrustListView, 'lastTry'>[], queued: number): ReadingOutcome {
  const outcomes = lists.map(({ lastTry }) => readingOutcome(lastTry, false));
  if (queued > 0) outcomes.push('pending');
  return GRAVEST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'read';
}

const GRAVEST_FIRST = Object.keys(EXIT).reverse() as ReadingOutcome[];

/** The exit status that says it. */
export function readingExit(outcome: ReadingOutcome): number {
  return EXIT[outcome];
}
