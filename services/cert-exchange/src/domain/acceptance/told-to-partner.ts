import type { CertificateRefusal, DecisionCheck } from '@certlane/contracts';

/** Where the sentence itself is for our operator: it says how full our files are, or what to do here. */
const generalSentences: Partial<Record<CertificateRefusal, string>> = {
  'not-filed': 'the certificate cannot be filed here at present; an operator has to make room for it',
  'issuer-unknown': 'no authority that is trusted here issued the certificate',
};

/** What the text of a NERP is made of. */
export interface Refusal {
  readonly reason?: string | undefined;
  readonly message: string;
  readonly checks: readonly DecisionCheck[];
}

/**
 * The record for the partner: which check failed, its reason, and why, and which held before it, as `validity, expired: the
 * certificate expired on ... (passed before: acx-enabled, readable)`.
 *
 * It speaks of the partner's own certificate, of what the partner is known by, and of authorities; names of other partners, of our
 * operators and of our entries are in no refusal. What concerns our own housekeeping is told in general words.
 */
export function toldToPartner({ reason, message, checks }: Refusal): string {
  const sentence = generalSentences[reason as CertificateRefusal] ?? message;
  // Control characters of a name could be read as commands where the partner prints the text.
  const clean = sentence.replace(/\p{Cc}+/gu, ' ');
  const failed = checks.findLast(({ ok }) => !ok)?.check;
  const heading = [failed, reason].filter((part) => part !== undefined).join(', ');
  const passed = checks.filter(({ ok }) => ok).map(({ check }) => check);
  const before = passed.length === 0 ? '' : ` (passed before: ${passed.join(', ')})`;
  return heading === '' ? clean : `${heading}: ${clean}${before}`;
}
