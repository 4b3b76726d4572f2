import type { Certificate } from '../certificate/index.js';

/** Whether the certificate's key usage lets its key sign content: digitalSignature or nonRepudiation (RFC 5280 §4.2.1.3). */
export function maySignContent({ keyUsage }: Certificate): boolean {
  return (
    keyUsage === undefined || keyUsage.flags.some((flag) => flag === 'digitalSignature' || flag === 'nonRepudiation')
  );
}
