import type { BypassLimits, registry, Partner, ParsedReplyOf, SessionProfile, Station } from '@certlane/contracts';
import { bypassOpen, bypassState } from './bypass.js';
import type { PartnerRecord, StationRecord, TrustSettings } from './records.js';
import { resolveUsages, stateOf } from './resolver.js';

type PartnerSummary = ParsedReplyOf<typeof registry.partnerList>['partners'][number];

/** A station as the bus shows it: without its password. */
export function stationView({ id, host, active, createdAt }: StationRecord): Station {
  return { id, ...(host === undefined ? {} : { host }), active: { ...active }, createdAt };
}

/** A partner as operators see it at a time, with what serves each usage then. */
export function partnerView(partner: PartnerRecord, station: StationRecord, revision: string, at: Date): Partner {
  const { connection, secureAuthentication, acx, tlsClientAuthentication, challenge, id, via, createdAt } = partner;
  return {
    ...trustOf(partner),
    connection,
    secureAuthentication,
    acx,
    tlsClientAuthentication,
    challenge,
    station: partner.station,
    id,
    ...(via === undefined ? {} : { via }),
    bypass: bypassState(partner, at),
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

/** What is trusted of a partner. */
function trustOf(partner: TrustSettings) {
  const { acceptance, selfSigned, revocation, twoPerson, weakKeys } = partner;
  return { acceptance, selfSigned, revocation, twoPerson, weakKeys, bypassLimits: limitsOf(partner) };
}

/** How far the bypass of a partner reaches. */
export function limitsOf({ bypassLimits }: Pick<TrustSettings, 'bypassLimits'>): BypassLimits {
  return { ...bypassLimits, addresses: [...bypassLimits.addresses] };
}

/** A partner without its lists, at a time. */
export function partnerSummary(partner: PartnerRecord, at: Date): PartnerSummary {
  const { station, id, via, connection, secureAuthentication, acx, createdAt } = partner;
  return {
    station,
    id,
    ...(via === undefined ? {} : { via }),
    connection,
    secureAuthentication,
    acx,
    createdAt,
    entries: partner.entries.length,
    certificates: partner.certificates.length,
    bypassOpen: bypassOpen(partner, at),
  };
}

/** What the gateway needs to greet a partner; undefined for a sub-station, which is no caller. */
export function sessionProfile(partner: PartnerRecord, station: StationRecord): SessionProfile | undefined {
  if (partner.via !== undefined || partner.password === undefined) return undefined;
  return {
    station: partner.station,
    partner: partner.id,
    subStations: partner.subStations.map(({ id }) => id),
    partnerPassword: partner.password,
    ourPassword: partner.ourPassword ?? station.password,
    connection: partner.connection,
    ...(station.host === undefined ? {} : { stationHost: station.host }),
  };
}
