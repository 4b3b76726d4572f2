import type { ReadingRecord } from '../../ports/trust-state.js';
import type { Trouble } from './told.js';

/** Characters of a reason and of a message that are kept. */
const LONGEST_REASON = 64;
const LONGEST_MESSAGE = 500;

/** How a try went, as it is kept and shown. */
export function lastTryOf(
  now: Date,
  trouble: Trouble | undefined,
  success: string,
): NonNullable<ReadingRecord['lastTry']> {
  const at = now.toISOString();
  if (trouble === undefined) return { at, ok: true, message: success };
  return {
    at,
    ok: false,
    reason: trouble.reason.slice(0, LONGEST_REASON),
    message: trouble.message.slice(0, LONGEST_MESSAGE),
  };
}
