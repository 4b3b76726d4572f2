import type { RefreshSettings } from './settings.js';

/** What the time of the next reading depends on. */
export interface ReadingHistory {
  /** Spreads those that were read together: the same id always lands at the same place. 64 hex digits. */
  readonly id: string;
  /** The last time it was read and good, or known to be unchanged; undefined: never. */
  readonly readAt?: Date | undefined;
  /** When the publisher promises the next edition of what was read. */
  readonly nextUpdate?: Date | undefined;
  /** The last try, of whatever outcome; undefined: none yet. */
  readonly triedAt?: Date | undefined;
  /** Tries that failed in a row. */
  readonly failures: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waiting time after the first failure; it doubles with each further one. */
const FIRST_PAUSE = 5 * MINUTE;
const LONGEST_PAUSE = 6 * HOUR;
/** However soon the next edition is due. */
const SHORTEST_PAUSE = 5 * MINUTE;
/** The part of a pause over which those that are due together are spread. */
const SPREAD = 0.1;

/**
 * When to read again: an interval after the last reading, or when the next edition is due if that is earlier; after failures
 * sooner at first and then more and more seldom. Spread backwards in time, so that nothing is read later than promised.
 */
export function nextReading({ id, readAt, nextUpdate, triedAt, failures }: ReadingHistory, intervalMs: number): Date {
  if (failures > 0 && triedAt !== undefined) {
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(failures - 1, 30), LONGEST_PAUSE);
    return new Date(triedAt.getTime() + spread(pause, id));
  }
  if (readAt === undefined) return new Date(0);
  const untilNext = nextUpdate === undefined ? Infinity : nextUpdate.getTime() - readAt.getTime();
  const pause = Math.max(SHORTEST_PAUSE, Math.min(intervalMs, untilNext));
  return new Date(readAt.getTime() + spread(pause, id));
}

/** A pause that is shorter by up to a tenth. */
function spread(pauseMs: number, id: string): number {
  const place = Number.parseInt(id.slice(0, 8), 16) / 0x1_0000_0000;
  return Math.round(pauseMs * (1 - SPREAD * place));
}

/** Whether it is time to read. */
export function isDue(history: ReadingHistory, intervalMs: number, now: Date): boolean {
  return nextReading(history, intervalMs) <= now;
}

/** How far clocks may differ, as in `libs/pki`. */
const CLOCK_SKEW = 5 * MINUTE;
const DAY = 24 * HOUR;

/** What is known of the revocation list in use. */
export interface ListAge {
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date | undefined;
  /** When it was read, or last known to be unchanged. */
  readonly readAt: Date;
}

/** `too-old`: it no longer makes anything good; `old`: it counts, but was to be read again by now. */
export type ListState = 'missing' | 'current' | 'old' | 'too-old';

/** What a list is worth: the same rules by which `crlRevocation` of libs/pki relies on it. */
export function listState(
  list: ListAge | undefined,
  { listIntervalMs, listMaximumAgeDays }: Pick<RefreshSettings, 'listIntervalMs' | 'listMaximumAgeDays'>,
  now: Date,
): ListState {
  if (list === undefined) return 'missing';
  if (now.getTime() - list.thisUpdate.getTime() > listMaximumAgeDays * DAY) return 'too-old';
  if (list.nextUpdate === undefined || now.getTime() > list.nextUpdate.getTime() + CLOCK_SKEW) return 'too-old';
  const late = now.getTime() > list.readAt.getTime() + listIntervalMs + CLOCK_SKEW || now > list.nextUpdate;
  return late ? 'old' : 'current';
}
