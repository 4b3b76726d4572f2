import { registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { requirePartner, requireStation } from '../domain/presence.js';
import { addPartner, changeSettings, removal } from '../domain/settings.js';
import { partnerSummary, partnerView } from '../domain/views.js';
import type { Partners } from '../ports/partners.js';
import type { Stations } from '../ports/stations.js';
import { PARTNERS, STATIONS } from '../ports/tokens.js';

/** Requests about partners and their settings. */
@Controller()
export class PartnerHandlers {
  readonly #stations: Stations;
  readonly #partners: Partners;
  readonly #clock: Clock;

  constructor(@Inject(STATIONS) stations: Stations, @Inject(PARTNERS) partners: Partners, @Inject(CLOCK) clock: Clock) {
    this.#stations = stations;
    this.#partners = partners;
    this.#clock = clock;
  }

  @Serves(registry.partnerAdd)
  async add(input: ParsedRequestOf<typeof registry.partnerAdd>): Promise<ReplyOf<typeof registry.partnerAdd>> {
    const { station, id, ourPassword, ...others } = input;
    const settings = { ...others, ...(ourPassword === undefined ? {} : { ourPassword }) };
    const now = this.#clock.now();
    const ours = requireStation(await this.#stations.get(station), station);
    const { after } = await this.#partners.change({ station, partner: id }, (current) =>
      addPartner(current?.record, { station, id, settings }, now),
    );
    return { partner: partnerView(after.record, ours, after.revision, now) };
  }

  @Serves(registry.partnerSet)
  async set(input: ParsedRequestOf<typeof registry.partnerSet>): Promise<ReplyOf<typeof registry.partnerSet>> {
    const { station, partner, ...asked } = input;
    const key = { station, partner };
    const ours = requireStation(await this.#stations.get(station), station);
    const { after } = await this.#partners.change(key, (current) =>
      changeSettings(requirePartner(current, key).record, asked),
    );
    return { partner: partnerView(after.record, ours, after.revision, this.#clock.now()) };
  }

  @Serves(registry.partnerList)
  async list({
    station,
    id,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.partnerList>): Promise<ReplyOf<typeof registry.partnerList>> {
    const { partners, next } = await this.#partners.list({ station, partner: id, limit, after });
    return { partners: partners.map(partnerSummary), ...(next === undefined ? {} : { next }) };
  }

  @Serves(registry.partnerGet)
  async get(input: ParsedRequestOf<typeof registry.partnerGet>): Promise<ReplyOf<typeof registry.partnerGet>> {
    const [found, station] = await Promise.all([this.#partners.get(input), this.#stations.get(input.station)]);
    const ours = requireStation(station, input.station);
    const { record, revision } = requirePartner(found, input);
    const at = input.at === undefined ? this.#clock.now() : new Date(input.at);
    return { partner: partnerView(record, ours, revision, at) };
  }

  @Serves(registry.partnerRemove)
  async remove(input: ParsedRequestOf<typeof registry.partnerRemove>): Promise<ReplyOf<typeof registry.partnerRemove>> {
    const removed = await this.#partners.remove(input, [removal(input.station, input.partner)]);
    requirePartner(removed ? input : undefined, input);
    return {};
  }
}
