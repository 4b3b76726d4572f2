import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { readCertificate } from '@certlane/pki';
import { CLOCK, cutPage, Serves, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Authority } from '../domain/dependents.js';
import type { Issuers } from '../ports/issuers.js';
import type { Partners } from '../ports/partners.js';
import { ISSUERS, PARTNERS } from '../ports/tokens.js';

/** Records that one request looks at: a third of a second, however many partners there are. */
const LOOKED_AT = 1_000;

/** Requests about what stands on an authority. */
@Controller()
export class DependentHandlers {
  readonly #partners: Partners;
  readonly #issuers: Issuers;
  readonly #clock: Clock;

  constructor(@Inject(PARTNERS) partners: Partners, @Inject(ISSUERS) issuers: Issuers, @Inject(CLOCK) clock: Clock) {
    this.#partners = partners;
    this.#issuers = issuers;
    this.#clock = clock;
  }

  @Serves(registry.issuerDependents)
  async dependents({
    issuer,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.issuerDependents>): Promise<ReplyOf<typeof registry.issuerDependents>> {
    const now = this.#clock.now();
    const [found, { partners, next }] = await Promise.all([
      this.#issuers.get(issuer),
      this.#partners.list({ limit: LOOKED_AT, after }),
    ]);
    const authority = new Authority(
      issuer,
      found === undefined ? undefined : readCertificate(Buffer.from(found.certificate, 'base64')),
    );
    const rows = partners.flatMap(({ record, place }) => {
      const dependence = authority.dependence(record, now);
      if (dependence === undefined) return [];
      const { entries, certificates } = dependence;
      const row = { station: record.station, partner: record.id, entries, certificates: [...certificates] };
      return [{ place, row }];
    });
    const { entries, ...rest } = cutPage(rows, { limit, next, place: ({ place }) => place });
    return { partners: entries.map(({ row }) => row), ...rest };
  }
}
