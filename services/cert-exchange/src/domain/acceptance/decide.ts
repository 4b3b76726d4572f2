import type { CertificateRefusal, DecisionCheck, Usage } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { acceptanceChecks } from './checks.js';
import type { AcceptanceFacts } from './facts.js';
import { findMatch } from './match.js';

/** Whether a received certificate is taken over, with every check that was made. */
export type AcceptanceDecision =
  | {
      readonly accepted: true;
      readonly certificate: Certificate;
      readonly usages: readonly Usage[];
      /** Fingerprints of the certificates on file that it renews or recalls. */
      readonly predecessors: readonly string[];
      readonly message: string;
      readonly checks: readonly DecisionCheck[];
    }
  | {
      readonly accepted: false;
      readonly reason: CertificateRefusal;
      /** One sentence: goes to the partner as NERPREAST. */
      readonly message: string;
      readonly checks: readonly DecisionCheck[];
    };

/** The acceptance decision: the ordered checks of `docs/EXCHANGE-CYCLE.md`; the first "no" refuses and leaves everything as it was. */
export function decideAcceptance(facts: AcceptanceFacts): AcceptanceDecision {
  const match = facts.file.ok ? findMatch(facts, facts.file.certificate) : undefined;
  const checks: DecisionCheck[] = [];
  for (const { name, run } of acceptanceChecks) {
    const result = run({ ...facts, match });
    checks.push({ check: name, ok: result.ok, message: result.message });
    if (!result.ok) return { accepted: false, reason: result.reason, message: result.message, checks };
  }
  if (!facts.file.ok || match === undefined)
    throw new RangeError('the checks passed a file without certificate or match');
  return {
    accepted: true,
    certificate: facts.file.certificate,
    usages: match.usages,
    predecessors: match.predecessors.map(({ certificate }) => certificate.fingerprint),
    message: `taken over: ${match.message}`,
    checks,
  };
}
