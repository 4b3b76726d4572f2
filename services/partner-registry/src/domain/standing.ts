import { registryEvents, type CertificateStanding, type ValidationVerdict } from '@certlane/contracts';
import { fact, unchanged, type Change, type Fact } from './change.js';
import { summaryOfFiled } from './filing.js';
import { LIMITS, type FiledCertificate, type PartnerRecord } from './records.js';
import { keyOfName } from './review-scope.js';
import { phaseAt } from './usage-line.js';

/** What ca-store was asked with: a finding counts only where these still hold. */
export type ReviewTerms = Pick<PartnerRecord, 'revocation' | 'weakKeys'>;

/** Whether certificates of a partner would be judged by the same terms. */
export function sameTerms(a: ReviewTerms, b: ReviewTerms): boolean {
  return a.revocation === b.revocation && a.weakKeys === b.weakKeys;
}

/** What ca-store said of certificates, by fingerprint. */
export type Findings = ReadonlyMap<
  string,
  Pick<ValidationVerdict, 'trusted' | 'reason' | 'message' | 'anchor' | 'authorities'>
>;

/**
 * Whether a certificate on file can stand or fall at a time. One that is out of use, or not in use yet, does neither; behind one that
 * names itself as its issuer stands no authority: it is on file because an operator wanted it, or because it follows such a one.
 */
export function isReviewed(certificate: FiledCertificate, at: Date): boolean {
  const { replaced, subject, issuer } = certificate;
  return replaced === undefined && phaseAt(certificate, at) === 'valid' && subject !== issuer;
}

/**
 * Keeps how certificates stand. A certificate that fell keeps its place on file and in its lines: presence closes the bypass, and what
 * becomes of it is for an operator to decide. Only a revoked one serves nothing meanwhile (`revoked.ts`).
 *
 * Told is that one fell, fell for another reason, or stands again. Of one that an operator put on file nobody has ever said that it
 * stood, so the first finding about it is kept without a word.
 */
export function keepStandings(
  partner: PartnerRecord,
  terms: ReviewTerms,
  findings: Findings,
  now: Date,
): Change<PartnerRecord> {
  if (!sameTerms(partner, terms)) return unchanged(partner);
  const facts: Fact[] = [];
  const certificates = partner.certificates.map((one) => {
    const found = findings.get(one.fingerprint);
    if (found === undefined || !isReviewed(one, now)) return one;
    const standing = standingOf(found, one.standing, now);
    const under = found.authorities?.slice(0, LIMITS.authorities).map(keyOfName) ?? [];
    const moved = under.join() !== (one.under ?? []).join();
    if (standing === one.standing) return moved ? { ...one, under } : one;
    const event = eventOf(one, standing);
    if (event !== undefined) {
      const about = { station: partner.station, partner: partner.id };
      facts.push(fact(event, { ...about, certificate: summaryOfFiled(one), usages: [...one.usages], standing }));
    }
    return { ...one, standing, under };
  });
  const same = certificates.every((one, index) => one === partner.certificates[index]);
  return same ? unchanged(partner) : { record: { ...partner, certificates }, facts };
}

/** The standing before where nothing but words would change: a sentence may name times that pass. */
function standingOf(
  { trusted, reason, message, anchor }: NonNullable<ReturnType<Findings['get']>>,
  before: CertificateStanding | undefined,
  now: Date,
): CertificateStanding {
  const same = before?.trusted === trusted && before.reason === reason;
  if (same && before.anchor === anchor?.fingerprint) return before;
  return {
    trusted,
    ...(reason === undefined ? {} : { reason }),
    message: message.slice(0, LIMITS.standingMessage),
    ...(anchor === undefined ? {} : { anchor: anchor.fingerprint }),
    since: same ? before.since : now.toISOString(),
  };
}

function eventOf({ standing: before, origin }: FiledCertificate, { trusted, reason }: CertificateStanding) {
  if (trusted) return before?.trusted === false ? registryEvents.certificateStood : undefined;
  const told = before === undefined ? origin.by === 'exchange' : before.trusted || before.reason !== reason;
  return told ? registryEvents.certificateFell : undefined;
}
