/** Object identifiers of RFC 6960 §4.2.1, §4.2.2.2.1 and §4.4.1. */
export const OCSP = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  nocheck: '1.3.6.1.5.5.7.48.1.5',
} as const;
