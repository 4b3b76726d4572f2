import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
const LOOK_MS = 10;

/**
 * Waits until something holds.
 * @param what completes "waited in vain until ..."
 * @throws {Error} after 15 seconds
 */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await check()) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`waited in vain until ${what}`);
}
