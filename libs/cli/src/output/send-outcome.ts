import { errorTable, type Exchange } from '@certlane/contracts';
import { EXIT_INTERRUPTED, EXIT_REJECTED, EXIT_UNANSWERED } from '../commands/report.js';
import { standingOf, type Outcome } from './exchange-standing.js';

const notYet = errorTable.unavailable.exitStatus;

/** The exit status each outcome of a sent certificate stands for, the gravest first: of several, the gravest counts. */
const EXIT_STATUSES: readonly (readonly [Outcome, number])[] = [
  ['rejected', EXIT_REJECTED],
  ['failed', errorTable['failed-precondition'].exitStatus],
  ['not-delivered', notYet],
  ['partner-calls', notYet],
  ['undecided', notYet],
  ['held', notYet],
  ['answer-awaited', EXIT_UNANSWERED],
  ['duplicate', EXIT_UNANSWERED],
  ['done', 0],
];

/** An exchange for machines: its id, a word and the sentence people read. */
export interface SendOutcome {
  readonly exchange: string;
  readonly outcome: Outcome;
  readonly sentence: string;
}

/** What became of exchanges, one by one. */
export function outcomesOf(exchanges: readonly Exchange[], now: Date): SendOutcome[] {
  return exchanges.map((exchange) => ({ exchange: exchange.id, ...standingOf(exchange, now) }));
}

/** The exit status for all of them together. */
export function exitStatusOf(outcomes: readonly SendOutcome[]): number {
  const [, status] = EXIT_STATUSES.find(([known]) => outcomes.some(({ outcome }) => outcome === known)) ?? [];
  return status ?? 0;
}

/** The same for the help of the command, behind `Exit status: `. */
export const EXIT_HELP = [
  '0: the partner took over everything (EERP), or there was nothing to send.',
  `${EXIT_REJECTED}: the partner refused one. ${errorTable['failed-precondition'].exitStatus}: one can never be sent and was given up.`,
  `${notYet}: one is not delivered yet: not connected, or the partner has to call. ${EXIT_UNANSWERED}: delivered, or refused as a duplicate (SFNA 13),`,
  `and the partner has not answered yet. ${EXIT_INTERRUPTED}: interrupted (Ctrl-C) while waiting.`,
  `With ${notYet}, ${EXIT_UNANSWERED} and ${EXIT_INTERRUPTED} the exchange goes on by itself.`,
].join('\n');
