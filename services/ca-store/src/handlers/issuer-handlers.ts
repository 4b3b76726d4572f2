import { ca, CertlaneError, fingerprint, type Issuer, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, cutPage, Serves, unknownPage, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { admitIssuers } from '../domain/admission.js';
import { authoritiesIn, authorityView } from '../domain/authority-view.js';
import { namesBelow } from '../domain/names-below.js';
import { Issuers } from '../operations/issuers.js';
import { TRUST_STATE, type TrustState, type TrustView } from '../ports/trust-state.js';

/** Requests about authorities: those installed by hand, and those of trust lists beside them. */
@Controller()
export class IssuerHandlers {
  readonly #state: TrustState;
  readonly #issuers: Issuers;
  readonly #clock: Clock;

  constructor(@Inject(TRUST_STATE) state: TrustState, @Inject(Issuers) issuers: Issuers, @Inject(CLOCK) clock: Clock) {
    this.#state = state;
    this.#issuers = issuers;
    this.#clock = clock;
  }

  @Serves(ca.issuerAdd)
  async add(
    { certificates, purpose }: ParsedRequestOf<typeof ca.issuerAdd>,
    { actor: by }: Call,
  ): Promise<ReplyOf<typeof ca.issuerAdd>> {
    const at = this.#clock.now();
    const admitted = admitIssuers(certificates, at);
    const former = await this.#issuers.add({ certificates: admitted, purpose, at, by });
    const view = await this.#state.current();
    // Somebody else may have taken one out by now; then there is nothing to show of it.
    const issuers = admitted.flatMap((one, index) => {
      const issuer = authorityView(view, one.fingerprint);
      const formerPurpose = former[index];
      const before = formerPurpose === undefined ? {} : { formerPurpose };
      return issuer === undefined ? [] : [{ ...issuer, added: formerPurpose !== purpose, ...before }];
    });
    return { issuers };
  }

  @Serves(ca.issuerList)
  async list({
    limit,
    after = '',
    usableByPartners,
  }: ParsedRequestOf<typeof ca.issuerList>): Promise<ReplyOf<typeof ca.issuerList>> {
    if (after !== '' && !fingerprint.safeParse(after).success) throw unknownPage(after);
    const view = await this.#state.current();
    const behind = authoritiesIn(view, usableByPartners).filter((one) => one > after);
    const wanted = behind.slice(0, limit);
    const next = behind.length > limit ? wanted.at(-1) : undefined;
    const place = (issuer: Issuer) => issuer.fingerprint;
    const issuers = wanted.map((one) => shown(view, one));
    const { entries, ...rest } = cutPage(issuers, { limit, next, place });
    return { issuers: entries, ...rest };
  }

  @Serves(ca.issuerGet)
  async get({ fingerprint }: ParsedRequestOf<typeof ca.issuerGet>): Promise<ReplyOf<typeof ca.issuerGet>> {
    const view = await this.#state.current();
    const issuer = shown(view, fingerprint);
    const below = namesBelow(view, fingerprint);
    return { issuer, ...(below === undefined ? {} : { below: [...below] }) };
  }

  @Serves(ca.issuerRemove)
  async remove(
    { fingerprint }: ParsedRequestOf<typeof ca.issuerRemove>,
    { actor: by }: Call,
  ): Promise<ReplyOf<typeof ca.issuerRemove>> {
    if (!(await this.#issuers.remove(fingerprint, by))) throw notInstalled(await this.#state.current(), fingerprint);
    return {};
  }
}

function shown(view: TrustView, fingerprint: string): Issuer {
  const issuer = authorityView(view, fingerprint);
  if (issuer !== undefined) return issuer;
  throw unknown(`fingerprint: no authority ${fingerprint} is installed or in accord on a trust list`);
}

function notInstalled(view: TrustView, fingerprint: string): CertlaneError {
  const [listing] = view.listings(fingerprint);
  return listing === undefined
    ? unknown(`fingerprint: no issuer ${fingerprint} is installed`)
    : unknown(
        `fingerprint: ${fingerprint} is not installed; the trust list "${listing.list}" names it, and only its publisher, or certlane tsl remove, takes it out`,
      );
}

const unknown = (message: string): CertlaneError =>
  new CertlaneError('not-found', `${message}; certlane issuer list shows those that are`, {
    details: { field: 'fingerprint' },
  });
