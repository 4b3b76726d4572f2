import { CertlaneError, usages, type CertificateSummary, type Usage } from '@certlane/contracts';
import { hasAuthenticationCertificate } from './bypass.js';
import { LIMITS, octetsOf, type CertificateOrigin, type FiledCertificate, type PartnerRecord } from './records.js';
import { lineOf } from './resolver.js';
import { phaseAt } from './usage-line.js';

type Placement = (line: readonly FiledCertificate[], added: FiledCertificate, at: Date) => readonly FiledCertificate[];

/**
 * The partner with a certificate on file for the usages; one that is on file already gets the usages it does not serve yet.
 * @param place where it goes in the line of each usage that it joins
 * @throws {CertlaneError} `failed-precondition` when the file is full of certificates that are still good
 */
export function fileCertificate(
  partner: PartnerRecord,
  certificate: FiledCertificate,
  place: Placement,
  at: Date,
): PartnerRecord {
  const known = certificateOf(partner, certificate.fingerprint);
  const joins = certificate.usages.filter((usage) => !(known?.usages.includes(usage) ?? false));
  const filed: FiledCertificate =
    known === undefined
      ? certificate
      : { ...known, usages: inOrder(known.usages, joins), origin: originOf(known, certificate, joins) };
  const others = partner.certificates.filter((one) => one !== known);
  const certificates =
    known === undefined ? [...others, filed] : partner.certificates.map((one) => (one === known ? filed : one));
  const lines = { ...partner.lines };
  for (const usage of joins) {
    lines[usage] = place(lineOf(partner, usage), filed, at).map(({ fingerprint }) => fingerprint);
  }
  return makeRoom({ ...partner, certificates, lines }, filed, at);
}

/** Whoever lets it serve session authentication closes the bypass, so that is what it counts as brought by (`bypass.ts`). */
function originOf(known: FiledCertificate, added: FiledCertificate, joins: readonly Usage[]): CertificateOrigin {
  return joins.includes('session-authentication') ? added.origin : known.origin;
}

/** The certificate on file with this fingerprint. */
export function certificateOf(
  partner: Pick<PartnerRecord, 'certificates'>,
  fingerprint: string,
): FiledCertificate | undefined {
  return partner.certificates.find((one) => one.fingerprint === fingerprint);
}

/** What lists and events show of a certificate on file. */
export function summaryOfFiled(certificate: FiledCertificate): CertificateSummary {
  const { fingerprint, subject, issuer, serialNumber, notBefore, notAfter, keyUsage, extendedKeyUsage } = certificate;
  return {
    ...{ fingerprint, subject, issuer, serialNumber, notBefore, notAfter },
    ...(keyUsage === undefined ? {} : { keyUsage }),
    extendedKeyUsage: [...extendedKeyUsage],
  };
}

/** The partner with these certificates in no line any more. */
export function outOfLines(partner: PartnerRecord, fingerprints: readonly string[]): PartnerRecord['lines'] {
  const lines: Partial<Record<Usage, readonly string[]>> = {};
  for (const usage of usages) {
    const rest = (partner.lines[usage] ?? []).filter((fingerprint) => !fingerprints.includes(fingerprint));
    if (rest.length > 0) lines[usage] = rest;
  }
  return lines;
}

/**
 * Lets go of certificates that can never serve again when the file is full: expired ones first, then recalled ones, the
 * oldest first. The last certificate for session authentication stays whatever its state, because dropping it would reopen
 * the bypass.
 */
function makeRoom(partner: PartnerRecord, added: FiledCertificate, at: Date): PartnerRecord {
  let kept = partner;
  while (isOverfull(kept)) {
    const dropped = disposable(kept, added, at);
    if (dropped === undefined) {
      throw new CertlaneError(
        'failed-precondition',
        `the file of partner ${partner.id} of station ${partner.station} is full (${LIMITS.partnerCertificates} certificates, ${LIMITS.partnerCertificateOctets / 1024} KiB in all) and every certificate on it is still good: remove those it no longer needs (certlane partner certificate remove)`,
      );
    }
    kept = withoutCertificate(kept, dropped.fingerprint);
  }
  return kept;
}

function isOverfull({ certificates }: PartnerRecord): boolean {
  const octets = certificates.reduce((sum, one) => sum + octetsOf(one), 0);
  return certificates.length > LIMITS.partnerCertificates || octets > LIMITS.partnerCertificateOctets;
}

/** The partner without a certificate. */
export function withoutCertificate(partner: PartnerRecord, fingerprint: string): PartnerRecord {
  return {
    ...partner,
    certificates: partner.certificates.filter((one) => one.fingerprint !== fingerprint),
    lines: outOfLines(partner, [fingerprint]),
  };
}

function disposable(partner: PartnerRecord, added: FiledCertificate, at: Date): FiledCertificate | undefined {
  const closed = hasAuthenticationCertificate(partner);
  const free = partner.certificates.filter(
    (one) =>
      one.fingerprint !== added.fingerprint &&
      (!closed || hasAuthenticationCertificate(withoutCertificate(partner, one.fingerprint))),
  );
  const oldest = [...free].sort((a, b) => a.addedAt.localeCompare(b.addedAt));
  return oldest.find((one) => phaseAt(one, at) === 'expired') ?? oldest.find(({ replaced }) => replaced !== undefined);
}

const inOrder = (some: readonly Usage[], more: readonly Usage[]): Usage[] =>
  usages.filter((usage) => some.includes(usage) || more.includes(usage));
