import type { exchangeRequests } from '@certlane/contracts';
import { type ParsedRequestOf, type Partner, type ReplyOf } from '@certlane/contracts';
import { fingerprintOf } from '../domain/fingerprint.js';
import { decideTrust } from '../domain/trust/decide.js';
import type { PartnerFacts } from '../domain/trust/facts.js';
import type { Partners } from '../ports/partners.js';

type Request = ParsedRequestOf<typeof exchangeRequests.sessionDecide>;
type Reply = ReplyOf<typeof exchangeRequests.sessionDecide>;
type SessionCertificates = Awaited<ReturnType<Partners['sessionCertificates']>>;

/** Gathers what the session-trust decision looks at, decides, and adds the certificates the session needs. */
export class DecideSession {
  readonly #partners: Partners;

  constructor(options: { readonly partners: Partners }) {
    this.#partners = options.partners;
  }

  async run(request: Request): Promise<Reply> {
    const [partner, certificates] = await Promise.all([
      this.#partners.get(request),
      this.#partners.sessionCertificates(request),
    ]);
    const decision = decideTrust({
      direction: request.direction,
      offeredAuthentication: request.secureAuthentication,
      passwordCorrect: request.passwordCorrect,
      partner: partnerFacts(partner, certificates),
      tls: tlsFacts(request),
    });
    const checks = [...decision.checks];
    if (decision.verdict === 'refuse') return { ...decision, checks };
    const proofs = decision.secureAuthentication ? certificates : { ours: [], theirs: [] };
    return {
      ...decision,
      checks,
      ours: [...proofs.ours],
      theirs: [...proofs.theirs],
      challenge: certificates.challenge,
    };
  }
}

function partnerFacts(partner: Partner, { ours, theirs }: SessionCertificates): PartnerFacts {
  const tls = partner.usages.find(({ usage }) => usage === 'tls');
  return {
    id: partner.id,
    secureAuthentication: partner.secureAuthentication,
    acx: partner.acx,
    tlsClientAuthentication: partner.tlsClientAuthentication,
    certificatePresent: partner.certificates.some(({ usages }) => usages.includes('session-authentication')),
    identified: partner.entries.some(({ usages }) => usages.includes('session-authentication')),
    usableTheirs: theirs.length,
    usableOurs: ours.length,
    tlsCertificates: [
      ...(tls?.current === undefined ? [] : [tls.current]),
      ...(tls?.accepted ?? []).map(({ fingerprint }) => fingerprint),
    ],
  };
}

function tlsFacts({ tls }: Request) {
  if (tls === undefined) return undefined;
  const [own] = tls.peerChain;
  return { peerCertificate: own === undefined ? undefined : fingerprintOf(own), authorized: tls.authorized };
}
