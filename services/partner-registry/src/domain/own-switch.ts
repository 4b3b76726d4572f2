import { registryEvents, type Usage } from '@certlane/contracts';
import { fact, unchanged, type Change } from './change.js';
import { unknownOwnCertificate, ownCertificateOf } from './own-certificates.js';
import { LIMITS, type OwnUse, type PartnerRecord, type StationRecord } from './records.js';

/** An end response: the partner holds a certificate of ours. */
export interface OwnSwitch {
  readonly fingerprint: string;
  readonly usages: readonly Usage[];
  readonly exchange: string;
}

/**
 * Uses a certificate of ours towards a partner from now on. What it acknowledged before stays acceptable from it.
 * @throws {CertlaneError} `not-found` when the station has no such certificate
 */
export function switchOwn(partner: PartnerRecord, station: StationRecord, asked: OwnSwitch): Change<PartnerRecord> {
  if (partner.applied.includes(asked.exchange)) return unchanged(partner);
  if (ownCertificateOf(station, asked.fingerprint) === undefined) {
    throw unknownOwnCertificate(station.id, asked.fingerprint);
  }
  const switched = asked.usages.filter((usage) => partner.own[usage]?.acknowledged !== asked.fingerprint);
  if (switched.length === 0) return unchanged(partner);
  const own = { ...partner.own };
  for (const usage of switched) own[usage] = acknowledge(own[usage], asked.fingerprint);
  return {
    record: { ...partner, own, applied: [...partner.applied, asked.exchange].slice(-LIMITS.appliedExchanges) },
    facts: [
      fact(registryEvents.ownCertificateSwitched, {
        station: partner.station,
        partner: partner.id,
        fingerprint: asked.fingerprint,
        usages: switched,
        exchange: asked.exchange,
      }),
    ],
  };
}

function acknowledge(before: OwnUse | undefined, fingerprint: string): OwnUse {
  const previous = before === undefined ? [] : [before.acknowledged, ...before.previous];
  return {
    acknowledged: fingerprint,
    previous: previous.filter((one) => one !== fingerprint).slice(0, LIMITS.formerOwn),
  };
}
