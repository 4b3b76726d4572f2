import type { Issuer } from '@certlane/contracts';
import { type Certificate, isSignedBy, summaryOf } from '@certlane/pki';
import type { TrustView } from '../ports/trust-state.js';

/** Fingerprints of all authorities that are known, installed or in accord on a list, in order. */
export function authoritiesIn(view: TrustView, usableByPartners: boolean): readonly string[] {
  const installed = usableByPartners ? [] : view.issuers.keys();
  return [...new Set([...view.anchors.fingerprints(), ...installed])].sort();
}

/** An authority as the bus shows it; undefined when it is neither installed nor in accord on a list. */
export function authorityView(view: TrustView, fingerprint: string): Issuer | undefined {
  const installed = view.issuers.get(fingerprint);
  const certificate = installed?.certificate ?? view.anchors.get(fingerprint);
  if (certificate === undefined) return undefined;
  return {
    ...summaryOf(certificate),
    certificate: Buffer.from(certificate.der).toString('base64'),
    selfSigned: installed?.selfSigned ?? isSelfSigned(certificate),
    ...(installed === undefined
      ? {}
      : {
          installed: {
            purpose: installed.purpose,
            at: installed.at,
            ...(installed.by === undefined ? {} : { by: installed.by }),
          },
        }),
    lists: view.listings(fingerprint).map(({ list, authority }) => ({ name: list, level: authority.level })),
  };
}

const known = new WeakMap<Certificate, boolean>();

/** Whether a certificate is its own issuer by name and by key; verified once per object. */
export function isSelfSigned(certificate: Certificate): boolean {
  const before = known.get(certificate);
  if (before !== undefined) return before;
  const result = certificate.selfIssued && isSignedBy(certificate, certificate).ok;
  known.set(certificate, result);
  return result;
}
