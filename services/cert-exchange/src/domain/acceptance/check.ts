import type { ApprovalKind, CertificateRefusal } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { AcceptanceFacts } from './facts.js';
import type { Match } from './match.js';

/**
 * What a check finds: nothing against it; that it must not be taken over; or that it misfits without being hostile, so that a
 * person (or time) may decide. Machine reason and sentence travel together.
 */
export type CheckResult =
  | { readonly outcome: 'ok'; readonly message: string }
  | { readonly outcome: 'refuse'; readonly reason: CertificateRefusal; readonly message: string }
  | { readonly outcome: 'hold'; readonly kind: ApprovalKind; readonly message: string };

/** The facts with what is known of the certificate, found once for all checks. */
export interface MatchedFacts extends AcceptanceFacts {
  readonly match: Match | undefined;
}

/** One step of the acceptance decision. */
export interface AcceptanceCheck {
  readonly name: string;
  readonly run: (facts: MatchedFacts) => CheckResult;
}

/** Nothing against it. */
export const ok = (message: string): CheckResult => ({ outcome: 'ok', message });
/** It must not be taken over. */
export const no = (reason: CertificateRefusal, message: string): CheckResult => ({
  outcome: 'refuse',
  reason,
  message,
});
/** It misfits. */
export const hold = (kind: ApprovalKind, message: string): CheckResult => ({ outcome: 'hold', kind, message });

/** A check over the certificate itself; the chain has refused unreadable files before. */
export const overCertificate =
  (judge: (certificate: Certificate, facts: MatchedFacts) => CheckResult) =>
  (facts: MatchedFacts): CheckResult =>
    facts.file.ok ? judge(facts.file.certificate, facts) : no('unreadable', facts.file.message);
