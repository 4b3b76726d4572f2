import { CertlaneError, registryEvents, type ExchangeKind, type Usage } from '@certlane/contracts';
import { bypassOpen } from './bypass.js';
import type { CertificateFacts } from './certificate-facts.js';
import { fact, unchanged, type Change } from './change.js';
import { certificateOf, fileCertificate, outOfLines } from './filing.js';
import { LIMITS, type FiledCertificate, type PartnerRecord } from './records.js';
import { announce, phaseAt, prefer } from './usage-line.js';

/** A certificate that cert-exchange has accepted. */
export interface TakeOver {
  readonly exchange: string;
  readonly kind: ExchangeKind;
  readonly certificate: CertificateFacts;
  readonly usages: readonly Usage[];
  /** Certificates on file that it renews (deliver, request) or recalls (replace). */
  readonly predecessors: readonly string[];
}

/**
 * Whether a take-over would change nothing: the exchange has had its effect, or everything stands already as it asks. Only
 * then may a decision count that stood on an older state of the partner.
 */
export function isTakenOver(partner: PartnerRecord, asked: TakeOver): boolean {
  if (partner.applied.includes(asked.exchange)) return true;
  const known = certificateOf(partner, asked.certificate.summary.fingerprint);
  if (known === undefined || known.replaced !== undefined) return false;
  return asked.usages.every((usage) => known.usages.includes(usage)) && recalledBy(partner, asked).length === 0;
}

/**
 * Settles that an exchange takes nothing over. Whoever refuses one says so here first: somebody else may be deciding it at the
 * same time, on facts that have changed since, and only one of the two may count. One that was taken over stays so.
 */
export function decline(partner: PartnerRecord, exchange: string): Change<PartnerRecord> {
  if (partner.applied.includes(exchange) || partner.declined.includes(exchange)) return unchanged(partner);
  const declined = [...partner.declined, exchange].slice(-LIMITS.declinedExchanges);
  return { record: { ...partner, declined }, facts: [] };
}

/**
 * Takes a certificate over. Deliver and request set it beside its predecessors, which stay accepted until they expire;
 * replace puts its predecessors out of use for every usage at once. A predecessor keeps the usages that the new one does
 * not serve, unless it is recalled. One that is on file already keeps its place.
 * @throws {CertlaneError} `invalid-argument` for a predecessor that is not on file or is the certificate itself;
 *   `failed-precondition` for a certificate that was recalled or has expired, an exchange that was refused, or a full file
 */
export function takeOver(partner: PartnerRecord, asked: TakeOver, now: Date): Change<PartnerRecord> {
  if (isTakenOver(partner, asked)) return unchanged(partner);
  check(partner, asked, now);
  const { summary, der } = asked.certificate;
  const recalled = recalledBy(partner, asked);
  const cleared: PartnerRecord = {
    ...partner,
    certificates: partner.certificates.map((one) =>
      recalled.includes(one)
        ? { ...one, replaced: { by: summary.fingerprint, exchange: asked.exchange, at: now.toISOString() } }
        : one,
    ),
    lines: outOfLines(
      partner,
      recalled.map(({ fingerprint }) => fingerprint),
    ),
    applied: [...partner.applied, asked.exchange].slice(-LIMITS.appliedExchanges),
  };
  const filed: FiledCertificate = {
    ...summary,
    certificate: der,
    usages: asked.usages,
    origin: { by: 'exchange', exchange: asked.exchange, kind: asked.kind },
    addedAt: now.toISOString(),
  };
  const record = fileCertificate(cleared, filed, asked.kind === 'replace' ? prefer : announce, now);
  const about = { station: partner.station, partner: partner.id };
  return {
    record,
    facts: [
      fact(registryEvents.certificateTakenOver, {
        ...about,
        certificate: summary,
        usages: [...asked.usages],
        exchange: asked.exchange,
        kind: asked.kind,
        predecessors: [...asked.predecessors],
        bypassClosed: bypassOpen(partner, now) && !bypassOpen(record, now),
      }),
      ...recalled.map(({ fingerprint }) =>
        fact(registryEvents.certificateReplaced, {
          ...about,
          fingerprint,
          by: summary.fingerprint,
          exchange: asked.exchange,
        }),
      ),
    ],
  };
}

function check(partner: PartnerRecord, asked: TakeOver, now: Date): void {
  if (partner.declined.includes(asked.exchange)) {
    throw new CertlaneError('failed-precondition', `exchange ${asked.exchange} was refused already`);
  }
  const { fingerprint, notAfter } = asked.certificate.summary;
  const known = certificateOf(partner, fingerprint);
  if (known?.replaced !== undefined) {
    throw new CertlaneError(
      'failed-precondition',
      `certificate ${fingerprint} of partner ${partner.id} was recalled by its owner on ${known.replaced.at} (exchange ${known.replaced.exchange}) and is not taken over again`,
    );
  }
  if (phaseAt(asked.certificate.summary, now) === 'expired') {
    throw new CertlaneError('failed-precondition', `certificate ${fingerprint} has expired on ${notAfter}`);
  }
  for (const predecessor of asked.predecessors) {
    if (predecessor === fingerprint) {
      throw new CertlaneError('invalid-argument', `predecessors: ${predecessor} is the certificate itself`, {
        details: { field: 'predecessors' },
      });
    }
    if (certificateOf(partner, predecessor) === undefined) {
      throw new CertlaneError(
        'invalid-argument',
        `predecessors: ${predecessor} is not on file for partner ${partner.id} of station ${partner.station}`,
        { details: { field: 'predecessors' } },
      );
    }
  }
}

/** The predecessors that this take-over puts out of use and that are not so already. */
function recalledBy(partner: PartnerRecord, asked: TakeOver): readonly FiledCertificate[] {
  if (asked.kind !== 'replace') return [];
  return partner.certificates.filter(
    ({ fingerprint, replaced }) => replaced === undefined && asked.predecessors.includes(fingerprint),
  );
}
