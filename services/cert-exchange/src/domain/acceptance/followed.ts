import type { Usage } from '@certlane/contracts';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';

/** Serves a usage now. */
export function isCurrent(known: CertificateOnFile): boolean {
  return known.state === 'current';
}

/** Serves a usage now, did so before and still may, or will; a revoked one does once it is found trusted again. */
export function isInUse({ state }: CertificateOnFile): boolean {
  return state !== 'replaced' && state !== 'expired';
}

/** What a certificate follows that is to serve these usages: what serves them now; with `replace` all that may serve them. */
export function followedBy(
  { kind, onFile }: Pick<AcceptanceFacts, 'kind' | 'onFile'>,
  usages: readonly Usage[],
): CertificateOnFile[] {
  return onFile.filter(
    (known) =>
      (kind === 'replace' ? isInUse(known) : isCurrent(known)) && known.usages.some((usage) => usages.includes(usage)),
  );
}
