import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { showCertificates } from '../domain/audit-views.js';
import { reopenBypass } from '../domain/bypass-reopening.js';
import { requirePartner, requireStation } from '../domain/presence.js';
import { partnerView } from '../domain/views.js';
import { PartnerChanges } from '../operations/partner-changes.js';
import type { Stations } from '../ports/stations.js';
import { STATIONS } from '../ports/tokens.js';

/** Requests about the bypass. */
@Controller()
export class BypassHandlers {
  readonly #stations: Stations;
  readonly #changes: PartnerChanges;
  readonly #clock: Clock;

  constructor(
    @Inject(STATIONS) stations: Stations,
    @Inject(PartnerChanges) changes: PartnerChanges,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#stations = stations;
    this.#changes = changes;
    this.#clock = clock;
  }

  @Serves(registry.bypassReopen)
  async reopen(
    input: ParsedRequestOf<typeof registry.bypassReopen>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.bypassReopen>> {
    const now = this.#clock.now();
    const station = requireStation(await this.#stations.get(input.station), input.station);
    const { reason } = input;
    const act = { act: 'bypass.reopen', actor, reason, show: showCertificates };
    const { after } = await this.#changes.makeForGood(input, act, (current) =>
      reopenBypass(requirePartner(current, input).record, { by: actor, reason }, now),
    );
    return { partner: partnerView(after.record, station, after.revision, now) };
  }
}
