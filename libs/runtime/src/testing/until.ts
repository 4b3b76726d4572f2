import { setTimeout as sleep } from 'node:timers/promises';

/** No sound run comes near it, however busy the machine; still below the time Jest gives a test, so that its message is seen. */
const PATIENCE_MS = 45_000;
const LOOK_MS = 10;

/**
 * Waits until something holds. What is looked at has to stay: a moment that passes between two looks is not seen.
 * @param what completes "waited in vain until ..."
 * @throws {Error} after 45 seconds, or after the patience given
 */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if (await check()) return;
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(LOOK_MS);
  }
}
