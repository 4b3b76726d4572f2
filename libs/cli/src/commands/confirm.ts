import { CertlaneError } from '@certlane/contracts';
import type { Context } from './context.js';

/** Something that a person has to want, knowing what follows from it. */
export interface Consequence {
  /** What follows, in one line: `3 partners stand on it`. */
  readonly summary: string;
  /** Whom or what it concerns, one each. */
  readonly concerned: readonly string[];
  /** What a person is asked: `Remove it all the same?` */
  readonly question: string;
}

/** The description of `--yes`, for help. */
export const YES = ['--yes', 'do it without asking'] as const;

/** How many a sentence names. */
const NAMED = 12;

/**
 * Goes on only if it is wanted: `--yes`, or a person who says so.
 * @throws {CertlaneError} `failed-precondition` with what would follow, when it is not, or nobody can be asked
 */
export async function confirmed(context: Context, yes: boolean | undefined, consequence: Consequence): Promise<void> {
  if (yes === true) return;
  const { summary, concerned, question } = consequence;
  const { ask, err } = context.terminal;
  if (ask === undefined || context.json) {
    const named = concerned.slice(0, NAMED).join('; ');
    const more = concerned.length > NAMED ? `; and ${concerned.length - NAMED} more` : '';
    const list = named === '' ? '' : ` (${named}${more})`;
    throw new CertlaneError('failed-precondition', `${summary}${list}: nothing was done; give --yes if it is to be`, {
      details: { field: '--yes' },
    });
  }
  err([`${summary}${concerned.length === 0 ? '.' : ':'}`, ...concerned.map((one) => `  ${one}`)].join('\n'));
  const answer = (await ask(`${question} [y/N] `)).trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return;
  throw new CertlaneError('failed-precondition', 'nothing was done', { details: { field: '--yes' } });
}
