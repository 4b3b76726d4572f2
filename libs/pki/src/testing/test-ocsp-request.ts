import { contextConstructed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readDer } from '../asn1/read-der.js';
import { oidOf, want } from '../asn1/values.js';
import type { Certificate } from '../certificate/index.js';
import { type CertificateId, isIdOf, readCertificateId } from '../revocation/ocsp/certificate-id.js';
import { OCSP } from '../revocation/ocsp/ocsp-oids.js';

const LIMITS = { octets: 16_384, depth: 16, elements: 1_024 };

/** What a responder is asked. */
export interface TestOcspRequest {
  readonly ids: readonly CertificateId[];
  readonly nonce: Uint8Array | undefined;
  /** Whether the certificate, issued by `issuer`, is among those asked about. */
  asksAbout(certificate: Certificate, issuer: Certificate): boolean;
}

/**
 * Reads an OCSPRequest (RFC 6960 §4.1.1), for responders in tests.
 * @throws PkiError for what is none
 */
export function readTestOcspRequest(octets: Uint8Array): TestOcspRequest {
  const request = Fields.of(readDer(octets, LIMITS), TAG.sequence, 'OCSPRequest');
  const tbs = Fields.of(request.any('tbsRequest'), TAG.sequence, 'tbsRequest');
  tbs.optional(contextConstructed(0));
  tbs.optional(contextConstructed(1));
  const ids = tbs
    .required(TAG.sequence, 'requestList')
    .children.map((one) => readCertificateId(Fields.of(one, TAG.sequence, 'Request').any('reqCert')));
  const extensions = tbs.optional(contextConstructed(2))?.children[0]?.children ?? [];
  const nonce = extensions.find(({ children }) => oidOf(children[0], 'extnID') === OCSP.nonce);
  return {
    ids,
    nonce:
      nonce === undefined
        ? undefined
        : want(
            readDer(want(nonce.children.at(-1), TAG.octetString, 'extnValue').content, LIMITS),
            TAG.octetString,
            'Nonce',
          ).content,
    asksAbout: (certificate, issuer) => ids.some((id) => isIdOf(id, certificate, issuer)),
  };
}
