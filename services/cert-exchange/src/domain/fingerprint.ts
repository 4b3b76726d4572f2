import { createHash } from 'node:crypto';

/**
 * SHA-256 over a certificate's DER, lower-case hex.
 * @param der base64
 */
export function fingerprintOf(der: string): string {
  return createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex');
}
