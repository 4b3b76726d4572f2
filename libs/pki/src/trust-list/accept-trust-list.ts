import type { TrustList } from './trust-list.js';

/** What has to be known of a list that is in use. */
export interface TrustListInUse {
  /** SHA-256 fingerprints of the certificates that are pinned now. */
  readonly signers: readonly string[];
  readonly sequenceNumber: number;
  readonly issuedAt: Date;
  /** SHA-256 of its signed octets, lower-case hex. */
  readonly digest: string;
}

/** A list whose signature holds and which could be used from now on. */
export interface TrustListCandidate {
  readonly list: Pick<TrustList, 'sequenceNumber' | 'issuedAt' | 'nextUpdate'>;
  /** SHA-256 fingerprint of the certificate that signed. */
  readonly signer: string;
  /** SHA-256 of its signed octets, lower-case hex. */
  readonly digest: string;
}

/** Why a list is not taken. */
export type TrustListRefusal =
  | 'signer-not-pinned'
  | 'sequence-number-lower'
  | 'sequence-number-reused'
  | 'next-update-missing'
  | 'next-update-passed'
  | 'next-update-before-issue'
  | 'issued-in-future'
  | 'issued-before-current';

/** `unchanged` says that the list in use has come again and is still current. */
export type TrustListDecision =
  | { readonly accepted: true; readonly unchanged: boolean }
  | { readonly accepted: false; readonly reason: TrustListRefusal; readonly message: string };

/** How far the clock of a publisher may be ahead of ours. */
const CLOCK_SKEW = 5 * 60_000;

interface Situation extends TrustListCandidate {
  readonly current: TrustListInUse | undefined;
  readonly now: Date;
}

/** A reason for refusal, with the sentence that says it where it applies. */
type Check = readonly [reason: TrustListRefusal, refuse: (situation: Situation) => string | false | undefined];

/** In this order; the first that refuses is told. */
const CHECKS: readonly Check[] = [
  [
    'signer-not-pinned',
    ({ current, signer }) =>
      current?.signers.includes(signer) === false &&
      `It is signed by the certificate ${signer}; pinned is ${current.signers.join(', ')}.`,
  ],
  [
    'sequence-number-lower',
    ({ current, list }) =>
      current !== undefined &&
      list.sequenceNumber < current.sequenceNumber &&
      `Its sequence number is ${list.sequenceNumber}, lower than ${current.sequenceNumber} of the list in use.`,
  ],
  [
    'sequence-number-reused',
    ({ current, list, digest }) =>
      list.sequenceNumber === current?.sequenceNumber &&
      digest !== current.digest &&
      `It has the sequence number ${list.sequenceNumber} of the list in use and other contents.`,
  ],
  ['next-update-missing', ({ list }) => list.nextUpdate === undefined && 'It does not say until when it can be used.'],
  [
    'next-update-before-issue',
    ({ list: { nextUpdate, issuedAt } }) =>
      nextUpdate !== undefined &&
      nextUpdate <= issuedAt &&
      `Its next update, ${nextUpdate.toISOString()}, is not after its issue, ${issuedAt.toISOString()}.`,
  ],
  [
    'next-update-passed',
    ({ list: { nextUpdate }, now }) =>
      nextUpdate !== undefined && nextUpdate <= now && `Its next update was due at ${nextUpdate.toISOString()}.`,
  ],
  [
    'issued-in-future',
    ({ list: { issuedAt }, now }) =>
      issuedAt.getTime() > now.getTime() + CLOCK_SKEW &&
      `It was issued at ${issuedAt.toISOString()}, which is in the future.`,
  ],
  [
    'issued-before-current',
    ({ list: { issuedAt }, current }) =>
      current !== undefined &&
      issuedAt < current.issuedAt &&
      `It was issued at ${issuedAt.toISOString()}, before the list in use (${current.issuedAt.toISOString()}).`,
  ],
];

/**
 * Whether a verified list takes the place of the one in use (ETSI TS 102 231 §5.3.2, §5.3.14, §5.3.15). A refused one changes
 * nothing: the last good list stays in use.
 * @param current the list in use; undefined before the first, whose signer the caller pins
 */
export function acceptTrustList(
  current: TrustListInUse | undefined,
  candidate: TrustListCandidate,
  now: Date,
): TrustListDecision {
  const situation: Situation = { ...candidate, current, now };
  for (const [reason, refuse] of CHECKS) {
    const message = refuse(situation);
    if (typeof message === 'string') return { accepted: false, reason, message };
  }
  return { accepted: true, unchanged: candidate.digest === current?.digest };
}
