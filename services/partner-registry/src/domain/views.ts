import type { registry, Partner, ParsedReplyOf, SessionProfile, Station } from '@certlane/contracts';
import { bypassOpen } from './bypass.js';
import type { PartnerRecord, StationRecord } from './records.js';
import { resolveUsages, stateOf } from './resolver.js';

type PartnerSummary = ParsedReplyOf<typeof registry.partnerList>['partners'][number];

/** A station as the bus shows it: without its password. */
export function stationView({ id, host, active, createdAt }: StationRecord): Station {
  return { id, ...(host === undefined ? {} : { host }), active: { ...active }, createdAt };
}

/** A partner as operators see it at a time, with what serves each usage then. */
export function partnerView(partner: PartnerRecord, station: StationRecord, revision: string, at: Date): Partner {
  const { connection, secureAuthentication, acx, tlsClientAuthentication, challenge, id, createdAt } = partner;
  return {
    connection,
    secureAuthentication,
    acx,
    tlsClientAuthentication,
    challenge,
    station: partner.station,
    id,
    hasOwnPassword: partner.ourPassword !== undefined,
    entries: [...partner.entries],
    certificates: partner.certificates.map((one) => {
      const { replaced: _reason, ...shown } = one;
      return { ...shown, usages: [...one.usages], state: stateOf(partner, one, at) };
    }),
    usages: resolveUsages(partner, station, at),
    createdAt,
    revision,
  };
}

/** A partner without its lists. */
export function partnerSummary(partner: PartnerRecord): PartnerSummary {
  const { station, id, connection, secureAuthentication, acx, createdAt } = partner;
  return {
    station,
    id,
    connection,
    secureAuthentication,
    acx,
    createdAt,
    entries: partner.entries.length,
    certificates: partner.certificates.length,
    bypassOpen: bypassOpen(partner),
  };
}

/** What the gateway needs to greet a partner. */
export function sessionProfile(partner: PartnerRecord, station: StationRecord): SessionProfile {
  return {
    station: partner.station,
    partner: partner.id,
    partnerPassword: partner.password,
    ourPassword: partner.ourPassword ?? station.password,
    connection: partner.connection,
    ...(station.host === undefined ? {} : { stationHost: station.host }),
  };
}
