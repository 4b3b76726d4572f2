import { CertlaneError, registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { showPartner, showSettings } from '../domain/audit-views.js';
import { requirePartner, requireStation } from '../domain/presence.js';
import { addPartner, changeSettings, removal, requireSound, type AskedPartner } from '../domain/settings.js';
import { requireNoSubStations } from '../domain/sub-stations.js';
import { sameTerms } from '../domain/standing.js';
import { partnerSummary, partnerView } from '../domain/views.js';
import type { Partners } from '../ports/partners.js';
import type { Stations } from '../ports/stations.js';
import { PARTNERS, STATIONS } from '../ports/tokens.js';
import { PartnerChanges } from '../operations/partner-changes.js';
import { ReviewRequests } from '../operations/review-requests.js';
import { SubStations } from '../operations/sub-stations.js';

/** Requests about partners and their settings. */
@Controller()
export class PartnerHandlers {
  readonly #stations: Stations;
  readonly #partners: Partners;
  readonly #changes: PartnerChanges;
  readonly #subStations: SubStations;
  readonly #reviews: ReviewRequests;
  readonly #clock: Clock;

  constructor(
    @Inject(STATIONS) stations: Stations,
    @Inject(PARTNERS) partners: Partners,
    @Inject(PartnerChanges) changes: PartnerChanges,
    @Inject(SubStations) subStations: SubStations,
    @Inject(ReviewRequests) reviews: ReviewRequests,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#stations = stations;
    this.#partners = partners;
    this.#changes = changes;
    this.#subStations = subStations;
    this.#reviews = reviews;
    this.#clock = clock;
  }

  @Serves(registry.partnerAdd)
  async add(
    input: ParsedRequestOf<typeof registry.partnerAdd>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerAdd>> {
    const { station, id, via, password, ourPassword, ...others } = input;
    const passwords = {
      ...(password === undefined ? {} : { password }),
      ...(ourPassword === undefined ? {} : { ourPassword }),
    };
    const asked: AskedPartner = { station, id, via, settings: { ...others, ...passwords } };
    const now = this.#clock.now();
    const ours = requireStation(await this.#stations.get(station), station);
    requireSound(asked);
    const claimed = await this.#claimed(asked);
    const act = { act: 'partner.add', actor, show: showPartner };
    const { after } = await this.#changes.make({ station, partner: id }, act, (current) => {
      if (current === undefined && !claimed) throw justRemoved(asked);
      return addPartner(current?.record, asked, now);
    });
    return { partner: partnerView(after.record, ours, after.revision, now) };
  }

  /** @returns whether it may be written where there is none: a sub-station is on the list of its partner first */
  async #claimed({ station, id, via }: AskedPartner): Promise<boolean> {
    if (via === undefined) return true;
    if ((await this.#partners.get({ station, partner: id })) !== undefined) return false;
    await this.#subStations.claim({ station, id, via });
    return true;
  }

  @Serves(registry.partnerSet)
  async set(
    input: ParsedRequestOf<typeof registry.partnerSet>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerSet>> {
    const { station, partner, ...asked } = input;
    const key = { station, partner };
    const ours = requireStation(await this.#stations.get(station), station);
    const act = { act: 'partner.set', actor, show: showSettings };
    const { before, after } = await this.#changes.make(key, act, (current) =>
      changeSettings(requirePartner(current, key).record, asked),
    );
    if (before !== undefined && !sameTerms(before, after.record)) this.#reviews.ask({ partners: [key] });
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
    const now = this.#clock.now();
    return {
      partners: partners.map(({ record }) => partnerSummary(record, now)),
      ...(next === undefined ? {} : { next }),
    };
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
  async remove(
    input: ParsedRequestOf<typeof registry.partnerRemove>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerRemove>> {
    const { record } = requirePartner(await this.#partners.get(input), input);
    const claim = await this.#subStations.claimOf(record);
    const act = { act: 'partner.remove', actor, show: showPartner };
    const removed = await this.#changes.remove(input, act, async (current) => {
      requireNoSubStations(current, await this.#subStations.alive(current));
      return [removal(input.station, input.partner)];
    });
    requirePartner(removed, input);
    if (claim !== undefined && record.via !== undefined) {
      await this.#subStations.release({ station: input.station, partner: record.via }, claim);
    }
    return {};
  }
}

function justRemoved({ station, id }: AskedPartner): CertlaneError {
  return new CertlaneError(
    'conflict',
    `id: partner ${id} of station ${station} was removed just now; send the request again`,
  );
}
