import type { Certificate, Weakness } from '../certificate/index.js';
import type { RevocationState } from './revocation-source.js';

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
  | 'policies'
  | 'extended-key-usage'
  | 'revocation';

/**
 * What a verdict says nothing about: the host always, revocation and purposes where nobody asked, and each of them where the
 * path failed before.
 */
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
  /**
   * Revocation over the whole path: the worst of what was found for its certificates. `undetermined` is a verdict of its own;
   * with mode `warn` it may stand beside `trusted`. `not-asked`: there is no source, no certificate below the anchor, or the
   * path failed before.
   */
  readonly revocation: RevocationState['status'] | 'not-asked';
  /** Fingerprints from the certificate to the anchor; as far as it was found when there is no path to an anchor. */
  readonly path: readonly string[];
  /** Every check made on this path; if several paths failed, those of the one that failed least. */
  readonly checks: readonly PathCheck[];
  /** The policies the path stands under (RFC 5280 §6.1.6), dotted; `2.5.29.32.0` where any policy is held. */
  readonly policies: readonly string[];
  /** Other complete paths that were tried and why each failed, `PathLimits.told` of them at most. */
  readonly otherPaths: readonly FailedPath[];
  /** What nobody looked at: a caller who needs it must look himself before he trusts. */
  readonly notChecked: readonly UncheckedAspect[];
  /** Small keys and broken hashes in the path, but for an anchor's own signature, which nothing rests on. */
  readonly weaknesses: readonly PathWeakness[];
}

/** A way to an installed issuer that does not hold. */
export interface FailedPath {
  /** Fingerprints from the certificate to the anchor. */
  readonly path: readonly string[];
  /** The first check that failed, and how many did. */
  readonly failed: PathCheck;
  readonly failures: number;
}

/** What certificate policies are asked for (RFC 5280 §6.1.1 (c) to (g)). Left out: whatever the path itself asks for. */
export interface InitialPolicies {
  /** user-initial-policy-set, dotted; left out: any policy. Held against a path only where an explicit policy is required. */
  readonly accepted?: readonly string[] | undefined;
  /** initial-explicit-policy: the path must stand under one of the accepted policies. */
  readonly explicit?: boolean | undefined;
  /** initial-policy-mapping-inhibit */
  readonly inhibitMapping?: boolean | undefined;
  /** initial-any-policy-inhibit */
  readonly inhibitAny?: boolean | undefined;
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
  /** Characters of names compared with name constraints, over all paths. */
  readonly nameWork: number;
  /** Policies and mappings gone through, over all paths. */
  readonly policyWork: number;
  /** Failed paths told beside the one the verdict is about. */
  readonly told: number;
}

/** Paths in use have two to four certificates; the rest leaves room for cross-certificates and roll-overs. */
export const PATH_LIMITS: PathLimits = {
  pathCertificates: 8,
  intermediates: 256,
  steps: 512,
  paths: 32,
  signatures: 96,
  nameWork: 4_000_000,
  policyWork: 50_000,
  told: 8,
};

/** A path to an anchor as the checks see it. */
export interface PathContext {
  /** From the certificate in question to the anchor. */
  readonly certificates: readonly Certificate[];
  readonly at: Date;
  readonly policies?: InitialPolicies | undefined;
  /** Purposes the certificate must be allowed to serve, dotted. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  /** Counts work that a stranger can make large; throws PkiError `work-limit` when there was too much. */
  readonly spend: (on: 'nameWork' | 'policyWork', work: number) => void;
  /** Whether the issuer's key made the certificate's signature, or why not. */
  readonly signatureOf: (certificate: Certificate, issuer: Certificate) => SignatureResult;
}

/** Whether a signature holds, and if not, why. */
export type SignatureResult = { readonly ok: true } | { readonly ok: false; readonly message: string };
