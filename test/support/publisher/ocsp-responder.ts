import { type Certificate, isPkiError } from '@certlane/pki';
import {
  ocspResponse,
  readTestOcspRequest,
  type TestAuthority,
  testOcspResponse,
  type TestOcspOptions,
  type TestSingleResponse,
} from '@certlane/pki/testing';

/** Answers requests, octets to octets. */
export type Responder = (request: Uint8Array) => Uint8Array;

/** OCSPResponseStatus (RFC 6960 §4.2.1). */
const MALFORMED_REQUEST = 1;
const UNAUTHORIZED = 6;

/** What a responder knows, and how its answers differ from sound ones. */
export interface ResponderOptions extends Omit<TestOcspOptions, 'nonce'> {
  readonly authority: TestAuthority;
  /** Certificates it answers for; the status is asked for anew with each request. */
  readonly certificates: readonly Certificate[];
  readonly statusOf: (certificate: Certificate) => Omit<TestSingleResponse, 'certificate'>;
}

/**
 * A responder for certificates of one authority: repeats the nonce, says `malformedRequest` to what is no request and
 * `unauthorized` where it knows none of those asked about.
 */
export function ocspResponder({ authority, certificates, statusOf, ...options }: ResponderOptions): Responder {
  return (octets) => {
    const request = read(octets);
    if (request === undefined) return ocspResponse(MALFORMED_REQUEST);
    const { asksAbout, nonce } = request;
    const asked = certificates.filter((certificate) => asksAbout(certificate, authority.certificate));
    if (asked.length === 0) return ocspResponse(UNAUTHORIZED);
    const singles = asked.map((certificate) => ({ certificate, ...statusOf(certificate) }));
    return testOcspResponse(authority, singles, { ...options, ...(nonce === undefined ? {} : { nonce }) });
  };
}

function read(octets: Uint8Array): ReturnType<typeof readTestOcspRequest> | undefined {
  try {
    return readTestOcspRequest(octets);
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}
