import type { TrustListView } from '@certlane/contracts';
import { printable, type Style } from './style.js';
import { moment } from './words.js';

/** How the last try to read something went, and when; `-` where there was none. */
export function lastTryWords(style: Style, outcome: TrustListView['lastTry']): string {
  if (outcome === undefined) return '-';
  const { at, ok, reason, message } = outcome;
  const word = ok ? style.good('good') : style.bad(`failed${reason === undefined ? '' : ` (${reason})`}`);
  return `${moment(at)} ${word}: ${printable(message)}`;
}
