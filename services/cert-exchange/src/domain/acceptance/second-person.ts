import type { IdentificationEntry } from '@certlane/contracts';
import type { AcceptanceFacts } from './facts.js';

/** Who may not approve, where two persons are wanted: those who entered the identification data that fits. */
export function excludedPersons(
  { rules }: Pick<AcceptanceFacts, 'rules'>,
  entries: readonly IdentificationEntry[],
): string[] {
  if (!rules.twoPerson) return [];
  return [...new Set(entries.flatMap(({ enteredBy }) => (enteredBy === undefined ? [] : [enteredBy])))];
}

/**
 * Why the word of a person does not count, where two are wanted. An entry of which nobody knows who entered it excludes everybody:
 * it could have been the same person.
 * @param entries those that fit, and the one that the person chose
 */
export function objectionTo(
  { approval, rules }: Pick<AcceptanceFacts, 'approval' | 'rules'>,
  entries: readonly IdentificationEntry[],
): string | undefined {
  if (approval === undefined || !rules.twoPerson) return undefined;
  const own = entries.find(({ enteredBy }) => enteredBy === approval.by);
  if (own !== undefined) {
    return `${approval.by} entered identification entry ${own.id} ('${own.subject}'), so another person must accept the certificate`;
  }
  const nameless = entries.find(({ enteredBy }) => enteredBy === undefined);
  if (nameless === undefined) return undefined;
  return `nobody knows who entered identification entry ${nameless.id} ('${nameless.subject}'), so no second person can be told from the first: take it out and enter it again`;
}
