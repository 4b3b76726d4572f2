import { isDeepStrictEqual } from 'node:util';
import { CertlaneError, registryEvents } from '@certlane/contracts';
import { fact, unchanged, type Change, type Fact } from './change.js';
import type { PartnerRecord, PartnerSettings, StationRecord } from './records.js';

/** Settings to change; what is left out stays. `ourPassword: null`: send the station's password again. */
export type SettingsChange = {
  readonly [Name in keyof PartnerSettings]?:
    PartnerSettings[Name] | undefined | (Name extends 'ourPassword' ? null : never);
};

/**
 * Adds a station. The same again is no change.
 * @throws {CertlaneError} `already-exists` with other settings, which include a password that was sealed anew
 */
export function addStation(
  existing: StationRecord | undefined,
  asked: Pick<StationRecord, 'id' | 'password'> & { readonly host?: string | undefined },
  now: Date,
): Change<StationRecord> {
  if (existing !== undefined) {
    if (existing.password === asked.password && existing.host === asked.host) return unchanged(existing);
    throw new CertlaneError(
      'already-exists',
      `id: station ${asked.id} exists already; certlane station list shows it`,
      { details: { field: 'id' } },
    );
  }
  const { id, password, host } = asked;
  const named = host === undefined ? {} : { host };
  return {
    record: { id, password, ...named, active: {}, formerly: {}, certificates: [], createdAt: now.toISOString() },
    facts: [fact(registryEvents.stationAdded, { station: id, ...named })],
  };
}

/**
 * Adds a partner. The same again is no change.
 * @throws {CertlaneError} `invalid-argument` for the station itself; `already-exists` with other settings, which include a
 *   password that was sealed anew
 */
export function addPartner(
  existing: PartnerRecord | undefined,
  asked: { readonly station: string; readonly id: string; readonly settings: PartnerSettings },
  now: Date,
): Change<PartnerRecord> {
  const { station, id, settings } = asked;
  if (id === station) {
    throw new CertlaneError(
      'invalid-argument',
      `id: ${id} is the station itself, and no station is its own partner; give the Odette ID of the other side`,
      { details: { field: 'id' } },
    );
  }
  if (existing !== undefined) {
    if (isDeepStrictEqual(settingsOf(existing), settings)) return unchanged(existing);
    throw new CertlaneError(
      'already-exists',
      `id: station ${station} has a partner ${id} already; change it with certlane partner set`,
      { details: { field: 'id' } },
    );
  }
  const { acx, secureAuthentication } = settings;
  return {
    record: {
      ...settings,
      station,
      id,
      entries: [],
      certificates: [],
      lines: {},
      own: {},
      applied: [],
      declined: [],
      createdAt: now.toISOString(),
    },
    facts: [fact(registryEvents.partnerAdded, { station, partner: id, acx, secureAuthentication })],
  };
}

/** Changes settings of a partner; the event names those that became different, never a value. */
export function changeSettings(partner: PartnerRecord, asked: SettingsChange): Change<PartnerRecord> {
  const before = settingsOf(partner);
  const { ourPassword, ...others } = asked;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const { ourPassword: ownBefore, ...rest } = before;
  const own = ourPassword === undefined ? ownBefore : (ourPassword ?? undefined);
  const after: PartnerSettings = { ...rest, ...given, ...(own === undefined ? {} : { ourPassword: own }) };
  const changed = SETTINGS.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changed.length === 0) return unchanged(partner);
  const { ourPassword: _dropped, ...kept } = partner;
  return {
    record: { ...kept, ...after },
    facts: [fact(registryEvents.partnerChanged, { station: partner.station, partner: partner.id, changed })],
  };
}

/** What to tell when a partner is removed with all that is on file for it. */
export function removal(station: string, partner: string): Fact {
  return fact(registryEvents.partnerRemoved, { station, partner });
}

const SETTINGS = [
  'password',
  'ourPassword',
  'connection',
  'secureAuthentication',
  'acx',
  'tlsClientAuthentication',
  'challenge',
] as const satisfies readonly (keyof PartnerSettings)[];

function settingsOf(partner: PartnerSettings): PartnerSettings {
  const { password, ourPassword, connection, secureAuthentication, acx, tlsClientAuthentication, challenge } = partner;
  return {
    password,
    ...(ourPassword === undefined ? {} : { ourPassword }),
    connection,
    secureAuthentication,
    acx,
    tlsClientAuthentication,
    challenge,
  };
}
