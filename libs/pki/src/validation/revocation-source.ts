import type { Certificate } from '../certificate/index.js';

/** Why a certificate was revoked, by the names of CRLReason (RFC 5280 §5.3.1); an entry without a reason is `unspecified`. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'removeFromCRL'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** What is known of the revocation of one certificate of a path. Lack of data is `undetermined`, never `good`. */
export type RevocationState =
  | { readonly status: 'good'; readonly message: string }
  | { readonly status: 'revoked'; readonly message: string; readonly at: Date; readonly reason: RevocationReason }
  | { readonly status: 'undetermined'; readonly message: string };

/**
 * Asked for each certificate below the anchor; `path` runs from that certificate to the anchor, `at` is the time judged at.
 * The message is a clause that follows the name of the certificate, such as `is not in the list of 1 March (CRL number 7)`.
 */
export type RevocationSource = (path: readonly Certificate[], at: Date) => RevocationState;

/** How revocation enters a verdict. */
export interface RevocationPolicy {
  readonly source: RevocationSource;
  /** Whether `undetermined` ends trust (`fail`) or is told beside it (`warn`). Revoked is never trusted. */
  readonly mode: 'fail' | 'warn';
}
