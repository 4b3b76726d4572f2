import { CertlaneError, isCertlaneError } from '@certlane/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Documents } from './documents.js';
import type { OutboxMessage } from './messages.js';

/** What to do with a document, decided on its present value. */
export type Change<Value, Result> =
  | {
      readonly do: 'write';
      readonly value: Value;
      readonly messages?: readonly OutboxMessage[];
      readonly result: Result;
    }
  | { readonly do: 'remove'; readonly messages?: readonly OutboxMessage[]; readonly result: Result }
  | { readonly do: 'nothing'; readonly result: Result };

/** Attempts before a conflict is the caller's: far more writers than ever meet on one document. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 2;

/**
 * Reads a document, decides, writes the decision; decides again on the new value when another writer was faster.
 *
 * `decide` may run several times and must not act itself. It gets undefined where there is no document; `write` then creates.
 * @throws {CertlaneError} `conflict` after eight lost races, and whatever `decide` throws
 */
export async function mutate<Value, Result>(
  documents: Documents<Value>,
  key: string,
  decide: (current: Value | undefined) => Change<Value, Result> | Promise<Change<Value, Result>>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await documents.get(key);
    const change = await decide(stored?.value);
    try {
      if (change.do === 'write') {
        if (stored === undefined) await documents.create(key, change.value, change.messages);
        else await documents.update(key, stored.revision, change.value, change.messages);
      } else if (change.do === 'remove' && stored !== undefined) {
        await documents.remove(key, stored.revision, change.messages);
      } else if (stored !== undefined) {
        // "Done already" must not be heard before what was done is told.
        await documents.publishPending(key);
      }
      return change.result;
    } catch (thrown) {
      if (!lostRace(thrown, stored === undefined)) throw thrown;
      if (attempt === ATTEMPTS) {
        throw new CertlaneError('conflict', `document '${key}' is being changed by others; send the request again`, {
          cause: thrown,
          details: { attempts: attempt },
        });
      }
    }
    // Jitter parts writers that met once, so that they do not meet again.
    await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  }
}

function lostRace(thrown: unknown, creating: boolean): boolean {
  if (!isCertlaneError(thrown)) return false;
  return thrown.code === 'conflict' || (creating && thrown.code === 'already-exists');
}
