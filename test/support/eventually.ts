import { setTimeout as sleep } from 'node:timers/promises';

/** No sound run comes near it, however busy the machine; still below the time Jest gives a test. */
const PATIENCE_MS = 45_000;
const LOOK_MS = 50;

/** Looks until it finds, for a while; gives what it saw last, so that the check after it says what was wrong. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  found: (seen: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (found(seen) || Date.now() > deadline) return seen;
    await sleep(LOOK_MS);
  }
}
