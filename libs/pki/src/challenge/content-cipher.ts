/** Content ciphers of the OFTP2 suites. */
export type ContentCipher = '3des' | 'aes-256';

/** What node:crypto and CMS need to know about a cipher. */
export interface ContentCipherRow {
  readonly cipher: ContentCipher;
  readonly oid: string;
  /** Name in node:crypto. */
  readonly name: string;
  readonly keyLength: number;
  /** Octets of a block, and of the IV. */
  readonly blockLength: number;
}

/** des-EDE3-CBC (RFC 3370 §5.1) and aes256-CBC (RFC 3565 §4.1): what the suites of RFC 5024 §10.2 and its successors use. */
export const CONTENT_CIPHERS: readonly ContentCipherRow[] = [
  { cipher: '3des', oid: '1.2.840.113549.3.7', name: 'des-ede3-cbc', keyLength: 24, blockLength: 8 },
  { cipher: 'aes-256', oid: '2.16.840.1.101.3.4.1.42', name: 'aes-256-cbc', keyLength: 32, blockLength: 16 },
];
