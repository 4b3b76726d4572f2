import type { Certificate, SignatureAlgorithm } from '../../certificate/index.js';
import type { DistinguishedName } from '../../names/index.js';
import type { RevocationReason } from '../../validation/revocation-source.js';
import type { CertificateId } from './certificate-id.js';

/** OCSPResponseStatus by its number; 4 is not used (RFC 6960 §4.2.1). */
export const OCSP_RESPONSE_STATUS = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  undefined,
  'sigRequired',
  'unauthorized',
] as const;

/** What became of a request. */
export type OcspResponseStatus = Exclude<(typeof OCSP_RESPONSE_STATUS)[number], undefined>;

/** An OCSPResponse as plain value (RFC 6960 §4.2.1). Nothing in it says that it is authentic or current. */
export type OcspResponse =
  | { readonly status: Exclude<OcspResponseStatus, 'successful'> }
  | { readonly status: 'successful'; readonly basic: BasicOcspResponse };

/** A BasicOCSPResponse with its ResponseData. */
export interface BasicOcspResponse {
  readonly responderID: ResponderId;
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  /** Octets of the nonce. */
  readonly nonce: Uint8Array | undefined;
  readonly unknownCriticalExtensions: readonly string[];
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The signature and the octets it covers. */
  readonly signature: Uint8Array;
  readonly tbsResponseData: Uint8Array;
  /** Certificates sent along. */
  readonly certs: readonly Certificate[];
}

/** Who signed: by name, or by the SHA-1 of his key in lower-case hex. */
export type ResponderId =
  { readonly form: 'byName'; readonly name: DistinguishedName } | { readonly form: 'byKey'; readonly keyHash: string };

/** What is said of one certificate. */
export interface SingleResponse {
  readonly certID: CertificateId;
  readonly certStatus: CertificateStatus;
  readonly thisUpdate: Date;
  /** Undefined: newer information is there at any time (RFC 6960 §4.2.2.1). */
  readonly nextUpdate: Date | undefined;
  readonly unknownCriticalExtensions: readonly string[];
}

/** CertStatus. */
export type CertificateStatus =
  | { readonly status: 'good' | 'unknown' }
  | { readonly status: 'revoked'; readonly at: Date; readonly reason: RevocationReason };
