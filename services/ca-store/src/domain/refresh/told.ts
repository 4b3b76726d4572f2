import type { ListState } from './schedule.js';

/** Why a list is told to have failed: a machine reason and a sentence. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
}

/** Failures in a row that are told although the list in use still counts: a server may be away for a while. */
const TOLD_AFTER = 3;

/**
 * What is to be told of a list after a try, and what is remembered of that: each change of state once. A list that cannot be read is
 * told at once where none counts, and otherwise when it goes on; that it no longer counts is told whatever was told before.
 * @param told what was told last; undefined: nothing since it was good
 */
export function failureToTell(
  told: string | undefined,
  {
    state,
    failures,
    trouble,
  }: { readonly state: ListState; readonly failures: number; readonly trouble: Trouble | undefined },
): { readonly told: string | undefined; readonly tell: Trouble | undefined } {
  if (state === 'too-old') return { told: 'too-old', tell: told === 'too-old' ? undefined : outdated(trouble) };
  if (trouble === undefined) return { told: undefined, tell: undefined };
  const worthTelling = state === 'missing' || failures >= TOLD_AFTER;
  if (!worthTelling || told !== undefined) return { told, tell: undefined };
  return { told: trouble.reason, tell: trouble };
}

function outdated(trouble: Trouble | undefined): Trouble {
  const why = trouble === undefined ? '' : `: ${trouble.message}`;
  return { reason: 'too-old', message: `the list in use is too old to count, and no newer one is to be had${why}` };
}
