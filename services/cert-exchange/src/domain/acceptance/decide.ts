import type { ApprovalKind, CertificateRefusal, DecisionCheck, Usage } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { MatchedFacts } from './check.js';
import { acceptanceChecks } from './checks.js';
import type { AcceptanceFacts } from './facts.js';
import { findMatch } from './find-match.js';
import type { Match } from './match.js';
import { objectionTo } from './second-person.js';

/** What becomes of a received certificate, with every check that was made. */
export type AcceptanceDecision = {
  /** One sentence. */
  readonly message: string;
  readonly checks: readonly DecisionCheck[];
  readonly match: Match | undefined;
} & (
  | {
      readonly outcome: 'accepted';
      readonly certificate: Certificate;
      readonly usages: readonly Usage[];
      /** Fingerprints of the certificates on file that it renews or recalls. */
      readonly predecessors: readonly string[];
    }
  | { readonly outcome: 'refused'; readonly reason: CertificateRefusal }
  | {
      readonly outcome: 'held';
      /** All that it waits for, in the order of the checks; a person is told the first. */
      readonly kinds: readonly [ApprovalKind, ...ApprovalKind[]];
      /** Why the word that a person gave does not do. */
      readonly objection: string | undefined;
    }
);

/**
 * The acceptance decision: the ordered checks of `docs/EXCHANGE-CYCLE.md`. The first "no" refuses and leaves everything as it was;
 * what only misfits is held, unless a later check refuses; a person's word passes over what the person was shown.
 * @throws {CertlaneError} `invalid-argument` for a person's word that names what is not there
 */
export function decideAcceptance(facts: AcceptanceFacts): AcceptanceDecision {
  const match = matchOf(facts);
  const unsaid = { ...facts, approval: undefined };
  const found = facts.approval === undefined ? match : matchOf(unsaid);
  // What a person says it is does not undo that an entry fits: its author would else only have to say something different.
  const objection = objectionTo(facts, [...(match?.entries ?? []), ...(found?.entries ?? [])]);
  return objection === undefined
    ? runChain({ ...facts, match }, undefined)
    : runChain({ ...unsaid, match: found }, objection);
}

function matchOf(facts: AcceptanceFacts): Match | undefined {
  return facts.file.ok ? findMatch(facts, facts.file.certificate) : undefined;
}

function runChain(facts: MatchedFacts, objection: string | undefined): AcceptanceDecision {
  const { approval, file, match } = facts;
  const checks: DecisionCheck[] = [];
  const held: { readonly kind: ApprovalKind; readonly message: string }[] = [];
  for (const { name, run } of acceptanceChecks) {
    const result = run(facts);
    const { message } = result;
    if (result.outcome === 'refuse') {
      return { outcome: 'refused', reason: result.reason, message, match, checks: [...checks, no(name, message)] };
    }
    if (result.outcome === 'hold' && !passesOver(facts, result.kind)) {
      held.push({ kind: result.kind, message });
      checks.push(no(name, message));
    } else {
      const said = result.outcome === 'hold' ? `${message}; ${approval?.by ?? ''} takes it over all the same` : message;
      checks.push({ check: name, ok: true, message: said });
    }
  }
  const [first, ...others] = held;
  if (first !== undefined) {
    const kinds: [ApprovalKind, ...ApprovalKind[]] = [first.kind, ...others.map(({ kind }) => kind)];
    return { outcome: 'held', kinds, message: first.message, match, checks, objection };
  }
  if (!file.ok || match === undefined) throw new RangeError('the checks passed a file without certificate or match');
  return {
    outcome: 'accepted',
    certificate: file.certificate,
    usages: match.usages,
    predecessors: match.predecessors.map(({ certificate }) => certificate.fingerprint),
    message: `taken over: ${match.message}`,
    match,
    checks,
  };
}

/** A person's word covers what the person was shown; but where nothing says what a certificate is to serve, a mere "yes" does not either. */
function passesOver({ approval, match }: MatchedFacts, kind: ApprovalKind): boolean {
  if (kind === 'no-match' || kind === 'ambiguous') return false;
  return approval?.covers.includes(kind) === true && match !== undefined;
}

const no = (check: string, message: string): DecisionCheck => ({ check, ok: false, message });
