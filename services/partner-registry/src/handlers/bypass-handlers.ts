import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { reopenBypass } from '../domain/bypass-reopening.js';
import { requirePartner, requireStation } from '../domain/presence.js';
import { partnerView } from '../domain/views.js';
import type { Partners } from '../ports/partners.js';
import type { Stations } from '../ports/stations.js';
import { PARTNERS, STATIONS } from '../ports/tokens.js';

/** Requests about the bypass. */
@Controller()
export class BypassHandlers {
  readonly #stations: Stations;
  readonly #partners: Partners;
  readonly #clock: Clock;

  constructor(@Inject(STATIONS) stations: Stations, @Inject(PARTNERS) partners: Partners, @Inject(CLOCK) clock: Clock) {
    this.#stations = stations;
    this.#partners = partners;
    this.#clock = clock;
  }

  @Serves(registry.bypassReopen)
  async reopen(
    input: ParsedRequestOf<typeof registry.bypassReopen>,
    { actor: by }: Call,
  ): Promise<ReplyOf<typeof registry.bypassReopen>> {
    const now = this.#clock.now();
    const station = requireStation(await this.#stations.get(input.station), input.station);
    const { after } = await this.#partners.change(input, (current) =>
      reopenBypass(requirePartner(current, input).record, { by, reason: input.reason }, now),
    );
    return { partner: partnerView(after.record, station, after.revision, now) };
  }
}
