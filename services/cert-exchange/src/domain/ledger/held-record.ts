import { z } from 'zod';
import { actor, approvalKind, fingerprint, timestamp, usage } from '@certlane/contracts';

/**
 * What a person decided about a certificate that is held; kept until it is carried out, so that a process that dies in between
 * leaves nothing half done.
 */
export const personsWord = z.object({
  accept: z.boolean(),
  by: actor,
  at: timestamp,
  /** A note on what is accepted, or the reason why it is not. */
  note: z.string().optional(),
  /** Identification entry it belongs to. */
  entry: z.string().optional(),
  usages: z.array(usage).optional(),
  /** Certificate on file that it follows. */
  follows: fingerprint.optional(),
});
/** What a person decided. */
export type PersonsWord = z.infer<typeof personsWord>;

/** Why a certificate is held, and what a person said of it. */
export const heldRecord = z.object({
  /** All that it waits for; the first is what it is listed under. */
  kinds: z.array(approvalKind).min(1),
  since: timestamp,
  /** Identification entries that fit. */
  entries: z.array(z.string()),
  /** Who may not accept it: whoever was to be excluded at any time since then. */
  excluded: z.array(actor),
  /** Two persons were asked for when it began to wait: whoever switches that off now does not become the second one. */
  twoPerson: z.boolean().optional(),
  word: personsWord.optional(),
});
/** Why a certificate is held. */
export type HeldRecord = z.infer<typeof heldRecord>;
