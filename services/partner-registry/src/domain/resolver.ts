import { usages, type PartnerCertificate, type Usage, type UsageResolution } from '@certlane/contracts';
import type { FiledCertificate, OwnCertificateFacts, OwnUse, PartnerRecord, StationRecord } from './records.js';
import { isRevoked } from './revoked.js';
import { currentOf, newestFirst, phaseAt } from './usage-line.js';

/** A partner's certificates for one usage at one time. */
export interface Theirs {
  readonly current: FiledCertificate | undefined;
  /** Still good beside the current one, newest first. */
  readonly accepted: readonly FiledCertificate[];
  /** Valid only later, the next one first. */
  readonly scheduled: readonly FiledCertificate[];
}

/** Our certificates towards a partner for one usage at one time. */
export interface Ours {
  /** The one we are known by; undefined when none of ours can be used now. */
  readonly current: OwnCertificateFacts | undefined;
  /** Others the partner may still use towards us, newest first. */
  readonly accepted: readonly OwnCertificateFacts[];
}

/** Which certificates of the partner serve a usage. A revoked one serves none; what stands behind it in line takes its place. */
export function resolveTheirs(partner: PartnerRecord, usage: Usage, at: Date): Theirs {
  const line = servingLine(partner, usage);
  const current = currentOf(line, at);
  return {
    current,
    accepted: newestFirst(line.filter((one) => one !== current && phaseAt(one, at) === 'valid')),
    scheduled: newestFirst(line.filter((one) => phaseAt(one, at) === 'scheduled')).reverse(),
  };
}

/**
 * Which certificates of ours serve a usage: towards a partner the one it has acknowledged, else what the station has active.
 * An expired one serves nothing, so a partner whose acknowledged one has expired is spoken to with the active one.
 *
 * Accepted are those the partner may still use: acknowledged or active before, and the active one where the partner has
 * acknowledged another, because it may have reached the partner while the end response is still on the way.
 * @param use what the partner has acknowledged; undefined for the station as such
 */
export function resolveOurs(station: StationRecord, use: OwnUse | undefined, usage: Usage, at: Date): Ours {
  const valid = newestFirst(station.certificates.filter((one) => phaseAt(one, at) === 'valid'));
  const named = (fingerprint: string | undefined) => valid.find((one) => one.fingerprint === fingerprint);
  const current = named(use?.acknowledged) ?? named(station.active[usage]);
  const given = new Set([
    ...[use?.acknowledged, ...(use?.previous ?? [])],
    ...[station.active[usage], ...(station.formerly[usage] ?? [])],
  ]);
  return { current, accepted: valid.filter((one) => one !== current && given.has(one.fingerprint)) };
}

/** The resolver's answer for every usage, in the order of the vocabulary. */
export function resolveUsages(partner: PartnerRecord, station: StationRecord, at: Date): UsageResolution[] {
  return usages.map((usage) => {
    const theirs = resolveTheirs(partner, usage, at);
    const ours = resolveOurs(station, partner.own[usage], usage, at);
    return {
      usage,
      ...(theirs.current === undefined ? {} : { current: theirs.current.fingerprint }),
      accepted: theirs.accepted.map(({ fingerprint, notAfter }) => ({ fingerprint, until: notAfter })),
      scheduled: theirs.scheduled.map(({ fingerprint, notBefore }) => ({ fingerprint, from: notBefore })),
      ...(ours.current === undefined ? {} : { ours: ours.current.fingerprint }),
      oursAccepted: ours.accepted.map(({ fingerprint }) => fingerprint),
    };
  });
}

/** What a certificate on file is at a time, over all its usages. */
export function stateOf(partner: PartnerRecord, certificate: FiledCertificate, at: Date): PartnerCertificate['state'] {
  if (certificate.replaced !== undefined) return 'replaced';
  const phase = phaseAt(certificate, at);
  if (phase === 'expired') return phase;
  if (isRevoked(partner, certificate)) return 'revoked';
  if (phase === 'scheduled') return phase;
  const serves = certificate.usages.some((usage) => currentOf(servingLine(partner, usage), at) === certificate);
  return serves ? 'current' : 'accepted';
}

function servingLine(partner: PartnerRecord, usage: Usage): FiledCertificate[] {
  return lineOf(partner, usage).filter((one) => !isRevoked(partner, one));
}

/** The certificates in line for a usage, the preferred one first; a revoked one keeps its place. */
export function lineOf(partner: Pick<PartnerRecord, 'lines' | 'certificates'>, usage: Usage): FiledCertificate[] {
  return (partner.lines[usage] ?? []).flatMap(
    (fingerprint) => partner.certificates.find((one) => one.fingerprint === fingerprint) ?? [],
  );
}
