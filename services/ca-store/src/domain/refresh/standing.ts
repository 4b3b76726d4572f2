import type { KnownAnswer, TrustView } from '../../ports/trust-state.js';
import { stateOfTrustList } from '../trust-list/following.js';
import { answerView } from './answer-reading.js';
import { stateOfKnown } from './list-reading.js';
import type { RefreshSettings } from './settings.js';

/** What is read from others. */
export type ReadKind = 'revocation-list' | 'ocsp' | 'trust-list';

/** How many there are of each kind in each state. */
export type Standing = Readonly<Record<ReadKind, Readonly<Record<string, number>>>>;

/** How lists and answers stand at a time. */
export function standingOf(
  { revocationLists, answers, trustLists }: Pick<TrustView, 'revocationLists' | 'answers' | 'trustLists'>,
  settings: RefreshSettings,
  now: Date,
): Standing {
  const stateOfAnswer = (answer: KnownAnswer): string => answerView(answer, settings, now).state;
  return {
    'revocation-list': counted(
      [...revocationLists.values()].map((list) => stateOfKnown(list, settings, now)),
      LIST_STATES,
    ),
    ocsp: counted([...answers.values()].map(stateOfAnswer), LIST_STATES),
    'trust-list': counted(
      [...trustLists.values()].map((list) => stateOfTrustList(list, now)),
      TRUST_LIST_STATES,
    ),
  };
}

const LIST_STATES = ['current', 'old', 'too-old', 'missing'];
const TRUST_LIST_STATES = ['current', 'out-of-date', 'never-read'];

/** States without any stay, so that a gauge falls to zero instead of standing still. */
function counted(states: readonly string[], all: readonly string[]): Record<string, number> {
  return Object.fromEntries(all.map((state) => [state, states.filter((one) => one === state).length]));
}

/** The standing in one line: what is well as a number, what is not by its state. */
export function standingText(standing: Standing): string {
  const parts = Object.entries(standing).flatMap(([kind, states]) => {
    const present = Object.entries(states).filter(([, count]) => count > 0);
    return present.length === 0
      ? []
      : [`${NAMES[kind as ReadKind]} ${present.map(([state, count]) => `${count} ${state}`).join(', ')}`];
  });
  return parts.length === 0 ? 'none' : parts.join('; ');
}

const NAMES: Readonly<Record<ReadKind, string>> = {
  'revocation-list': 'revocation lists:',
  ocsp: 'OCSP answers:',
  'trust-list': 'trust lists:',
};
