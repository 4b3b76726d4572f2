import { commonNameOf, type DistinguishedName, formatDistinguishedName } from '../names/index.js';
import type { RevocationList } from './revocation-list.js';

const MAXIMUM_NAME = 120;
const MAXIMUM_TROUBLES = 4;
/** Characters of a clause: lists about issuers of lists would make it grow with every level. */
const MAXIMUM_CLAUSE = 800;

/** A name for messages, cut where a stranger made it long. */
export function shortText(name: DistinguishedName): string {
  const text = commonNameOf(name) ?? formatDistinguishedName(name);
  return `"${text.length > MAXIMUM_NAME ? `${text.slice(0, MAXIMUM_NAME)}…` : text}"`;
}

/** A list for messages. */
export function listText({ issuer, thisUpdate, number, baseNumber }: RevocationList): string {
  const kind = baseNumber === undefined ? 'revocation list' : 'delta revocation list';
  const numbered = number === undefined ? '' : ` (number ${number})`;
  return `the ${kind} of ${shortText(issuer)} of ${thisUpdate.toISOString()}${numbered}`;
}

/** Several reasons in one clause, each once. */
export function troublesText(troubles: readonly string[]): string {
  const all = [...new Set(troubles)];
  const more = all.length - MAXIMUM_TROUBLES;
  const shown = all.slice(0, MAXIMUM_TROUBLES).join('; ');
  const clause = more > 0 ? `${shown}; and ${more} more` : shown;
  return clause.length > MAXIMUM_CLAUSE ? `${clause.slice(0, MAXIMUM_CLAUSE)}…` : clause;
}
