import {
  crlRevocation,
  ocspRevocation,
  type Certificate,
  type IssuerIndex,
  type OcspResponse,
  type RevocationListIndex,
} from '@certlane/pki';

/** An OCSP answer, and what it is held against. */
export interface OfferedAnswer {
  readonly response: OcspResponse;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** Lists that tell of the revocation of responders, and who may have signed these. */
  readonly lists: RevocationListIndex;
  readonly known: IssuerIndex;
  readonly maximumAgeDays: number;
  readonly now: Date;
}

/** Whether an answer is kept; `until`: when the responder promises a newer one. */
export type AnswerDecision =
  | { readonly taken: true; readonly until: Date | undefined }
  | { readonly taken: false; readonly reason: 'not-determined'; readonly message: string };

/** An answer is kept if it tells, authentic and current, that the certificate is good or revoked (RFC 6960 §3.2). */
export function admitAnswer(offered: OfferedAnswer): AnswerDecision {
  const { response, certificate, issuer, lists, known, maximumAgeDays, now } = offered;
  const state = ocspRevocation({
    answers: [{ response }],
    responderRevocation: crlRevocation({ lists, certificates: known, maximumAgeDays }),
    maximumAgeDays,
  })([certificate, issuer], now);
  return state.status === 'undetermined'
    ? { taken: false, reason: 'not-determined', message: state.message }
    : { taken: true, until: nextUpdateOf(response, certificate) };
}

/** When the answer about a certificate ends; undefined where it does not say. */
export function nextUpdateOf(
  response: OcspResponse,
  { serialNumber }: Pick<Certificate, 'serialNumber'>,
): Date | undefined {
  if (response.status !== 'successful') return undefined;
  return response.basic.responses.find(({ certID }) => certID.serialNumber === serialNumber)?.nextUpdate;
}
