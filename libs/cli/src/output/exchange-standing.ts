import type { Exchange } from '@certlane/contracts';
import { printable } from './style.js';
import { clockTime, count } from './words.js';

/** What became of an exchange so far, in one word for machines. */
export type Outcome =
  /** The partner took the certificate over (EERP), or we decided and the partner has our answer. */
  | 'done'
  /** The partner did not take it over (NERP, SFNA, EFNA). */
  | 'rejected'
  /** Given up: nothing more is tried. */
  | 'failed'
  /** The partner has the file; its EERP or NERP is awaited. */
  | 'answer-awaited'
  /** The partner refused the file as a duplicate (SFNA 13): it has it from before, and its EERP or NERP is awaited. */
  | 'duplicate'
  /** Not handed over yet; we call the partner. */
  | 'not-delivered'
  /** Not handed over yet; the partner has no address and must call. */
  | 'partner-calls'
  /** Our own decision is not made yet. */
  | 'undecided'
  /** Our decision waits for a person. */
  | 'held';

/** Where an exchange stands: {@link Outcome}, and a sentence that says what is known and what comes next. */
export interface Standing {
  readonly outcome: Outcome;
  readonly sentence: string;
}

/** @param now the present, to tell a try to come from one that is due */
export function standingOf(exchange: Exchange, now: Date): Standing {
  const outcome = outcomeOf(exchange);
  return { outcome, sentence: `${exchange.state}: ${printable(wordsFor(outcome, exchange, now))}` };
}

/** What comes next, for lists; `-` for what is over. */
export function nextStep({ awaits, lastFailure }: Exchange, now: Date): string {
  switch (awaits) {
    case 'our-call':
      return isToCome(lastFailure?.next, now) ? `we call at ${clockTime(lastFailure.next, now)}` : 'we call now';
    case 'partner-call':
      return 'it calls us';
    case 'answer':
      return 'its EERP or NERP';
    case 'decision':
      return 'our decision';
    case 'approval':
      return 'a person decides';
    case undefined:
      return '-';
  }
}

function outcomeOf({ awaits, reason, state }: Exchange): Outcome {
  switch (awaits) {
    case 'our-call':
      return 'not-delivered';
    case 'partner-call':
      return 'partner-calls';
    case 'answer':
      // Nothing else gives a reason to an exchange whose answer is still awaited.
      return reason === undefined ? 'answer-awaited' : 'duplicate';
    case 'decision':
      return 'undecided';
    case 'approval':
      return 'held';
    case undefined:
      return state === 'rejected' || state === 'failed' ? state : 'done';
  }
}

function wordsFor(outcome: Outcome, exchange: Exchange, now: Date): string {
  const { message, partner, since } = exchange;
  switch (outcome) {
    case 'done':
    case 'rejected':
      return message;
    case 'failed':
      return `given up, nothing more is tried: ${message}`;
    case 'answer-awaited':
      return `delivered at ${clockTime(since, now)}, ${partner} has not answered yet (EERP or NERP)`;
    case 'duplicate':
      return `${message} since ${clockTime(since, now)}`;
    case 'not-delivered':
      return notDelivered(exchange, now);
    case 'partner-calls':
      return `${owed(exchange)}not delivered yet: ${partner} has no address here and gets it when it calls`;
    case 'undecided':
      return message;
    case 'held':
      return `${message}; decide it with: certlane approval accept ${exchange.id}, or approval reject`;
  }
}

/** Of a certificate that came in it is our EERP or NERP that has to be handed over. */
function owed({ direction }: Exchange): string {
  return direction === 'inbound' ? 'our answer is ' : '';
}

function notDelivered(exchange: Exchange, now: Date): string {
  const { attempts, lastFailure, partner } = exchange;
  if (lastFailure === undefined) return `not connected yet: ${partner} is being called`;
  const { at, message, next } = lastFailure;
  const tries = attempts === 0 ? 'the last call before' : `${count(attempts, 'try', 'tries')}, the last one`;
  const then = isToCome(next, now) ? `tried again at ${clockTime(next, now)}` : 'being tried again now';
  return `${owed(exchange)}not delivered yet (${tries} at ${clockTime(at, now)}): ${message}; ${then}`;
}

function isToCome(next: string | undefined, now: Date): next is string {
  return next !== undefined && Date.parse(next) > now.getTime();
}
