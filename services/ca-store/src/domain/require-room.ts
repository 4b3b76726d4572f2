import { CertlaneError } from '@certlane/contracts';
import type { TrustView } from '../ports/trust-state.js';
import { LIMITS } from './limits.js';

/** One thing that is limited. */
interface Limit {
  readonly what: string;
  readonly most: number;
  readonly count: (view: TrustView) => number;
  readonly remedy: string;
}

const REMOVE_ISSUERS = 'remove those that are no longer needed (certlane issuer remove)';
const REMOVE_LISTS = 'remove what makes certificates name so many lists, or the largest of them, from what is trusted';

const ROWS: readonly Limit[] = [
  { what: 'installed issuers', most: LIMITS.issuers, count: ({ issuers }) => issuers.size, remedy: REMOVE_ISSUERS },
  { what: 'octets of installed issuers', most: LIMITS.issuerOctets, count: issuerOctets, remedy: REMOVE_ISSUERS },
  {
    what: 'trust lists',
    most: LIMITS.trustLists,
    count: ({ trustLists }) => trustLists.size,
    remedy: 'stop following one (certlane tsl remove)',
  },
  {
    what: 'signers of one trust list',
    most: LIMITS.signers,
    count: ({ trustLists }) => Math.max(0, ...[...trustLists.values()].map(({ signers }) => signers.length)),
    remedy: 'follow the list anew (certlane tsl remove, certlane tsl add) with those that still sign it',
  },
  {
    what: 'revocation lists',
    most: LIMITS.revocationLists,
    count: ({ revocationLists }) => revocationLists.size,
    remedy: REMOVE_LISTS,
  },
  {
    what: 'serial numbers on revocation lists',
    most: LIMITS.revokedEntries,
    count: ({ revokedEntries }) => revokedEntries,
    remedy: REMOVE_LISTS,
  },
  {
    what: 'octets of revocation lists',
    most: LIMITS.revocationOctets,
    count: ({ revocationOctets }) => revocationOctets,
    remedy: REMOVE_LISTS,
  },
  {
    what: 'OCSP answers',
    most: LIMITS.answers,
    count: ({ answers }) => answers.size,
    remedy: 'certificates whose authorities publish revocation lists need none',
  },
];

/**
 * Whether a changed state keeps to the limits. What is over one already may stay or shrink.
 * @throws {CertlaneError} `failed-precondition` naming the limit and the remedy
 */
export function requireRoom(after: TrustView, before: TrustView): void {
  for (const { what, most, count, remedy } of ROWS) {
    const found = count(after);
    if (found <= most || found <= count(before)) continue;
    throw new CertlaneError(
      'failed-precondition',
      `there would be ${found} ${what}; at most ${most} are held: ${remedy}`,
      {
        details: { limit: most, wanted: found },
      },
    );
  }
}

function issuerOctets({ issuers }: TrustView): number {
  let octets = 0;
  for (const { certificate } of issuers.values()) octets += certificate.der.length;
  return octets;
}
