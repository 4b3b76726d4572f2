import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { cutPage, Serves } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Dependents } from '../operations/dependents.js';

/** Requests about what stands on an authority. */
@Controller()
export class DependentHandlers {
  readonly #dependents: Dependents;

  constructor(@Inject(Dependents) dependents: Dependents) {
    this.#dependents = dependents;
  }

  @Serves(registry.issuerDependents)
  async dependents({
    issuer,
    others,
    supposed,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.issuerDependents>): Promise<ReplyOf<typeof registry.issuerDependents>> {
    const { partners, next } = await this.#dependents.page({ issuers: [issuer, ...others], are: supposed }, after);
    const rows = partners.map(({ record, place, entries, certificates }) => ({
      place,
      row: { station: record.station, partner: record.id, entries, certificates: [...certificates] },
    }));
    const { entries, ...rest } = cutPage(rows, { limit, next, place: ({ place }) => place });
    return { partners: entries.map(({ row }) => row), ...rest };
  }
}
