import type { Clock } from '../service/clock.js';
import type { Ids } from '../service/ids.js';

/** A clock that goes only when told. */
export interface FixedClock extends Clock {
  set(time: Date): void;
  advance(milliseconds: number): void;
}

/** @param start 2026-01-01T00:00:00Z unless told */
export function fixedClock(start = new Date('2026-01-01T00:00:00.000Z')): FixedClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    set: (time) => void (now = time.getTime()),
    advance: (milliseconds) => void (now += milliseconds),
  };
}

/** `id-1`, `id-2`, ... */
export function countingIds(prefix = 'id'): Ids {
  let last = 0;
  return { next: () => `${prefix}-${(last += 1)}` };
}
