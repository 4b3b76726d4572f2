import type { IdentificationEntry, Usage } from '@certlane/contracts';
import {
  clidMatches,
  entryMatches,
  isPkiError,
  logicalIdentityOf,
  parseDistinguishedName,
  readClid,
  sameLogicalIdentity,
  type Certificate,
  type Clid,
} from '@certlane/pki';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';

/** How a received certificate is already known, and what it follows. */
export interface Match {
  readonly by: 'same' | 'clid' | 'logical-identity' | 'entry';
  readonly usages: readonly Usage[];
  /** Certificates on file that it renews (the current ones), or, with `replace`, recalls (all that are in use). */
  readonly predecessors: readonly CertificateOnFile[];
  readonly message: string;
}

/**
 * Finds what is known of a received certificate: the same one on file, the one its CLID names, one with the same logical
 * identity, an identification entry; the first that fits decides. Undefined: nothing known fits, so nobody expects it.
 */
export function findMatch(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  // Anybody can name a certificate on file: a description counts from who has proven to be the partner.
  const clid = facts.inBypass ? undefined : clidOf(facts.description);
  const named = clid === undefined ? undefined : facts.onFile.find((known) => clidMatches(clid, known.certificate));
  const same = facts.onFile.find((known) => known.certificate.fingerprint === certificate.fingerprint);
  if (same !== undefined) return matchSame(facts, certificate, same, named);
  if (named !== undefined) {
    return {
      by: 'clid',
      usages: named.usages,
      predecessors: [named],
      message: 'the description names the certificate on file that it follows',
    };
  }
  const identity = logicalIdentityOf(certificate);
  const alike = facts.onFile.filter((known) => sameLogicalIdentity(logicalIdentityOf(known.certificate), identity));
  if (alike.length > 0) {
    return {
      by: 'logical-identity',
      usages: usagesOf(alike),
      predecessors: alike.filter(facts.kind === 'replace' ? isInUse : isCurrent),
      message: 'it has the logical identity of a certificate on file',
    };
  }
  return matchEntry(facts, certificate);
}

/** The same certificate again; a `replace` still recalls what it names or, naming nothing, its own logical relatives. */
function matchSame(
  facts: AcceptanceFacts,
  certificate: Certificate,
  same: CertificateOnFile,
  named: CertificateOnFile | undefined,
): Match {
  const others = facts.onFile.filter((known) => known !== same && isInUse(known));
  const identity = logicalIdentityOf(certificate);
  const recalled =
    named === undefined || named === same
      ? others.filter((known) => sameLogicalIdentity(logicalIdentityOf(known.certificate), identity))
      : [named];
  return {
    by: 'same',
    usages: same.usages,
    predecessors: facts.kind === 'replace' ? recalled : [],
    message: 'it is on file already',
  };
}

/** The most exact entry that fits; what serves its usages now is what the certificate follows. */
function matchEntry(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const ranks = ['full', 'partial', 'common-name'] as const;
  const fitting = facts.entries
    .flatMap((entry) => {
      const result = entryMatches(readEntry(entry), certificate);
      return result.matches ? [{ entry, rank: ranks.indexOf(result.exactness) }] : [];
    })
    .sort((a, b) => a.rank - b.rank);
  const best = fitting[0]?.entry;
  if (best === undefined) return undefined;
  return {
    by: 'entry',
    usages: best.usages,
    predecessors: facts.onFile.filter(
      (known) =>
        (facts.kind === 'replace' ? isInUse(known) : isCurrent(known)) &&
        known.usages.some((usage) => best.usages.includes(usage)),
    ),
    message: `it fits the identification entry '${best.subject}'`,
  };
}

function readEntry({ subject, issuer, keyUsage, extendedKeyUsage }: IdentificationEntry) {
  return {
    subject: parseDistinguishedName(subject),
    issuer: parseDistinguishedName(issuer.subject),
    ...(keyUsage === undefined ? {} : { keyUsage }),
    ...(extendedKeyUsage === undefined ? {} : { extendedKeyUsage }),
  };
}

/** A description that is no CLID, or a damaged one, names nothing: the other ways to match remain. */
function clidOf(description: string): Clid | undefined {
  try {
    return readClid(description);
  } catch (thrown) {
    if (isPkiError(thrown)) return undefined;
    throw thrown;
  }
}

function isCurrent(known: CertificateOnFile): boolean {
  return known.state === 'current';
}

function isInUse(known: CertificateOnFile): boolean {
  return known.state === 'current' || known.state === 'accepted' || known.state === 'scheduled';
}

function usagesOf(known: readonly CertificateOnFile[]): Usage[] {
  return [...new Set(known.flatMap(({ usages }) => usages))];
}
