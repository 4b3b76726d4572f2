/** Why a session is refused; the gateway maps it to an ESID reason. */
export const refusalReasons = [
  /** The SSID names nobody we know at this station (ESID 03). */
  'unknown-partner',
  /** SSIDPSWD is wrong (ESID 04). */
  'wrong-password',
  /** We want secure authentication and the partner does not, or the reverse (ESID 12). */
  'authentication-mismatch',
  /** The bypass is closed: a certificate of the partner is on file (ESID 12). */
  'bypass-closed',
  /** The time of the bypass is over (ESID 12). */
  'bypass-expired',
  /** The bypass was used as often as it may be (ESID 12). */
  'bypass-exhausted',
  /** The bypass is not open to this address (ESID 12). */
  'bypass-address',
  /** The partner has no TLS client certificate on file, or presented another (ESID 12). */
  'tls-client-certificate',
  /** We hold no usable certificate of ours for secure authentication (ESID 11). */
  'no-own-certificate',
  /** We hold a certificate of the partner, but none that is still good (ESID 11). */
  'no-partner-certificate',
] as const;
/** Why a session is refused. */
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a received certificate is not taken over; the order is the order of the checks (`docs/EXCHANGE-CYCLE.md`). */
export const certificateRefusals = [
  'acx-disabled',
  /** The policy of the partner takes nothing. */
  'acceptance-off',
  'unreadable',
  'weak',
  'expired',
  'not-yet-valid',
  'no-match',
  'issuer-unknown',
  /** The path ends at an authority of a trust list that did not issue it itself. */
  'not-by-listed-authority',
  'revoked',
  'untrusted',
  'self-signed',
  'unproven',
  'recalled',
  'older-than-current',
  'not-filed',
  /** A person decided so. */
  'rejected',
] as const;
/** Why a received certificate is not taken over. */
export type CertificateRefusal = (typeof certificateRefusals)[number];
