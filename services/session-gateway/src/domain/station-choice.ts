import type { SessionProfile } from '@certlane/contracts';

/** A row the caller may mean, and whether its password is the one the caller sent. */
export interface Candidate {
  readonly profile: SessionProfile;
  readonly passwordCorrect: boolean;
}

/** Which of our stations a caller means. */
export type StationChoice =
  | { readonly found: true; readonly candidate: Candidate }
  | { readonly found: false; readonly why: 'unknown' | 'ambiguous' };

/**
 * Which of our stations a caller means: an SSID names the caller only.
 *
 * Several stations may have the same partner. The TLS server name decides; where it names none of them, the one whose
 * password fits; where several fit, nobody can tell and the caller is refused.
 */
export function chooseStation(candidates: readonly Candidate[], serverName: string | undefined): StationChoice {
  const name = serverName?.toLowerCase();
  const named = candidates.filter(({ profile }) => name !== undefined && profile.stationHost?.toLowerCase() === name);
  const open = named.length > 0 ? named : candidates;
  const fitting = open.filter((candidate) => candidate.passwordCorrect);
  if (fitting.length > 1) return { found: false, why: 'ambiguous' };
  const [candidate = open[0]] = fitting;
  return candidate === undefined ? { found: false, why: 'unknown' } : { found: true, candidate };
}
