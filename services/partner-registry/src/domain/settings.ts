import { isDeepStrictEqual } from 'node:util';
import { CertlaneError, registryEvents } from '@certlane/contracts';
import { fact, unchanged, type Change, type Fact } from './change.js';
import type { PartnerRecord, PartnerSettings, StationRecord } from './records.js';
import { refuseCallerSettings, refuseSessionSettings } from './sub-stations.js';

/** A partner as an operator adds it. */
export interface AskedPartner {
  readonly station: string;
  readonly id: string;
  readonly via?: string | undefined;
  readonly settings: PartnerSettings;
}

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
 * Adds a partner, or a sub-station of one. The same again is no change.
 * @throws {CertlaneError} `invalid-argument` for the station itself, a partner without a password, or a sub-station with settings
 *   of a session; `already-exists` with other settings, which include a password that was sealed anew
 */
export function addPartner(existing: PartnerRecord | undefined, asked: AskedPartner, now: Date): Change<PartnerRecord> {
  requireSound(asked);
  const { station, id, via, settings } = asked;
  if (existing !== undefined) {
    if (existing.via === via && isDeepStrictEqual(settingsOf(existing), settingsOf(settings)))
      return unchanged(existing);
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
      ...(via === undefined ? {} : { via }),
      subStations: [],
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

/** @throws {CertlaneError} `invalid-argument` naming the field */
export function requireSound({ station, id, via, settings }: AskedPartner): void {
  if (id === station) {
    throw refused(
      'id',
      `${id} is the station itself, and no station is its own partner; give the Odette ID of the other side`,
    );
  }
  if (via !== undefined) refuseSessionSettings({ id, via }, settings);
  else if (settings.password === undefined) {
    throw refused('password', `${id} must have one, which it sends in every session; only a sub-station has none`);
  }
}

/**
 * Changes settings of a partner; the event names those that became different, never a value.
 * @throws {CertlaneError} `invalid-argument` for a sub-station that would get settings of a session
 */
export function changeSettings(partner: PartnerRecord, asked: SettingsChange): Change<PartnerRecord> {
  const { id, via } = partner;
  if (via !== undefined) {
    refuseSessionSettings({ id, via }, asked);
    refuseCallerSettings({ id, via }, asked);
  }
  const before = settingsOf(partner);
  const { ourPassword, ...others } = asked;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const { ourPassword: ownBefore, ...rest } = before;
  const own = ourPassword === undefined ? ownBefore : (ourPassword ?? undefined);
  const after: PartnerSettings = { ...rest, ...given, ...(own === undefined ? {} : { ourPassword: own }) };
  const changed = settingNames.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changed.length === 0) return unchanged(partner);
  const { ourPassword: _dropped, ...kept } = partner;
  return {
    record: { ...kept, ...after },
    facts: [fact(registryEvents.partnerChanged, { station: partner.station, partner: partner.id, changed })],
  };
}

function refused(field: string, message: string): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field } });
}

/** What to tell when a partner is removed with all that is on file for it. */
export function removal(station: string, partner: string): Fact {
  return fact(registryEvents.partnerRemoved, { station, partner });
}

/** Every setting, in the order in which a change is told. */
export const settingNames = Object.keys({
  password: true,
  ourPassword: true,
  connection: true,
  secureAuthentication: true,
  acx: true,
  tlsClientAuthentication: true,
  challenge: true,
  acceptance: true,
  selfSigned: true,
  revocation: true,
  twoPerson: true,
  weakKeys: true,
  bypassLimits: true,
} satisfies Record<keyof PartnerSettings, true>) as readonly (keyof PartnerSettings)[];

function settingsOf(partner: PartnerSettings): PartnerSettings {
  const given = settingNames.filter((name) => partner[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, partner[name]])) as unknown as PartnerSettings;
}
