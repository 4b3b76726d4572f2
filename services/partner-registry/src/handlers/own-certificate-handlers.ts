import { isDeepStrictEqual } from 'node:util';
import { registry, type OwnCertificate, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { AUDIT, CLOCK, cutPage, Serves, unknownPage, type AuditTrail, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { showOwnUse } from '../domain/audit-views.js';
import { receiveCertificate } from '../domain/certificate-facts.js';
import { requireKeyTransport, requireKeyUsage } from '../domain/key-fitness.js';
import {
  activate,
  activeFor,
  addOwnCertificate,
  ownCertificateOf,
  receiveOwnCertificate,
  unknownKey,
  unknownOwnCertificate,
} from '../domain/own-certificates.js';
import { isPlace, listOf, type Listed } from '../domain/own-list.js';
import { switchOwn } from '../domain/own-switch.js';
import { requirePartner, requireStation } from '../domain/presence.js';
import type { StationRecord } from '../domain/records.js';
import { stationView } from '../domain/views.js';
import type { OwnCertificateRecord, OwnCertificates, SealedKeys } from '../ports/own-certificates.js';
import { PartnerChanges } from '../operations/partner-changes.js';
import type { Stations } from '../ports/stations.js';
import { OWN_CERTIFICATES, SEALED_KEYS, STATIONS } from '../ports/tokens.js';

/** Requests about the keys and certificates of our stations. */
@Controller()
export class OwnCertificateHandlers {
  readonly #stations: Stations;
  readonly #changes: PartnerChanges;
  readonly #certificates: OwnCertificates;
  readonly #keys: SealedKeys;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(
    @Inject(STATIONS) stations: Stations,
    @Inject(PartnerChanges) changes: PartnerChanges,
    @Inject(OWN_CERTIFICATES) certificates: OwnCertificates,
    @Inject(SEALED_KEYS) keys: SealedKeys,
    @Inject(AUDIT) audit: AuditTrail,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#stations = stations;
    this.#changes = changes;
    this.#certificates = certificates;
    this.#keys = keys;
    this.#audit = audit;
    this.#clock = clock;
  }

  @Serves(registry.keyAdd)
  async addKey(
    input: ParsedRequestOf<typeof registry.keyAdd>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.keyAdd>> {
    const { station, keyId, sealedKey } = input;
    requireStation(await this.#stations.get(station), station);
    const before = await this.#keys.get(station, keyId);
    await this.#keys.keep(station, { keyId, sealedKey, createdAt: this.#clock.now().toISOString() });
    if (before?.sealedKey !== sealedKey) {
      await this.#audit.record({ act: 'key.add', actor, phase: 'done', about: { station }, after: { keyId } });
    }
    return {};
  }

  @Serves(registry.keyGet)
  async getKey(input: ParsedRequestOf<typeof registry.keyGet>): Promise<ReplyOf<typeof registry.keyGet>> {
    const key = await this.#keys.get(input.station, input.keyId);
    if (key === undefined) throw unknownKey(input.station, input.keyId, 'not-found');
    return { key };
  }

  @Serves(registry.ownCertificateAdd)
  async add(
    input: ParsedRequestOf<typeof registry.ownCertificateAdd>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.ownCertificateAdd>> {
    const { station, keyId } = input;
    const now = this.#clock.now();
    const { summary, der, chain } = receiveOwnCertificate(input);
    const before = requireStation(await this.#stations.get(station), station);
    if ((await this.#keys.get(station, keyId)) === undefined) throw unknownKey(station, keyId, 'failed-precondition');
    // The octets first: what the station knows of can always be fetched.
    await this.#certificates.keep(station, { summary, certificate: der, chain, keyId, createdAt: now.toISOString() });
    await this.#stations.change(station, (current) =>
      addOwnCertificate(requireStation(current, station), summary, keyId, now),
    );
    if (ownCertificateOf(before, summary.fingerprint) === undefined) {
      await this.#audit.record({
        act: 'own-certificate.add',
        actor,
        phase: 'done',
        about: { station, certificate: summary.fingerprint },
        after: summary,
        serialNumbers: [summary.serialNumber],
      });
    }
    return { certificate: await this.#read(station, summary.fingerprint) };
  }

  @Serves(registry.ownCertificateList)
  async list({
    station,
    limit,
    after,
  }: ParsedRequestOf<typeof registry.ownCertificateList>): Promise<ReplyOf<typeof registry.ownCertificateList>> {
    const record = requireStation(await this.#stations.get(station), station);
    const all = listOf(record, await this.#keys.all(station));
    if (after !== undefined && !isPlace(after)) throw unknownPage(after);
    const behind = all.filter(({ place }) => after === undefined || place > after);
    const rows = await Promise.all(behind.slice(0, limit).map((one) => this.#row(record, one)));
    const next = behind.length > limit ? behind[limit - 1]?.place : undefined;
    const { entries, ...rest } = cutPage(rows, { limit, next, place: ({ place }) => place });
    return {
      certificates: entries.map(({ certificate }) => certificate).filter((one) => one !== undefined),
      pendingKeys: entries.map(({ pendingKey }) => pendingKey).filter((one) => one !== undefined),
      ...rest,
    };
  }

  async #row(station: StationRecord, { place, pendingKey, certificate }: Listed) {
    if (certificate === undefined) return { place, pendingKey };
    const own = await this.#read(station.id, certificate);
    return { place, certificate: { ...own, activeFor: activeFor(station, certificate) } };
  }

  @Serves(registry.ownCertificateGet)
  async get({
    station,
    fingerprint,
  }: ParsedRequestOf<typeof registry.ownCertificateGet>): Promise<ReplyOf<typeof registry.ownCertificateGet>> {
    const record = requireStation(await this.#stations.get(station), station);
    if (ownCertificateOf(record, fingerprint) === undefined) throw unknownOwnCertificate(station, fingerprint);
    return { certificate: await this.#read(station, fingerprint) };
  }

  @Serves(registry.ownCertificateActivate)
  async activate(
    { station, fingerprint, usages }: ParsedRequestOf<typeof registry.ownCertificateActivate>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.ownCertificateActivate>> {
    const now = this.#clock.now();
    const record = requireStation(await this.#stations.get(station), station);
    if (ownCertificateOf(record, fingerprint) === undefined) throw unknownOwnCertificate(station, fingerprint);
    const { parsed } = receiveCertificate('fingerprint', (await this.#read(station, fingerprint)).certificate);
    requireKeyTransport(parsed, usages);
    requireKeyUsage(parsed, usages);
    const changed = await this.#stations.change(station, (current) =>
      activate(requireStation(current, station), fingerprint, usages, now),
    );
    if (!isDeepStrictEqual(record.active, changed.active)) {
      await this.#audit.record({
        act: 'own-certificate.activate',
        actor,
        phase: 'done',
        about: { station, certificate: fingerprint },
        before: record.active,
        after: changed.active,
      });
    }
    return { station: stationView(changed) };
  }

  @Serves(registry.ownCertificateSwitch)
  async switch(
    input: ParsedRequestOf<typeof registry.ownCertificateSwitch>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.ownCertificateSwitch>> {
    const station = requireStation(await this.#stations.get(input.station), input.station);
    const act = {
      act: 'own-certificate.switch',
      // Nobody but the partner, whose end response says that it holds the certificate.
      actor: actor ?? `partner:${input.partner}`,
      about: { exchange: input.exchange, certificate: input.fingerprint },
      show: showOwnUse,
    };
    await this.#changes.makeForGood(input, act, (current) =>
      switchOwn(requirePartner(current, input).record, station, input),
    );
    return {};
  }

  async #read(station: string, fingerprint: string): Promise<OwnCertificate> {
    const own = await this.#certificates.get(station, fingerprint);
    if (own === undefined) throw unknownOwnCertificate(station, fingerprint);
    return ownCertificateView(own);
  }
}

function ownCertificateView({ summary, certificate, chain, keyId, createdAt }: OwnCertificateRecord): OwnCertificate {
  return { ...summary, certificate, chain: [...chain], keyId, createdAt };
}
