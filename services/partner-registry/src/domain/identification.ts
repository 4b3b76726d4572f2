import { createHash } from 'node:crypto';
import { CertlaneError, registryEvents, type IdentificationEntry, type Usage } from '@certlane/contracts';
import {
  COMMON_NAME,
  formatDistinguishedName,
  isPkiError,
  keyUsageFromHex,
  parseDistinguishedName,
  sameNameSet,
  type DistinguishedName,
} from '@certlane/pki';
import { fact, unchanged, type Change } from './change.js';
import { LIMITS, octetsOf, type PartnerRecord } from './records.js';

/** Identification data as an operator enters it; the issuer is one that is installed. */
export interface Identification {
  readonly subject: string;
  readonly issuer: { readonly fingerprint: string; readonly subject: string };
  readonly keyUsage?: string | undefined;
  readonly extendedKeyUsage?: readonly string[] | undefined;
  readonly usages: readonly Usage[];
  /** Who enters it; absent where nobody says. */
  readonly enteredBy?: string | undefined;
}

/**
 * Makes the entry for identification data: a subject without `=` is a common name; name, key usage and purposes are brought
 * into one form, so that the same data always gives the same entry and the same id.
 * @throws {CertlaneError} `invalid-argument` naming what cannot be read
 */
export function makeEntry(asked: Identification, now: Date): IdentificationEntry {
  const keyUsage = asked.keyUsage === undefined ? undefined : keyUsageFromHex(asked.keyUsage).hex;
  if (keyUsage === '') {
    throw refused('keyUsage', `"${asked.keyUsage ?? ''}" names no key usage; leave it out where any will do`);
  }
  const extendedKeyUsage = [...new Set(asked.extendedKeyUsage ?? [])].sort();
  const subject = formatDistinguishedName(readSubject(asked.subject));
  if (subject.length > LIMITS.subject) {
    throw refused('subject', `written out it has ${subject.length} characters; at most ${LIMITS.subject} are kept`);
  }
  const parts = {
    subject,
    issuer: { ...asked.issuer },
    ...(keyUsage === undefined ? {} : { keyUsage }),
    ...(extendedKeyUsage.length === 0 ? {} : { extendedKeyUsage }),
  };
  const digest = createHash('sha256').update(
    JSON.stringify([parts.subject, parts.issuer.fingerprint, keyUsage, extendedKeyUsage]),
  );
  return {
    id: digest.digest('hex').slice(0, 12),
    ...parts,
    usages: [...asked.usages],
    ...(asked.enteredBy === undefined ? {} : { enteredBy: asked.enteredBy }),
    createdAt: now.toISOString(),
  };
}

/** Reads a full or partial name; a text without `=` is the common name. */
function readSubject(text: string): DistinguishedName {
  const name = text.trim();
  if (name === '')
    throw refused('subject', 'it is empty; give a name such as CN=oftp2.example.com or the host name alone');
  if (!name.includes('=')) return [[{ type: COMMON_NAME, value: name }]];
  try {
    return parseDistinguishedName(name);
  } catch (error) {
    if (isPkiError(error)) throw refused('subject', error.message, error);
    throw error;
  }
}

/**
 * Enters an entry. The same identification again is no change.
 * @throws {CertlaneError} `already-exists` where the same identification serves other usages; `failed-precondition` when the
 *   partner has as many entries as it may
 */
export function identify(partner: PartnerRecord, entry: IdentificationEntry): Change<PartnerRecord> {
  const known = partner.entries.find((one) => sameIdentification(one, entry));
  if (known !== undefined) {
    if (known.usages.join() === entry.usages.join()) return unchanged(partner);
    throw new CertlaneError(
      'already-exists',
      `usages: entry ${known.id} identifies the same certificate for ${known.usages.join(', ')}: take it out first (certlane partner unidentify), then enter it with all its usages`,
      { details: { field: 'usages', entry: known.id } },
    );
  }
  if (partner.entries.length >= LIMITS.entries) {
    throw new CertlaneError(
      'failed-precondition',
      `partner ${partner.id} of station ${partner.station} has ${LIMITS.entries} identification entries: take out those that are no longer needed`,
    );
  }
  const octets = [...partner.entries, entry].reduce((sum, one) => sum + octetsOf(one), 0);
  if (octets > LIMITS.entryOctets) {
    throw new CertlaneError(
      'failed-precondition',
      `subject: the identification entries of partner ${partner.id} of station ${partner.station} would take ${octets} octets; at most ${LIMITS.entryOctets} are kept: take out those that are no longer needed, or name less of the subject`,
      { details: { field: 'subject' } },
    );
  }
  return {
    record: { ...partner, entries: [...partner.entries, entry] },
    facts: [fact(registryEvents.partnerIdentified, { station: partner.station, partner: partner.id, entry })],
  };
}

/** The entry as it stands on file for identification data that was entered. */
export function entryLike(partner: PartnerRecord, entry: IdentificationEntry): IdentificationEntry {
  return partner.entries.find((one) => sameIdentification(one, entry)) ?? entry;
}

/**
 * Takes an entry out.
 * @throws {CertlaneError} `not-found`
 */
export function unidentify(partner: PartnerRecord, id: string): Change<PartnerRecord> {
  if (!partner.entries.some((entry) => entry.id === id)) {
    throw new CertlaneError(
      'not-found',
      `entry: partner ${partner.id} of station ${partner.station} has no identification entry "${id}"`,
      { details: { field: 'entry' } },
    );
  }
  return {
    record: { ...partner, entries: partner.entries.filter((entry) => entry.id !== id) },
    facts: [fact(registryEvents.partnerUnidentified, { station: partner.station, partner: partner.id, entry: id })],
  };
}

function sameIdentification(a: IdentificationEntry, b: IdentificationEntry): boolean {
  return (
    a.issuer.fingerprint === b.issuer.fingerprint &&
    a.keyUsage === b.keyUsage &&
    (a.extendedKeyUsage ?? []).join() === (b.extendedKeyUsage ?? []).join() &&
    sameNameSet(parseDistinguishedName(a.subject), parseDistinguishedName(b.subject))
  );
}

function refused(field: string, message: string, cause?: unknown): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field }, cause });
}
