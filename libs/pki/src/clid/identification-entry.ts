import { type Certificate, keyUsageFromHex } from '../certificate/index.js';
import { COMMON_NAME } from '../names/attribute-types.js';
import {
  type DistinguishedName,
  formatDistinguishedName,
  isCommonNameOnly,
  nameIncludes,
  parseDistinguishedName,
  sameNameSet,
} from '../names/index.js';
import { PkiError } from '../errors.js';

/** What an operator knows about a partner's certificate before it has arrived. */
export interface IdentificationEntry {
  /** The whole subject, a part of it, or the common name alone. */
  readonly subject: DistinguishedName;
  /** The whole name of an installed issuer. */
  readonly issuer: DistinguishedName;
  /** Key usages the partner must have, hex as in CLID `B`; more are allowed. */
  readonly keyUsage?: string | undefined;
  /** Purposes (dotted) the certificate must have; more are allowed. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
}

/** How much of the subject an entry named: of several entries that match, the most exact counts. */
export type MatchExactness = 'full' | 'partial' | 'common-name';

/** Whether an entry matches a certificate, and if not, why. */
export type EntryMatch =
  | { readonly matches: true; readonly exactness: MatchExactness }
  | {
      readonly matches: false;
      readonly reason: 'subject' | 'issuer' | 'key-usage' | 'extended-key-usage';
      /** A sentence for people, with both sides. */
      readonly message: string;
    };

/**
 * The subject an operator typed: a DN in full or part, or a bare common name such as `oftp2.example.com`.
 * @throws PkiError `name-malformed`
 */
export function parseIdentifiedSubject(text: string): DistinguishedName {
  const trimmed = text.trim();
  if (trimmed === '')
    throw new PkiError('name-malformed', 'The subject is empty; give a common name or a distinguished name.');
  return trimmed.includes('=') ? parseDistinguishedName(trimmed) : [[{ type: COMMON_NAME, value: trimmed }]];
}

/** Matches an identification entry against a certificate: subject, issuer, key usages, purposes; the first "no" is told. */
export function entryMatches(entry: IdentificationEntry, certificate: Certificate): EntryMatch {
  // An empty subject names nobody, also where a certificate has one.
  const full = entry.subject.length > 0 && sameNameSet(entry.subject, certificate.subject);
  if (!full && !nameIncludes(certificate.subject, entry.subject)) {
    return no(
      'subject',
      'subject',
      formatDistinguishedName(certificate.subject),
      formatDistinguishedName(entry.subject),
    );
  }
  if (!sameNameSet(entry.issuer, certificate.issuer)) {
    return no('issuer', 'issuer', formatDistinguishedName(certificate.issuer), formatDistinguishedName(entry.issuer));
  }
  const wanted = entry.keyUsage === undefined ? [] : keyUsageFromHex(entry.keyUsage).flags;
  const flags = certificate.keyUsage?.flags ?? [];
  if (!wanted.every((flag) => flags.includes(flag))) {
    return no('key-usage', 'key usage', flags.join(', ') || 'none', wanted.join(', '));
  }
  const purposes = certificate.extendedKeyUsage ?? [];
  if (!(entry.extendedKeyUsage ?? []).every((purpose) => purposes.includes(purpose))) {
    return no(
      'extended-key-usage',
      'extended key usage',
      purposes.join(', ') || 'none',
      entry.extendedKeyUsage?.join(', ') ?? '',
    );
  }
  return { matches: true, exactness: full ? 'full' : isCommonNameOnly(entry.subject) ? 'common-name' : 'partial' };
}

type Mismatch = Extract<EntryMatch, { readonly matches: false }>;

function no(reason: Mismatch['reason'], field: string, found: string, wanted: string): Mismatch {
  return {
    matches: false,
    reason,
    message: `The certificate's ${field} is "${found}"; the identification data wants "${wanted}".`,
  };
}
