import type { Certificate } from '../certificate/index.js';

/** A trust service status list (ETSI TS 102 231 §5) as plain value. That it can be read says nothing about its signature. */
export interface TrustList {
  readonly schemeName: string;
  /** Whoever runs the scheme; undefined where the list does not name them. */
  readonly operatorName: string | undefined;
  readonly sequenceNumber: number;
  readonly issuedAt: Date;
  /** Undefined where the list names no time, as the last list of a closed scheme does. */
  readonly nextUpdate: Date | undefined;
  readonly providers: readonly TrustServiceProvider[];
  /** What was passed over because it is broken. */
  readonly skipped: readonly SkippedEntry[];
}

/** A provider with its services (ETSI TS 102 231 §5.4). */
export interface TrustServiceProvider {
  readonly name: string;
  readonly services: readonly TrustService[];
}

/** One service (ETSI TS 102 231 §5.5). */
export interface TrustService {
  readonly name: string;
  /** URI, e.g. `http://uri.etsi.org/TrstSvc/Svctype/CA/PKC`. */
  readonly type: string;
  /** URI, e.g. `http://uri.etsi.org/TrstSvc/Svcstatus/inaccord`. */
  readonly status: string;
  readonly statusSince: Date;
  /** The authority and its chain as listed, in the order of the list; the same one once. */
  readonly certificates: readonly Certificate[];
}

/** Something broken in a list whose rest is used. */
export interface SkippedEntry {
  /** E.g. `TrustServiceProvider 2, TSPService 1`, counted from 1. */
  readonly place: string;
  readonly reason: SkipReason;
  /** One sentence. */
  readonly message: string;
}

/** Why an entry was passed over. */
export type SkipReason = 'provider-malformed' | 'service-malformed' | 'certificate-malformed' | 'too-many-certificates';

/** ServiceTypeIdentifier of an authority that issues public key certificates. */
export const CERTIFICATE_AUTHORITY = 'http://uri.etsi.org/TrstSvc/Svctype/CA/PKC';

/** ServiceStatus of a service that is trusted; every other status is not. */
export const IN_ACCORD = 'http://uri.etsi.org/TrstSvc/Svcstatus/inaccord';
