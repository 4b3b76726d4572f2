import type { IdentificationEntry } from '@certlane/contracts';
import {
  entryMatches,
  logicalIdentityOf,
  parseDistinguishedName,
  sameLogicalIdentity,
  type Certificate,
} from '@certlane/pki';
import { chosenMatch } from './chosen-match.js';
import { readDescription } from './description.js';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';
import { followedBy, isCurrent, isInUse } from './followed.js';
import type { Match } from './match.js';
import { matchTrustList } from './trust-list-match.js';

/**
 * Finds what is known of a received certificate: what a person says of it, in a first exchange the entry for it, the same one on
 * file, the one its CLID names, one with the same logical identity, an identification entry, an authority of a trust list; the first
 * that fits decides. Undefined: nothing known fits, so nobody expects it.
 * @throws {CertlaneError} `invalid-argument` for a person's word that names what is not there
 */
export function findMatch(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  return (
    chosenMatch(facts, certificate) ??
    matchFirst(facts, certificate) ??
    matchOnFile(facts, certificate) ??
    matchEntries(facts, certificate) ??
    matchTrustList(facts, certificate)
  );
}

/**
 * A first exchange is for session authentication, and goes by identification data. What is on file for other usages, by hand or
 * since the bypass was reopened, must not keep the same certificate, or its renewal, from serving that as well.
 */
function matchFirst(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const authenticated = facts.onFile.some(({ usages }) => usages.includes('session-authentication'));
  if (!facts.inBypass || authenticated || certificate.selfIssued) return undefined;
  const found = matchEntries(facts, certificate);
  if (found?.usages.includes('session-authentication') !== true) return undefined;
  const others = found.predecessors.filter((known) => known.certificate.fingerprint !== certificate.fingerprint);
  return { ...found, predecessors: others };
}

function matchOnFile(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const { named } = readDescription(facts);
  const same = facts.onFile.find((known) => known.certificate.fingerprint === certificate.fingerprint);
  if (same !== undefined) return matchSame(facts, certificate, same, named);
  if (named !== undefined) {
    return {
      by: 'clid',
      entries: [],
      usages: named.usages,
      predecessors: [named],
      message: 'the description names the certificate on file that it follows',
    };
  }
  const identity = logicalIdentityOf(certificate);
  const alike = facts.onFile.filter((known) => sameLogicalIdentity(logicalIdentityOf(known.certificate), identity));
  if (alike.length === 0) return undefined;
  return {
    by: 'logical-identity',
    entries: [],
    usages: [...new Set(alike.flatMap(({ usages }) => usages))],
    predecessors: alike.filter(facts.kind === 'replace' ? isInUse : isCurrent),
    message: 'it has the logical identity of a certificate on file',
  };
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
    entries: [],
    usages: same.usages,
    predecessors: facts.kind === 'replace' ? recalled : [],
    message: 'it is on file already',
  };
}

const ranks = ['full', 'partial', 'common-name'] as const;

/** The most exact entry that fits. Of several that are equally exact none is the one: a person says which was meant. */
function matchEntries(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const fitting = facts.entries.flatMap((entry) => {
    const result = entryMatches(readEntry(entry), certificate);
    return result.matches ? [{ entry, rank: ranks.indexOf(result.exactness) }] : [];
  });
  const best = Math.min(...fitting.map(({ rank }) => rank));
  const entries = fitting.filter(({ rank }) => rank === best).map(({ entry }) => entry);
  const [first, ...others] = entries;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    const names = entries.map(({ id, subject, usages }) => `${id} ('${subject}' for ${usages.join(', ')})`);
    return {
      by: 'entry',
      entries,
      usages: [],
      predecessors: [],
      message: `${entries.length} identification entries fit it equally well: ${names.join('; ')}`,
    };
  }
  return {
    by: 'entry',
    entries,
    usages: first.usages,
    predecessors: followedBy(facts, first.usages),
    message: `it fits the identification entry '${first.subject}'`,
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
