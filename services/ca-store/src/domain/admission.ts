import { certificateSummary, CertlaneError } from '@certlane/contracts';
import { formatDistinguishedName, weaknessesOf, type Certificate, summaryOf } from '@certlane/pki';
import { isSelfSigned } from './authority-view.js';
import { receiveCertificate } from './received-certificate.js';

/** Why a certificate cannot be installed as an issuer; undefined: nothing against it. */
type Objection = (certificate: Certificate, now: Date) => string | undefined;

const unnamed: Objection = (certificate) =>
  certificateSummary.safeParse(summaryOf(certificate)).success
    ? undefined
    : 'its subject or issuer is empty or longer than Certlane can show';

/** Version 1 knows no mark for authorities: any certificate of that age would count as one. */
const tooOld: Objection = ({ version }) =>
  version === 3
    ? undefined
    : `it is of version ${version}, which cannot be told from an end-entity certificate; install one of version 3`;

/** RFC 5280 §4.2.1.9 */
const noAuthority: Objection = ({ basicConstraints }) =>
  basicConstraints?.ca === true
    ? undefined
    : 'it is not the certificate of an authority (basicConstraints without CA); install the certificate of its issuer instead';

/** RFC 5280 §4.2.1.3; without a key usage nothing is excluded. */
const mayNotSign: Objection = ({ keyUsage }) =>
  keyUsage === undefined || keyUsage.flags.includes('keyCertSign')
    ? undefined
    : `its key usage (${keyUsage.flags.join(', ')}) does not let it sign certificates (keyCertSign)`;

const expired: Objection = ({ notAfter }, now) =>
  notAfter.getTime() < now.getTime()
    ? `it has expired on ${notAfter.toISOString()}; ask the authority for its current certificate`
    : undefined;

/** RFC 5280 §4.2: a certificate with a critical extension that is not understood must not be relied on. */
const unknownExtension: Objection = ({ unknownCriticalExtensions }) =>
  unknownCriticalExtensions.length === 0
    ? undefined
    : `it has the unknown critical extension ${unknownCriticalExtensions.join(', ')}, so nothing below it could be trusted`;

/** Nothing rests on the signature of a self-signed certificate, so only its key is held against it. */
const weak: Objection = (certificate) => {
  const found = weaknessesOf(certificate).filter(
    ({ reason }) => reason !== 'broken-signature-hash' || !isSelfSigned(certificate),
  );
  return found.length === 0 ? undefined : `it is too weak: ${found.map(({ message }) => message).join(', ')}`;
};

/** In their order: what a certificate is comes before how good it is. */
const OBJECTIONS: readonly Objection[] = [unnamed, tooOld, noAuthority, mayNotSign, unknownExtension, expired, weak];

/** Characters of a name in a refusal. */
const SHOWN = 200;

/**
 * Certificates that may be installed as issuers; one that may not refuses all.
 * @param certificates base64 of the DER of each
 * @throws {CertlaneError} `invalid-argument` naming the certificate and what stands against it
 */
export function admitIssuers(certificates: readonly string[], now: Date): Certificate[] {
  return certificates.map((base64, index) => {
    const field = `certificates.${index}`;
    const certificate = receiveCertificate(field, base64);
    const objection = OBJECTIONS.map((object) => object(certificate, now)).find((found) => found !== undefined);
    if (objection !== undefined) {
      const name = formatDistinguishedName(certificate.subject).slice(0, SHOWN);
      throw new CertlaneError('invalid-argument', `${field}: "${name}" cannot be an issuer: ${objection}`, {
        details: { field },
      });
    }
    return certificate;
  });
}
