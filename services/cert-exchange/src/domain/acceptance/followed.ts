import type { Usage } from '@certlane/contracts';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';

/** Serves a usage now. */
export function isCurrent(known: CertificateOnFile): boolean {
  return known.state === 'current';
}

/** Serves a usage now, did so before and still may, or will. */
export function isInUse(known: CertificateOnFile): boolean {
  return known.state === 'current' || known.state === 'accepted' || known.state === 'scheduled';
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
