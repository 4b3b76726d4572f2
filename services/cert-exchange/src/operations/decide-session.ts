import type { exchangeRequests, ParsedRequestOf, ReplyOf } from '@certlane/contracts';
import { fingerprintOf } from '../domain/fingerprint.js';
import { finishesByCalling, unfinishedInBypass } from '../domain/ledger/bypass.js';
import { decideTrust } from '../domain/trust/decide.js';
import type { TlsPeerFacts } from '../domain/trust/facts.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';

type Request = ParsedRequestOf<typeof exchangeRequests.sessionDecide>;
type Reply = ReplyOf<typeof exchangeRequests.sessionDecide>;

/** Gathers what the session-trust decision looks at, decides, and adds the certificates the session needs. */
export class DecideSession {
  readonly #partners: Partners;
  readonly #ledgers: Ledgers;

  constructor(options: { readonly partners: Partners; readonly ledgers: Ledgers }) {
    this.#partners = options.partners;
    this.#ledgers = options.ledgers;
  }

  /** @throws {CertlaneError} `not-found` for an unknown partner, `unavailable` when the facts cannot be had: no session then */
  async run(request: Request): Promise<Reply> {
    const { ours, theirs, challenge, broughtBy, ...partner } = await this.#partners.sessionFacts(request);
    const decision = decideTrust({
      direction: request.direction,
      offeredAuthentication: request.secureAuthentication,
      passwordCorrect: request.passwordCorrect,
      partner: { ...partner, usableOurs: ours.length, usableTheirs: theirs.length },
      // What an operator put on file since, or a proven partner added, ends what the first exchange had left open.
      finishesBypass: partner.secureAuthentication && broughtBy !== undefined && (await this.#finishesBypass(request)),
      tls: tlsFacts(request),
    });
    const checks = [...decision.checks];
    if (decision.verdict === 'refuse') return { ...decision, checks };
    // Sealed keys go out only where they are needed.
    const proofs = decision.secureAuthentication ? { ours, theirs } : { ours: [], theirs: [] };
    return { ...decision, checks, ...proofs, challenge };
  }

  /** Looked up only where it can matter: a session with secure authentication, which is the rule, needs no second read. */
  async #finishesBypass({ direction, secureAuthentication, ...ref }: Request): Promise<boolean> {
    if (direction === 'outbound') return finishesByCalling(await this.#ledgers.read(ref));
    return secureAuthentication === false && unfinishedInBypass(await this.#ledgers.read(ref)).length > 0;
  }
}

function tlsFacts({ tls }: Request): TlsPeerFacts | undefined {
  if (tls === undefined) return undefined;
  const [own] = tls.peerChain;
  return { peerCertificate: own === undefined ? undefined : fingerprintOf(own), authorized: tls.authorized };
}
