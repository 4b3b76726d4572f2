import { EVERYTHING, mergeScopes, type ReviewScope } from './review-scope.js';

/** What is to be reviewed, and what was. */
export interface ReviewState {
  /** Grows whenever something is asked for: a review that was asked for while it ran is not over when it ends. */
  readonly number: number;
  /** What is to be gone through; absent: nothing. */
  readonly scope?: ReviewScope;
  /** Events that are in the scope, or were, the newest last: every replica hears each of them. */
  readonly heard: readonly string[];
  /** When everything was gone through last. */
  readonly walkedAt?: string;
}

/** A review to be made. */
export interface DueReview {
  readonly number: number;
  readonly scope: ReviewScope;
}

/** Nothing was ever reviewed. */
export const NEVER: ReviewState = { number: 0, heard: [] };

const DAY_MILLISECONDS = 86_400_000;
/** More events than arrive before the slowest replica has heard the first of them. */
const REMEMBERED = 512;

/**
 * The state with a review asked for.
 * @param events what it is asked for by; those that are known already ask for nothing new. None: it is asked for all the same
 */
export function askFor(state: ReviewState, scope: ReviewScope, events: readonly string[]): ReviewState {
  const fresh = events.filter((id) => !state.heard.includes(id));
  if (events.length > 0 && fresh.length === 0) return state;
  return {
    ...state,
    number: state.number + 1,
    scope: state.scope === undefined ? scope : mergeScopes(state.scope, scope),
    heard: [...state.heard, ...fresh].slice(-REMEMBERED),
  };
}

/** What is to be reviewed now: what was asked for, and everything once a day, because an event may have been missed. */
export function dueAt({ number, scope, walkedAt }: ReviewState, now: Date): DueReview | undefined {
  const daily = walkedAt === undefined || now.getTime() - Date.parse(walkedAt) >= DAY_MILLISECONDS;
  if (daily) return { number, scope: EVERYTHING };
  return scope === undefined ? undefined : { number, scope };
}

/** The state after a review. */
export function finish(state: ReviewState, { number, scope }: DueReview, begunAt: Date): ReviewState {
  const { scope: left, ...rest } = state;
  const walked = scope.everything === true ? { walkedAt: begunAt.toISOString() } : {};
  return { ...rest, ...(left === undefined || state.number === number ? {} : { scope: left }), ...walked };
}
