import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { AUDIT, CLOCK, cutPage, Serves, type AuditTrail, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { requireStation } from '../domain/presence.js';
import { addStation } from '../domain/settings.js';
import { stationView } from '../domain/views.js';
import type { Stations } from '../ports/stations.js';
import { STATIONS } from '../ports/tokens.js';

/** Requests about our Odette identities. */
@Controller()
export class StationHandlers {
  readonly #stations: Stations;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(@Inject(STATIONS) stations: Stations, @Inject(AUDIT) audit: AuditTrail, @Inject(CLOCK) clock: Clock) {
    this.#stations = stations;
    this.#audit = audit;
    this.#clock = clock;
  }

  @Serves(registry.stationAdd)
  async add(
    input: ParsedRequestOf<typeof registry.stationAdd>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.stationAdd>> {
    const now = this.#clock.now();
    const { id, host } = input;
    const existing = await this.#stations.get(id);
    if (existing === undefined && host !== undefined) await this.#stations.claimHost({ host, station: id }, now);
    const added = stationView(await this.#stations.change(id, (current) => addStation(current, input, now)));
    if (existing === undefined) {
      await this.#audit.record({ act: 'station.add', actor, phase: 'done', about: { station: id }, after: added });
    }
    return { station: added };
  }

  @Serves(registry.stationList)
  async list({
    limit,
    after,
  }: ParsedRequestOf<typeof registry.stationList>): Promise<ReplyOf<typeof registry.stationList>> {
    const { stations, next } = await this.#stations.list({ limit, after });
    const rows = stations.map(({ record, place }) => ({ place, station: stationView(record) }));
    const { entries, ...rest } = cutPage(rows, { limit, next, place: (row) => row.place });
    return { stations: entries.map(({ station }) => station), ...rest };
  }

  @Serves(registry.stationGet)
  async get({ station }: ParsedRequestOf<typeof registry.stationGet>): Promise<ReplyOf<typeof registry.stationGet>> {
    return { station: stationView(requireStation(await this.#stations.get(station), station)) };
  }
}
