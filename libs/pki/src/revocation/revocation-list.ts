import type { SignatureAlgorithm } from '../certificate/index.js';
import type { DistinguishedName } from '../names/index.js';
import type { DistributionPoint, DistributionPointName } from './distribution-point.js';
import type { ReasonMask } from './reasons.js';
import type { RevokedEntries } from './revoked-entries.js';

/** A certificate revocation list as plain immutable value (RFC 5280 §5.1). Nothing in it says that it is authentic or current. */
export interface RevocationList {
  /** The list as received. */
  readonly der: Uint8Array;
  /** SHA-256 of {@link der}, 64 lower-case hex digits. */
  readonly fingerprint: string;
  readonly version: 1 | 2;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  /** Undefined in lists that leave it out, against RFC 5280 §5.1.2.5: nobody can tell how long they hold. */
  readonly nextUpdate: Date | undefined;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The signature and the octets it covers. */
  readonly signature: Uint8Array;
  readonly tbsCertList: Uint8Array;
  /** CRL number (RFC 5280 §5.2.3). */
  readonly number: bigint | undefined;
  /** BaseCRLNumber: with it the list is a delta, which says only what changed since (RFC 5280 §5.2.4). */
  readonly baseNumber: bigint | undefined;
  /** Lower-case hex of the keyIdentifier field, and of the whole extension, which a delta shares with its base. */
  readonly authorityKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifierDer: string | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  /** Where deltas to this list come from (RFC 5280 §5.2.6). */
  readonly freshestCRL: readonly DistributionPoint[];
  readonly entries: RevokedEntries;
  /** Critical extensions of list and entries that mean nothing here: RFC 5280 §5.2 and §5.3 forbid to rely on such a list. */
  readonly unknownCriticalExtensions: readonly string[];
}

/** What a list is about (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  /** Lower-case hex of the extension: a delta has the scope of its base if the two are equal. */
  readonly der: string;
  readonly distributionPoint: DistributionPointName | undefined;
  readonly onlyContains: 'userCerts' | 'cACerts' | 'attributeCerts' | undefined;
  /** Undefined: all reasons. */
  readonly onlySomeReasons: ReasonMask | undefined;
  /** Whether entries may be about certificates of other issuers. */
  readonly indirectCRL: boolean;
}

/** How much of a list is worked through. */
export interface RevocationListLimits {
  /** Octets of the list. */
  readonly octets: number;
  readonly entries: number;
}

/** The largest lists in use have about a million entries and fifty million octets. */
export const REVOCATION_LIST_LIMITS: RevocationListLimits = { octets: 134_217_728, entries: 4_000_000 };
