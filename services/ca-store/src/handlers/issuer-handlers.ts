import { ca, CertlaneError, fingerprint, type Issuer, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, cutPage, Serves, unknownPage, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { admitIssuers } from '../domain/admission.js';
import { issuerView } from '../domain/issuer-record.js';
import { ISSUERS, type Issuers } from '../ports/issuers.js';

/** Requests about installed issuers. */
@Controller()
export class IssuerHandlers {
  readonly #issuers: Issuers;
  readonly #clock: Clock;

  constructor(@Inject(ISSUERS) issuers: Issuers, @Inject(CLOCK) clock: Clock) {
    this.#issuers = issuers;
    this.#clock = clock;
  }

  @Serves(ca.issuerAdd)
  async add({ certificates }: ParsedRequestOf<typeof ca.issuerAdd>): Promise<ReplyOf<typeof ca.issuerAdd>> {
    const now = this.#clock.now();
    const installed = await this.#issuers.add(admitIssuers(certificates, now), now);
    return { issuers: installed.map(({ issuer, added }) => ({ ...issuerView(issuer), added })) };
  }

  @Serves(ca.issuerList)
  async list({ limit, after }: ParsedRequestOf<typeof ca.issuerList>): Promise<ReplyOf<typeof ca.issuerList>> {
    if (after !== undefined && !fingerprint.safeParse(after).success) throw unknownPage(after);
    const { issuers, next } = await this.#issuers.page({ limit, after });
    const place = (issuer: Issuer) => issuer.fingerprint;
    const { entries, ...rest } = cutPage(issuers.map(issuerView), { limit, next, place });
    return { issuers: entries, ...rest };
  }

  @Serves(ca.issuerGet)
  async get({ fingerprint }: ParsedRequestOf<typeof ca.issuerGet>): Promise<ReplyOf<typeof ca.issuerGet>> {
    const issuer = await this.#issuers.get(fingerprint);
    if (issuer === undefined) throw notInstalled(fingerprint);
    return { issuer: issuerView(issuer) };
  }

  @Serves(ca.issuerRemove)
  async remove({ fingerprint }: ParsedRequestOf<typeof ca.issuerRemove>): Promise<ReplyOf<typeof ca.issuerRemove>> {
    if (!(await this.#issuers.remove(fingerprint))) throw notInstalled(fingerprint);
    return {};
  }
}

function notInstalled(fingerprint: string): CertlaneError {
  return new CertlaneError(
    'not-found',
    `fingerprint: no issuer ${fingerprint} is installed; certlane issuer list shows those that are`,
    { details: { field: 'fingerprint' } },
  );
}
