import {
  crlRevocation,
  ocspRevocation,
  type Certificate,
  type IssuerIndex,
  type OcspResponse,
  type RevocationListIndex,
  type SingleResponse,
} from '@certlane/pki';

/** An OCSP answer, and what it is held against. */
export interface OfferedAnswer {
  readonly response: OcspResponse;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** The answer in use, whether or not it still counts. */
  readonly inUse: OcspResponse | undefined;
  /** Lists that tell of the revocation of responders, and who may have signed these. */
  readonly lists: RevocationListIndex;
  readonly known: IssuerIndex;
  readonly maximumAgeDays: number;
  readonly now: Date;
}

/** Whether an answer is kept; `until`: when the responder promises a newer one. */
export type AnswerDecision =
  | { readonly taken: true; readonly until: Date | undefined }
  | { readonly taken: false; readonly reason: 'not-determined' | 'older'; readonly message: string };

/**
 * An answer is kept if it tells, authentic and current, that the certificate is good or revoked (RFC 6960 §3.2), and nothing newer is in
 * use. Answers come without a nonce, so that whoever stands between could send again the one from before a revocation.
 */
export function admitAnswer(offered: OfferedAnswer): AnswerDecision {
  const { response, certificate, issuer, inUse, lists, known, maximumAgeDays, now } = offered;
  const state = ocspRevocation({
    answers: [{ response }],
    responderRevocation: crlRevocation({ lists, certificates: known, maximumAgeDays }),
    maximumAgeDays,
  })([certificate, issuer], now);
  if (state.status === 'undetermined') return { taken: false, reason: 'not-determined', message: state.message };
  const came = singleAbout(response, certificate);
  const present = singleAbout(inUse, certificate);
  if (came !== undefined && present !== undefined && came.thisUpdate < present.thisUpdate) {
    const [older, newer] = [came.thisUpdate.toISOString(), present.thisUpdate.toISOString()];
    return { taken: false, reason: 'older', message: `it is of ${older}, before the answer in use (${newer})` };
  }
  return { taken: true, until: came?.nextUpdate };
}

/** What an answer says of a certificate. */
export function singleAbout(
  response: OcspResponse | undefined,
  { serialNumber }: Pick<Certificate, 'serialNumber'>,
): SingleResponse | undefined {
  if (response?.status !== 'successful') return undefined;
  return response.basic.responses.find(({ certID }) => certID.serialNumber === serialNumber);
}
