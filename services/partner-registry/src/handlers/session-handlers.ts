import {
  odetteId,
  registry,
  type ParsedRequestOf,
  type ReplyOf,
  type SessionProfile,
  type Usage,
} from '@certlane/contracts';
import { CLOCK, cutPage, Serves, unknownPage, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { broughtBy, bypassTime, hasAuthenticationCertificate, isIdentified } from '../domain/bypass.js';
import { requireCaller, requirePartner, requireStation } from '../domain/presence.js';
import { resolveOurs, resolveTheirs, stateOf } from '../domain/resolver.js';
import { limitsOf, sessionProfile } from '../domain/views.js';
import type { PartnerKey, Partners } from '../ports/partners.js';
import type { ListedStations, StationPage, Stations } from '../ports/stations.js';
import { PARTNERS, STATIONS } from '../ports/tokens.js';
import { phaseAt } from '../domain/usage-line.js';
import { UsableCertificates } from './usable-certificates.js';

/** Requests that sessions depend on: who calls, and which certificates prove it. */
@Controller()
export class SessionHandlers {
  readonly #stations: Stations;
  readonly #partners: Partners;
  readonly #usable: UsableCertificates;
  readonly #clock: Clock;

  constructor(
    @Inject(STATIONS) stations: Stations,
    @Inject(PARTNERS) partners: Partners,
    @Inject(UsableCertificates) usable: UsableCertificates,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#stations = stations;
    this.#partners = partners;
    this.#usable = usable;
    this.#clock = clock;
  }

  @Serves(registry.sessionProfiles)
  async profiles({
    partner,
    station,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.sessionProfiles>): Promise<ReplyOf<typeof registry.sessionProfiles>> {
    const stations = station === undefined ? await this.#partners.stationsOf(partner) : [station];
    if (after !== undefined && !odetteId.safeParse(after).success) throw unknownPage(after);
    const behind = stations.filter((one) => after === undefined || one > after);
    const page = behind.slice(0, limit);
    const found = await Promise.all(page.map((one) => this.#profile({ station: one, partner })));
    const next = behind.length > limit ? page.at(-1) : undefined;
    const { entries, ...rest } = cutPage(present(found), { limit, next, place: (profile) => profile.station });
    return { profiles: entries, ...rest };
  }

  async #profile(key: PartnerKey): Promise<SessionProfile | undefined> {
    const [known, station] = await Promise.all([this.#partners.get(key), this.#stations.get(key.station)]);
    return known === undefined ? undefined : sessionProfile(known.record, requireStation(station, key.station));
  }

  @Serves(registry.sessionFacts)
  async facts(input: ParsedRequestOf<typeof registry.sessionFacts>): Promise<ReplyOf<typeof registry.sessionFacts>> {
    const at = this.#clock.now();
    const [found, ours] = await Promise.all([this.#partners.get(input), this.#stations.get(input.station)]);
    const station = requireStation(ours, input.station);
    const record = requireCaller(requirePartner(found, input).record);
    const own = resolveOurs(station, record.own['session-authentication'], 'session-authentication', at);
    // Without one we are known by there is nothing to prove ourselves with, whatever the partner may still use.
    const usable = own.current === undefined ? [] : [own.current, ...own.accepted];
    const goodFor = (usage: Usage) => {
      const { current, accepted } = resolveTheirs(record, usage, at);
      return present([current, ...accepted]);
    };
    const origin = broughtBy(record);
    return {
      acx: record.acx,
      secureAuthentication: record.secureAuthentication,
      tlsClientAuthentication: record.tlsClientAuthentication,
      certificatePresent: hasAuthenticationCertificate(record),
      ...(origin === undefined ? {} : { broughtBy: origin }),
      identified: isIdentified(record),
      tlsCertificates: goodFor('tls').map(({ fingerprint }) => fingerprint),
      tlsCertificatePresent: record.certificates.some(
        (one) => one.usages.includes('tls') && phaseAt(one, at) !== 'scheduled',
      ),
      ours: await this.#usable.all(station.id, usable),
      theirs: goodFor('session-authentication').map(({ certificate }) => certificate),
      theirsRevoked: record.certificates.some(
        (one) => one.usages.includes('session-authentication') && stateOf(record, one, at) === 'revoked',
      ),
      challenge: record.challenge,
      bypass: { ...bypassTime(record), limits: limitsOf(record) },
    };
  }

  @Serves(registry.stationTls)
  async tls({
    station,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.stationTls>): Promise<ReplyOf<typeof registry.stationTls>> {
    const at = this.#clock.now();
    const { stations, next } = await this.#asked(station, { limit, after });
    const found = await Promise.all(
      stations.map(async ({ record: { host, ...station }, place }) => {
        const { current } = resolveOurs(station, undefined, 'tls', at);
        if (current === undefined) return undefined;
        const tls = await this.#usable.one(station.id, current);
        return { place, row: { station: station.id, ...(host === undefined ? {} : { host }), tls } };
      }),
    );
    const { entries, ...rest } = cutPage(present(found), { limit, next, place: ({ place }) => place });
    return { stations: entries.map(({ row }) => row), ...rest };
  }

  async #asked(station: string | undefined, page: StationPage): Promise<ListedStations> {
    if (station === undefined) return this.#stations.list(page);
    const record = await this.#stations.get(station);
    return { stations: record === undefined ? [] : [{ record, place: station }] };
  }
}

const present = <T>(list: readonly (T | undefined)[]): T[] => list.filter((one) => one !== undefined);
