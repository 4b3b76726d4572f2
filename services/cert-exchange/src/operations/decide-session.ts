import type { exchangeRequests, ParsedRequestOf, PartnerRef, ReplyOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { fingerprintOf } from '../domain/fingerprint.js';
import { finishesByCalling, unfinishedInBypass } from '../domain/ledger/bypass.js';
import {
  isBypassRefusal,
  otherUses,
  refuseBypass,
  useBypass,
  type BypassSession,
} from '../domain/ledger/bypass-uses.js';
import { unchanged, type LedgerChange } from '../domain/ledger/change.js';
import type { Ledger } from '../domain/ledger/record.js';
import { decideTrust, type TrustDecision } from '../domain/trust/decide.js';
import type { TlsPeerFacts, TrustFacts } from '../domain/trust/facts.js';
import type { BypassMetrics } from '../metrics.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners, SessionFacts } from '../ports/partners.js';

type Request = ParsedRequestOf<typeof exchangeRequests.sessionDecide>;
type Reply = ReplyOf<typeof exchangeRequests.sessionDecide>;
/** What is known before the ledger is read. */
type Gathered = Omit<TrustFacts, 'finishesBypass' | 'bypassUses'>;

/**
 * Gathers what the session-trust decision looks at, decides, and adds the certificates the session needs. A session that runs in
 * the bypass, or that it did not let in, is in the ledger before it is answered.
 */
export class DecideSession {
  readonly #partners: Partners;
  readonly #ledgers: Ledgers;
  readonly #clock: Clock;
  readonly #metrics: BypassMetrics;

  constructor(options: {
    readonly partners: Partners;
    readonly ledgers: Ledgers;
    readonly clock: Clock;
    readonly metrics: BypassMetrics;
  }) {
    this.#partners = options.partners;
    this.#ledgers = options.ledgers;
    this.#clock = options.clock;
    this.#metrics = options.metrics;
  }

  /** @throws {CertlaneError} `not-found` for an unknown partner, `unavailable` when the facts cannot be had: no session then */
  async run(request: Request): Promise<Reply> {
    const { station, partner } = request;
    const facts = await this.#partners.sessionFacts({ station, partner });
    const gathered = gather(request, facts, this.#clock.now());
    const decision = isBypassMatter(request, facts)
      ? await this.#decideInLedger(request, facts, gathered)
      : decideTrust({ ...gathered, finishesBypass: false, bypassUses: 0 });
    const checks = [...decision.checks];
    if (decision.verdict === 'refuse') return { ...decision, checks };
    // Sealed keys go out only where they are needed.
    const { ours, theirs, challenge } = facts;
    const proofs = decision.secureAuthentication ? { ours, theirs } : { ours: [], theirs: [] };
    return { ...decision, checks, ...proofs, challenge };
  }

  /** Decides within the step, so that of two sessions at once only one is the last that may run. */
  async #decideInLedger(request: Request, facts: SessionFacts, gathered: Gathered): Promise<TrustDecision> {
    const { station, partner, session, direction, remoteAddress } = request;
    const ref: PartnerRef = { station, partner };
    const about: BypassSession = { session, direction, remoteAddress, since: facts.bypass.since };
    const decision = await this.#ledgers.change(ref, (ledger) => {
      const result = decideTrust({
        ...gathered,
        finishesBypass: finishesBypass(request, facts, ledger, gathered.now),
        bypassUses: otherUses(ledger, about),
      });
      return { ...written(ledger, result, about, gathered.now), result };
    });
    if (decision.verdict === 'run' && decision.mode === 'exchange-only') this.#metrics.used(direction);
    if (decision.verdict === 'refuse' && isBypassRefusal(decision.reason)) this.#metrics.refused(decision.reason);
    return decision;
  }
}

/** Whether the bypass may have a part in it; a session with secure authentication, which is the rule, needs no ledger. */
function isBypassMatter({ direction, secureAuthentication, passwordCorrect }: Request, facts: SessionFacts): boolean {
  // A stranger is refused before the bypass is looked at, and leaves nothing behind.
  if (passwordCorrect === false || !facts.secureAuthentication) return false;
  if (!facts.certificatePresent) return true;
  return direction === 'outbound' ? facts.broughtBy !== undefined : secureAuthentication === false;
}

/** What an operator put on file since, or a proven partner added, ends what the first exchange had left open. */
function finishesBypass({ direction }: Request, { broughtBy }: SessionFacts, ledger: Ledger, now: Date): boolean {
  if (broughtBy === undefined) return false;
  return direction === 'outbound' ? finishesByCalling(ledger, now) : unfinishedInBypass(ledger, now).length > 0;
}

function written(ledger: Ledger, decision: TrustDecision, about: BypassSession, now: Date): LedgerChange {
  if (decision.verdict === 'run') {
    return decision.mode === 'exchange-only' ? useBypass(ledger, about) : unchanged(ledger);
  }
  const { reason, message } = decision;
  return isBypassRefusal(reason) ? refuseBypass(ledger, { ...about, reason, message }, now) : unchanged(ledger);
}

function gather(request: Request, facts: SessionFacts, now: Date): Gathered {
  const { ours, theirs, challenge: _challenge, broughtBy: _broughtBy, ...partner } = facts;
  return {
    direction: request.direction,
    offeredAuthentication: request.secureAuthentication,
    passwordCorrect: request.passwordCorrect,
    partner: { ...partner, usableOurs: ours.length, usableTheirs: theirs.length },
    tls: tlsFacts(request),
    remoteAddress: request.remoteAddress,
    now,
  };
}

function tlsFacts({ tls }: Request): TlsPeerFacts | undefined {
  if (tls === undefined) return undefined;
  const [own] = tls.peerChain;
  return { peerCertificate: own === undefined ? undefined : fingerprintOf(own), authorized: tls.authorized };
}
