import { explicit, octetString, sequence } from '../../asn1/write.js';
import type { Certificate } from '../../certificate/index.js';
import { PkiError } from '../../errors.js';
import { extension } from '../../issuing/extension-values.js';
import { type CertificateIdHash, writeCertificateId } from './certificate-id.js';
import { OCSP } from './ocsp-oids.js';

/** What to ask a responder. */
export interface OcspRequestInput {
  /** Certificates of one responder, each with the authority that issued it. */
  readonly certificates: readonly { readonly certificate: Certificate; readonly issuer: Certificate }[];
  /** SHA-1 when left out: some responders know no other. */
  readonly hash?: CertificateIdHash | undefined;
  /** Random octets, 1 to 32, which the answer must repeat (RFC 8954 §2.1). Left out: an answer made in advance will do. */
  readonly nonce?: Uint8Array | undefined;
}

const MAXIMUM_CERTIFICATES = 64;
const MAXIMUM_NONCE = 32;

/**
 * Makes an unsigned OCSPRequest (RFC 6960 §4.1.1).
 * @throws PkiError `issuing-invalid` for no or too many certificates and a nonce of another length
 */
export function writeOcspRequest({ certificates, hash = 'sha1', nonce }: OcspRequestInput): Uint8Array {
  if (certificates.length === 0 || certificates.length > MAXIMUM_CERTIFICATES) {
    throw new PkiError(
      'issuing-invalid',
      `An OCSP request asks about 1 to ${MAXIMUM_CERTIFICATES} certificates, not ${certificates.length}.`,
    );
  }
  if (nonce !== undefined && (nonce.length === 0 || nonce.length > MAXIMUM_NONCE)) {
    throw new PkiError('issuing-invalid', `An OCSP nonce has 1 to ${MAXIMUM_NONCE} octets, not ${nonce.length}.`);
  }
  const requests = certificates.map(({ certificate, issuer }) =>
    sequence(writeCertificateId(certificate, issuer, hash)),
  );
  const extensions =
    nonce === undefined ? [] : [explicit(2, sequence(extension(OCSP.nonce, false, octetString(nonce))))];
  return sequence(sequence(sequence(...requests), ...extensions));
}
