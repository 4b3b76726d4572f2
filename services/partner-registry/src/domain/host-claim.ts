import { CertlaneError } from '@certlane/contracts';
import type { StationRecord } from './records.js';

/** That a station has a host name to itself: TLS tells our stations apart by the name a partner asks for. */
export interface HostClaim {
  readonly host: string;
  readonly station: string;
  readonly claimedAt: string;
}

/** Longer than a station takes from its claim to its record, which come one after the other, however slow the store. */
const ADDING_MILLISECONDS = 60_000;

/** Host names as they are compared (RFC 4343). */
export function hostKey(host: string): string {
  return host.toLowerCase();
}

/**
 * Decides who has a host name.
 * @param before the claim there is
 * @param holder the station of that claim, if it exists: a claim is made before the record, and what fails in between leaves it
 * @throws {CertlaneError} `already-exists` when another station has it, `conflict` while another one is just being added with it
 */
export function claimHost(
  asked: Pick<HostClaim, 'host' | 'station'>,
  before: HostClaim | undefined,
  holder: StationRecord | undefined,
  now: Date,
): HostClaim {
  const mine = { ...asked, claimedAt: now.toISOString() };
  if (before === undefined || before.station === asked.station) return mine;
  if (holder === undefined && now.getTime() - Date.parse(before.claimedAt) < ADDING_MILLISECONDS) {
    throw refused(asked.host, 'conflict', `is being taken by station ${before.station}; try again in a minute`);
  }
  if (holder?.host === undefined || hostKey(holder.host) !== hostKey(asked.host)) return mine;
  throw refused(
    asked.host,
    'already-exists',
    `belongs to station ${before.station}, and TLS tells stations apart by their host; give one of its own, or none: partners then see the certificate of station ${before.station} there`,
  );
}

function refused(host: string, code: 'already-exists' | 'conflict', problem: string): CertlaneError {
  return new CertlaneError(code, `host: ${host} ${problem}`, { details: { field: 'host' } });
}
