import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
const LOOK_MS = 10;

/**
 * Waits until something holds.
 * @param what completes "waited in vain until ..."
 * @throws {Error} after 15 seconds
 */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = PATIENCE_MS / LOOK_MS; left > 0; left -= 1) {
    if (await check()) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`waited in vain until ${what}`);
}
