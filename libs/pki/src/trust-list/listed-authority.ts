import type { Certificate } from '../certificate/index.js';
import { certificatesAbove } from '../validation/certificates-above.js';
import { CERTIFICATE_AUTHORITY, IN_ACCORD, type TrustList, type TrustService } from './trust-list.js';

/**
 * What a list vouches for. `oftp2`: certificates that a listed authority issued itself (OP08 2.7); `basic`: also those of
 * authorities below it.
 */
export type TrustListLevel = 'basic' | 'oftp2';

/** An authority that a list vouches for. */
export interface ListedAuthority {
  readonly provider: string;
  readonly service: string;
  readonly level: TrustListLevel;
  readonly since: Date;
  /** The listed authority: a trust anchor. */
  readonly certificate: Certificate;
  /** Its chain as listed, nearest first, the root last: never anchors, whatever else they issued. */
  readonly above: readonly Certificate[];
}

/** A service in accord of which no authority comes, and why. */
export interface UnusedService {
  readonly provider: string;
  readonly service: string;
  readonly reason: 'not-yet-in-force' | 'no-certificate' | 'not-an-authority';
  readonly message: string;
}

/** What a list vouches for at a time. */
export interface ListedAuthorities {
  /** Each once, by its certificate. */
  readonly authorities: readonly ListedAuthority[];
  readonly unused: readonly UnusedService[];
}

/** The authorities of the services in accord whose status is in force at `now`. */
export function authoritiesOf(list: TrustList, level: TrustListLevel, now: Date): ListedAuthorities {
  const authorities = new Map<string, ListedAuthority>();
  const unused: UnusedService[] = [];
  for (const { name: provider, services } of list.providers) {
    for (const service of services) {
      if (service.type !== CERTIFICATE_AUTHORITY || service.status !== IN_ACCORD) continue;
      const names = { provider, service: service.name };
      const found = lowestOf(service, now);
      if (!Array.isArray(found)) {
        unused.push({ ...names, ...found });
        continue;
      }
      for (const certificate of found) {
        if (authorities.has(certificate.fingerprint)) continue;
        const above = certificatesAbove(certificate, service.certificates);
        authorities.set(certificate.fingerprint, { ...names, level, since: service.statusSince, certificate, above });
      }
    }
  }
  return { authorities: [...authorities.values()], unused };
}

/**
 * The certificates of a service that stand above no other of it. A root is one only where nothing but roots is listed: beside
 * an authority it completes a chain, even one that is no longer in use.
 */
function lowestOf(service: TrustService, now: Date): Certificate[] | Pick<UnusedService, 'reason' | 'message'> {
  const { certificates, statusSince } = service;
  if (statusSince > now) {
    return { reason: 'not-yet-in-force', message: `Its status begins at ${statusSince.toISOString()}.` };
  }
  if (certificates.length === 0) return { reason: 'no-certificate', message: 'It lists no certificate.' };
  const above = new Set(
    certificates.flatMap((lower) => certificatesAbove(lower, certificates)).map(({ fingerprint }) => fingerprint),
  );
  const onlyRoots = certificates.every(({ selfIssued }) => selfIssued);
  const lowest = certificates.filter(
    ({ fingerprint, selfIssued }) => !above.has(fingerprint) && (onlyRoots || !selfIssued),
  );
  const issuing = lowest.filter(({ basicConstraints }) => basicConstraints?.ca === true);
  if (issuing.length > 0) return issuing;
  return { reason: 'not-an-authority', message: 'None of its lowest certificates is that of an authority.' };
}
