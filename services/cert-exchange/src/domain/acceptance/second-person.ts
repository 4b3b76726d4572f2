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
 * it could have been the same person. Whoever was excluded once stays so: taking an entry out again does not make a second person.
 * @param entries that fit, whatever the person says, and that the person names
 */
export function objectionTo(
  { approval, rules }: Pick<AcceptanceFacts, 'approval' | 'rules'>,
  entries: readonly IdentificationEntry[],
): string | undefined {
  if (approval === undefined || !rules.twoPerson) return undefined;
  const { by, excluded } = approval;
  const own = entries.find(({ enteredBy }) => enteredBy === by);
  if (own !== undefined || excluded.includes(by)) {
    const what = own === undefined ? 'identification data for it' : `identification entry ${own.id} ('${own.subject}')`;
    return `${by} entered ${what}, so another person must accept the certificate: under their own login, or with --actor NAME`;
  }
  const nameless = entries.find(({ enteredBy }) => enteredBy === undefined);
  if (nameless === undefined) return undefined;
  return `nobody knows who entered identification entry ${nameless.id} ('${nameless.subject}'), so no second person can be told from the first: take it out and enter it again`;
}
