import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, sameNameSet } from '../names/index.js';

/** Who a certificate belongs to and what for, which a renewal leaves as it is (OP08 1.9). */
export interface LogicalIdentity {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Hex as in CLID `B`; empty for a certificate without key usage. */
  readonly keyUsage: string;
  /** Dotted object identifiers, sorted; empty for a certificate without extended key usage. */
  readonly extendedKeyUsage: readonly string[];
}

/** The logical identity of a certificate. */
export function logicalIdentityOf(certificate: Certificate): LogicalIdentity {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    keyUsage: certificate.keyUsage?.hex ?? '',
    extendedKeyUsage: [...new Set(certificate.extendedKeyUsage)].sort(),
  };
}

/**
 * Whether two certificates are for the same owner and purpose: the later one renews the other. Names are compared by their
 * sets of RDNs, since authorities change the order between issues. A certificate without a subject is nobody's renewal.
 */
export function sameLogicalIdentity(a: LogicalIdentity, b: LogicalIdentity): boolean {
  return (
    a.subject.length > 0 &&
    a.keyUsage === b.keyUsage &&
    sameNameSet(a.subject, b.subject) &&
    sameNameSet(a.issuer, b.issuer) &&
    [...a.extendedKeyUsage].sort().join() === [...b.extendedKeyUsage].sort().join()
  );
}
