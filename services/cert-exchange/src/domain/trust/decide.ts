import type { RefusalReason } from '@certlane/contracts';
import { runsInBypass, trustChecks } from './checks.js';
import type { TrustFacts } from './facts.js';

/** How a session may run, or why it may not. */
export type TrustDecision = { readonly checks: readonly TrustCheckResult[] } & (
  | { readonly verdict: 'run'; readonly mode: 'full' | 'exchange-only'; readonly secureAuthentication: boolean }
  | { readonly verdict: 'refuse'; readonly reason: RefusalReason; readonly message: string }
);

/** One check as it went, for the record. */
export interface TrustCheckResult {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
}

/**
 * The session-trust decision: the ordered checks, the first "no" ends it. Whoever passes them all runs with secure
 * authentication where it is configured and both sides can prove themselves, inside the bypass where the partner is known
 * by identification data alone or the first exchange is still to be finished, and without secure authentication where none is configured.
 */
export function decideTrust(facts: TrustFacts): TrustDecision {
  const checks: TrustCheckResult[] = [];
  for (const { name, run } of trustChecks) {
    const result = run(facts);
    checks.push({ check: name, ok: result.ok, message: result.message });
    if (!result.ok) return { verdict: 'refuse', reason: result.reason, message: result.message, checks };
  }
  const bypass = runsInBypass(facts);
  return {
    verdict: 'run',
    mode: bypass ? 'exchange-only' : 'full',
    secureAuthentication: facts.partner.secureAuthentication && !bypass,
    checks,
  };
}
