import type { Certificate, Weakness } from '../certificate/index.js';

/** What is looked at in a path, in the order in which it is told. */
export type PathCheckName =
  | 'issuer-known'
  | 'limits'
  | 'signature'
  | 'validity'
  | 'name-chaining'
  | 'certificate-authority'
  | 'key-cert-sign'
  | 'path-length'
  | 'critical-extensions'
  | 'name-constraints'
  | 'policy-constraints';

/** What a verdict says nothing about. */
export type UncheckedAspect = 'revocation' | 'name-constraints' | 'policies' | 'extended-key-usage' | 'host-name';

/** The outcome of one check on one certificate. */
export interface PathCheck {
  readonly check: PathCheckName;
  readonly ok: boolean;
  /** A sentence for people that names the certificate and the value. */
  readonly message: string;
  /** Fingerprint of the certificate it is about. */
  readonly certificate: string;
}

/** A weak spot of a certificate in the path; whether to live with it is the caller's decision. */
export interface PathWeakness extends Weakness {
  /** Fingerprint. */
  readonly certificate: string;
}

/** What path validation found out. */
export interface PathVerdict {
  /** Whether a path to an installed issuer passed every check made. Never true for something listed in `checks` as not ok. */
  readonly trusted: boolean;
  /** Fingerprints from the certificate to the anchor; as far as it was found when there is no path to an anchor. */
  readonly path: readonly string[];
  /** Every check made on this path; if several paths failed, those of the one that failed least. */
  readonly checks: readonly PathCheck[];
  /** What nobody looked at: a caller who needs it must look himself before he trusts. */
  readonly notChecked: readonly UncheckedAspect[];
  /** Small keys and broken hashes in the path, but for an anchor's own signature, which nothing rests on. */
  readonly weaknesses: readonly PathWeakness[];
}

/** Bounds on the search for a path. */
export interface PathLimits {
  /** Certificates in one path, both ends counted. */
  readonly pathCertificates: number;
  /** Intermediates looked at. */
  readonly intermediates: number;
  /** Issuers tried on all ways together, those that lead nowhere included. */
  readonly steps: number;
  /** Complete paths judged. */
  readonly paths: number;
  /** Signatures verified. */
  readonly signatures: number;
}

/** Paths in use have two to four certificates; the rest leaves room for cross-certificates and roll-overs. */
export const PATH_LIMITS: PathLimits = {
  pathCertificates: 8,
  intermediates: 256,
  steps: 512,
  paths: 32,
  signatures: 96,
};

/** A path to an anchor as the checks see it. */
export interface PathContext {
  /** From the certificate in question to the anchor. */
  readonly certificates: readonly Certificate[];
  readonly at: Date;
  /** Whether the issuer's key made the certificate's signature, or why not. */
  readonly signatureOf: (certificate: Certificate, issuer: Certificate) => SignatureResult;
}

/** Whether a signature holds, and if not, why. */
export type SignatureResult = { readonly ok: true } | { readonly ok: false; readonly message: string };
