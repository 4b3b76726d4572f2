import type { Certificate, RevocationAddresses } from '@certlane/pki';

/**
 * A certificate of a sound path about whose revocation was asked, and where it says that it is to be learned. Only certificates that an
 * authority we know has signed are told, so that a stranger cannot make us go anywhere.
 */
export interface RevocationNeed {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly addresses: RevocationAddresses;
  /** What told its revocation this time; undefined: nothing did. */
  readonly by: 'list' | 'ocsp' | undefined;
}

/** What validations lack or rely on, for whoever reads lists and asks responders in the background. */
export interface Wanted {
  /** Takes note; returns at once, never throws, remembers a bounded number. Told again with every validation. */
  note(need: RevocationNeed): void;
}

/** {@link Wanted} */
export const WANTED = Symbol('ca:wanted');

/** What judging depends on beside the trust state. */
export interface ValidationSettings {
  /** Days after which a revocation list or an OCSP answer no longer counts, whatever it says itself (OP08 2.6: 15). */
  readonly maximumAgeDays: number;
}

/** {@link ValidationSettings} */
export const VALIDATION_SETTINGS = Symbol('ca:validation-settings');
