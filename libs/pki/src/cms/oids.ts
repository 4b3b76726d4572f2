/** Object identifiers of SignedData and its attributes (RFC 5652 §4, §5.1, §11; RFC 3370 §3.2). */
export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  rsaEncryption: '1.2.840.113549.1.1.1',
} as const;

/** As signature algorithm; its digest is SHA-512 (RFC 8419 §3.1). */
export const ED25519 = '1.3.101.112';
