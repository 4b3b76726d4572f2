import type { KnownAnswer, TrustView } from '../../ports/trust-state.js';
import { stateOfTrustList } from '../trust-list/following.js';
import { answerView } from './answer-reading.js';
import { stateOfKnown } from './list-reading.js';
import type { RefreshSettings } from './settings.js';

/** What is read from others. */
export type ReadKind = 'revocation-list' | 'ocsp' | 'trust-list';

/** How many there are of each kind in each state. */
export type ListStates = Readonly<Record<ReadKind, Readonly<Record<string, number>>>>;

/** How lists and answers stand at a time. */
export function listStatesOf(
  { revocationLists, answers, trustLists }: Pick<TrustView, 'revocationLists' | 'answers' | 'trustLists'>,
  settings: RefreshSettings,
  now: Date,
): ListStates {
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

/** Failing addresses that are named in one line, and how much of each. */
const MOST_NAMED = 3;
const LONGEST_ADDRESS = 120;

/** The states in one line, and which addresses fail the longest. */
export function listStatesText(
  view: Pick<TrustView, 'revocationLists' | 'answers' | 'trustLists'>,
  settings: RefreshSettings,
  now: Date,
): string {
  const parts = Object.entries(listStatesOf(view, settings, now)).flatMap(([kind, states]) => {
    const present = Object.entries(states).filter(([, count]) => count > 0);
    const counts = present.map(([state, count]) => `${count} ${state}`).join(', ');
    return present.length === 0 ? [] : [`${NAMES[kind as ReadKind]} ${counts}`];
  });
  return parts.length === 0 ? 'none' : [...parts, ...failing(view)].join('; ');
}

function failing({ revocationLists, answers, trustLists }: Parameters<typeof listStatesText>[0]): string[] {
  const all = [...trustLists.values(), ...revocationLists.values(), ...answers.values()];
  const bad = all.filter(({ lastTry }) => lastTry?.ok === false).sort((a, b) => b.failures - a.failures);
  if (bad.length === 0) return [];
  const named = bad
    .slice(0, MOST_NAMED)
    .map(({ url = 'by hand', lastTry }) => `${url.slice(0, LONGEST_ADDRESS)} (${lastTry?.reason ?? 'unknown'})`);
  return [`${bad.length} cannot be read, such as ${named.join(', ')}`];
}

const NAMES: Readonly<Record<ReadKind, string>> = {
  'revocation-list': 'revocation lists:',
  ocsp: 'OCSP answers:',
  'trust-list': 'trust lists:',
};
