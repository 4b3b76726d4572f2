import type { DecisionCheck } from '@certlane/contracts';

/** What the partner is told of a certificate that the registry had no room for: the reason itself is for our operator. */
const NOT_FILED = 'the certificate cannot be filed here at present; an operator has to make room for it';

/** What the text of a NERP is made of. */
export interface Refusal {
  readonly reason?: string | undefined;
  readonly message: string;
  readonly checks: readonly DecisionCheck[];
}

/**
 * The sentence for the partner: which check failed, its reason, and why, as `trusted, issuer-unknown: no installed issuer ...`.
 *
 * It speaks of the partner's own certificate, of what the partner is known by, and of authorities; names of other partners, of our
 * operators and of our entries are in no refusal. What concerns our own housekeeping is told in general words.
 */
export function toldToPartner({ reason, message, checks }: Refusal): string {
  const sentence = reason === 'not-filed' ? NOT_FILED : message;
  // Control characters of a name could be read as commands where the partner prints the text.
  const clean = sentence.replace(/\p{Cc}+/gu, ' ');
  const failed = checks.findLast(({ ok }) => !ok)?.check;
  const heading = [failed, reason].filter((part) => part !== undefined).join(', ');
  return heading === '' ? clean : `${heading}: ${clean}`;
}
