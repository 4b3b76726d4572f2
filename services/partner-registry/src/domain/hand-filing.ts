import { CertlaneError, registryEvents, type Usage } from '@certlane/contracts';
import { bypassOpen } from './bypass.js';
import type { CertificateFacts } from './certificate-facts.js';
import { fact, unchanged, type Change } from './change.js';
import { certificateOf, fileCertificate, withoutCertificate } from './filing.js';
import type { PartnerRecord } from './records.js';
import { phaseAt, prefer } from './usage-line.js';

/**
 * Puts a partner's certificate on file by hand: it is what the operator wants now, so it comes before all others that are
 * valid. One on file already gets the usages it does not serve yet.
 * @throws {CertlaneError} `failed-precondition` for one that has expired, was recalled, or a full file; `invalid-argument`
 *   for a key that cannot serve a usage
 */
export function addByHand(
  partner: PartnerRecord,
  received: CertificateFacts,
  usages: readonly Usage[],
  now: Date,
): Change<PartnerRecord> {
  const { summary, der } = received;
  const known = certificateOf(partner, summary.fingerprint);
  if (known?.replaced !== undefined) {
    throw new CertlaneError(
      'failed-precondition',
      `certificate ${summary.fingerprint} was recalled by partner ${partner.id} on ${known.replaced.at}: remove it first if it is to be used all the same`,
    );
  }
  if (known !== undefined && usages.every((usage) => known.usages.includes(usage))) return unchanged(partner);
  if (phaseAt(summary, now) === 'expired') {
    throw new CertlaneError(
      'failed-precondition',
      `certificate: ${summary.subject} has expired on ${summary.notAfter}; ask the partner for its current one`,
      { details: { field: 'certificate' } },
    );
  }
  const filed = {
    ...summary,
    certificate: der,
    usages,
    origin: { by: 'operator' } as const,
    addedAt: now.toISOString(),
  };
  const record = fileCertificate(partner, filed, prefer, now);
  return {
    record,
    facts: [
      fact(registryEvents.certificateAdded, {
        station: partner.station,
        partner: partner.id,
        certificate: summary,
        usages: [...usages],
        bypassClosed: bypassOpen(partner, now) && !bypassOpen(record, now),
      }),
    ],
  };
}

/**
 * Takes a partner's certificate off file by hand. Taking the last one for session authentication reopens the bypass as far as
 * its time is not over, which counts on: only `reopenBypass` lets it begin anew.
 * @throws {CertlaneError} `not-found`
 */
export function removeByHand(partner: PartnerRecord, fingerprint: string, now: Date): Change<PartnerRecord> {
  if (certificateOf(partner, fingerprint) === undefined) {
    throw new CertlaneError(
      'not-found',
      `certificate ${fingerprint} is not on file for partner ${partner.id} of station ${partner.station}`,
      { details: { field: 'fingerprint' } },
    );
  }
  const record = withoutCertificate(partner, fingerprint);
  return {
    record,
    facts: [
      fact(registryEvents.certificateRemoved, {
        station: partner.station,
        partner: partner.id,
        fingerprint,
        bypassReopened: bypassReopened(partner, record, now),
      }),
    ],
  };
}

/** Whether a change has opened the bypass. */
export function bypassReopened(before: PartnerRecord, after: PartnerRecord, now: Date): boolean {
  return !bypassOpen(before, now) && bypassOpen(after, now);
}
