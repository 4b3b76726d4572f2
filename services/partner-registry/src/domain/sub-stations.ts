import { CertlaneError } from '@certlane/contracts';
import { unchanged, type Change } from './change.js';
import { LIMITS, type PartnerRecord, type PartnerSettings, type SubStationClaim } from './records.js';

/** Longer than a sub-station takes from its claim to its record, which come one after the other, however slow the store. */
const ADDING_MILLISECONDS = 60_000;

/** A sub-station that is being added. */
export interface SubStation {
  readonly station: string;
  readonly id: string;
  readonly via: string;
}

/** How a sub-station is claimed. */
export interface Claiming {
  /** Names the claim. */
  readonly claim: string;
  /** Claims whose sub-station is not there any more ({@link isDead}): they make room. */
  readonly dead: readonly string[];
  readonly now: Date;
}

/** Settings that only somebody has who opens sessions. */
const SESSION_SETTINGS = [
  'password',
  'ourPassword',
  'connection',
  'secureAuthentication',
  'tlsClientAuthentication',
] as const satisfies readonly (keyof PartnerSettings)[];

/** Settings that a sub-station has from the beginning and that mean nothing for it: they are not set. */
const CALLER_SETTINGS = ['challenge', 'bypassLimits'] as const satisfies readonly (keyof PartnerSettings)[];

/**
 * Refuses settings of a session for a sub-station, which opens none.
 * @throws {CertlaneError} `invalid-argument` naming the first one
 */
export function refuseSessionSettings(
  { id, via }: { readonly id: string; readonly via: string },
  asked: { readonly [Name in (typeof SESSION_SETTINGS)[number]]?: unknown },
): void {
  const given = SESSION_SETTINGS.find((name) => ![undefined, null, false].includes(asked[name] as undefined));
  if (given !== undefined) throw noSession(given, { id, via });
}

/**
 * Refuses to set what only sessions need for a sub-station.
 * @throws {CertlaneError} `invalid-argument` naming the first one
 */
export function refuseCallerSettings(
  about: { readonly id: string; readonly via: string },
  asked: { readonly [Name in (typeof CALLER_SETTINGS)[number]]?: unknown },
): void {
  const given = CALLER_SETTINGS.find((name) => asked[name] !== undefined);
  if (given !== undefined) throw noSession(given, about);
}

function noSession(field: string, { id, via }: { readonly id: string; readonly via: string }): CertlaneError {
  return new CertlaneError(
    'invalid-argument',
    `${field}: ${id} is a sub-station and opens no session of its own, its files come and go in those of ${via}; leave this out, or set it for ${via}`,
    { details: { field } },
  );
}

/**
 * The partner with a sub-station, entered before the record of the sub-station is written: so that of the removal of the
 * partner and the adding of a sub-station one comes second and sees the other.
 * @throws {CertlaneError} `invalid-argument` where the partner cannot have one; `failed-precondition` where it has as many as it may
 */
export function claimSubStation(
  via: PartnerRecord | undefined,
  asked: SubStation,
  { claim, dead, now }: Claiming,
): Change<PartnerRecord> {
  const carrier = requireCarrier(via, asked);
  const others = carrier.subStations.filter((one) => one.id !== asked.id && !dead.includes(one.claim));
  if (others.length >= LIMITS.subStations) {
    throw new CertlaneError(
      'failed-precondition',
      `via: partner ${asked.via} of station ${asked.station} has ${LIMITS.subStations} sub-stations; at most so many are kept: remove one that is no longer needed`,
      { details: { field: 'via' } },
    );
  }
  const subStations = [...others, { id: asked.id, claim, claimedAt: now.toISOString() }];
  return { record: { ...carrier, subStations: subStations.sort((a, b) => a.id.localeCompare(b.id)) }, facts: [] };
}

/** The partner without this claim; a later one of the same sub-station stays. */
export function releaseSubStations(via: PartnerRecord, claims: readonly string[]): Change<PartnerRecord> {
  const subStations = via.subStations.filter(({ claim }) => !claims.includes(claim));
  return subStations.length === via.subStations.length
    ? unchanged(via)
    : { record: { ...via, subStations }, facts: [] };
}

/**
 * Whether a claim has nothing behind it: its sub-station is not there, or belongs to another partner, and was not claimed just now.
 * @param record of the sub-station, if there is one
 */
export function isDead(claim: SubStationClaim, via: string, record: PartnerRecord | undefined, now: Date): boolean {
  return record?.via !== via && now.getTime() - Date.parse(claim.claimedAt) >= ADDING_MILLISECONDS;
}

/**
 * Refuses to remove a partner in whose sessions the files of others come and go.
 * @param alive its claims that are not dead ({@link isDead})
 * @throws {CertlaneError} `failed-precondition` naming them
 */
export function requireNoSubStations(partner: PartnerRecord, alive: readonly SubStationClaim[]): void {
  if (alive.length === 0) return;
  const names = alive.map(({ id }) => id).join(', ');
  throw new CertlaneError(
    'failed-precondition',
    `partner ${partner.id} of station ${partner.station} has sub-stations: ${names}; remove them first (certlane partner remove)`,
  );
}

function requireCarrier(via: PartnerRecord | undefined, asked: SubStation): PartnerRecord {
  const problem =
    asked.id === asked.via
      ? 'is the sub-station itself; give the partner in whose sessions its files come and go'
      : via === undefined
        ? `is no partner of station ${asked.station}; add it first (certlane partner add)`
        : via.via === undefined
          ? undefined
          : `is a sub-station itself and opens no session; give ${via.via}, in whose sessions its files come and go`;
  if (problem === undefined && via !== undefined) return via;
  throw new CertlaneError('invalid-argument', `via: ${asked.via} ${problem ?? ''}`, { details: { field: 'via' } });
}
