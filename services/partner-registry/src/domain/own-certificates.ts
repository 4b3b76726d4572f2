import { createHash } from 'node:crypto';
import {
  CertlaneError,
  registryEvents,
  usages,
  type CertificateSummary,
  type ErrorCode,
  type Usage,
} from '@certlane/contracts';
import { certificatesAbove } from '@certlane/pki';
import { receiveCertificate, type ReceivedCertificate } from './certificate-facts.js';
import { fact, unchanged, type Change } from './change.js';
import { LIMITS, type OwnCertificateFacts, type StationRecord } from './records.js';
import { phaseAt } from './usage-line.js';

/** A certificate of ours with the certificates above it, read. */
export interface ReceivedOwnCertificate extends ReceivedCertificate {
  /** Base64 of the DER of each, from its issuer upwards. */
  readonly chain: readonly string[];
}

/**
 * Reads a certificate of ours that is to be put on file.
 * @throws {CertlaneError} `invalid-argument` for octets that are no certificate, a key that is not the one named, or a chain
 *   that is too long to be kept or holds what is not above the certificate
 */
export function receiveOwnCertificate(input: {
  readonly certificate: string;
  readonly chain: readonly string[];
  readonly keyId: string;
}): ReceivedOwnCertificate {
  const received = receiveCertificate('certificate', input.certificate);
  const chain = input.chain.map((one, index) => receiveCertificate(`chain.${index}`, one));
  const keyId = createHash('sha256').update(received.parsed.publicKey.spki).digest('hex');
  if (keyId !== input.keyId) {
    throw invalid('keyId', `${input.keyId} is not the key pair of this certificate, which is ${keyId}`);
  }
  requireSize('certificate', 'the certificate', received.der.length, LIMITS.ownCertificateText);
  const text = [received, ...chain].reduce((sum, { der }) => sum + der.length, 0);
  requireSize('chain', 'certificate and chain', text, LIMITS.ownChainText);
  return { ...received, chain: chainOf(received, chain) };
}

/** What is sent along in TLS: a certificate that does not belong there would make partners fail. */
function chainOf({ parsed }: ReceivedCertificate, given: readonly ReceivedCertificate[]): string[] {
  const above = certificatesAbove(
    parsed,
    given.map((one) => one.parsed),
  );
  const belong = new Set([parsed, ...above].map(({ fingerprint }) => fingerprint));
  const stray = given.findIndex((one) => !belong.has(one.parsed.fingerprint));
  if (stray >= 0) {
    const subject = given[stray]?.summary.subject ?? '';
    throw invalid(
      'chain',
      `chain.${stray} (${subject}) is not above this certificate: it signed neither that nor one above it; leave it out`,
    );
  }
  return above.map(({ der }) => Buffer.from(der).toString('base64'));
}

function requireSize(field: string, what: string, characters: number, most: number): void {
  if (characters <= most) return;
  throw invalid(
    field,
    `${what} would take ${characters} characters of base64; at most ${most} are kept: use a smaller one`,
  );
}

/** The certificate of a station with this fingerprint. */
export function ownCertificateOf(station: StationRecord, fingerprint: string): OwnCertificateFacts | undefined {
  return station.certificates.find((one) => one.fingerprint === fingerprint);
}

/**
 * Puts a certificate of ours on file. When the file is full, the oldest expired one that is not active makes room.
 * @throws {CertlaneError} `failed-precondition` when all on file are still good
 */
export function addOwnCertificate(
  station: StationRecord,
  summary: CertificateSummary,
  keyId: string,
  now: Date,
): Change<StationRecord> {
  if (ownCertificateOf(station, summary.fingerprint) !== undefined) return unchanged(station);
  const { fingerprint, notBefore, notAfter } = summary;
  const kept = station.certificates.length < LIMITS.ownCertificates ? station : withoutOldestExpired(station, now);
  return {
    record: { ...kept, certificates: [...kept.certificates, { fingerprint, keyId, notBefore, notAfter }] },
    facts: [fact(registryEvents.ownCertificateAdded, { station: station.id, certificate: summary })],
  };
}

function withoutOldestExpired(station: StationRecord, now: Date): StationRecord {
  const active = Object.values(station.active);
  const dropped = station.certificates.find(
    (one) => phaseAt(one, now) === 'expired' && !active.includes(one.fingerprint),
  );
  if (dropped === undefined) {
    throw new CertlaneError(
      'failed-precondition',
      `station ${station.id} has ${LIMITS.ownCertificates} certificates on file and none of them has expired: no more can be added`,
    );
  }
  return { ...station, certificates: station.certificates.filter((one) => one !== dropped) };
}

/**
 * Chooses what the station uses and sends. Partners that have acknowledged another one keep it until they acknowledge this.
 * @throws {CertlaneError} `not-found` for one that is not on file; `failed-precondition` outside its validity
 */
export function activate(
  station: StationRecord,
  fingerprint: string,
  asked: readonly Usage[],
  now: Date,
): Change<StationRecord> {
  requireUsable(station, fingerprint, now);
  const switched = asked.filter((usage) => station.active[usage] !== fingerprint);
  if (switched.length === 0) return unchanged(station);
  const active = { ...station.active };
  const formerly = { ...station.formerly };
  for (const usage of switched) {
    const before = [active[usage], ...(formerly[usage] ?? [])].filter((one) => one !== undefined);
    formerly[usage] = before.filter((one) => one !== fingerprint).slice(0, LIMITS.formerOwn);
    active[usage] = fingerprint;
  }
  return {
    record: { ...station, active, formerly },
    facts: [fact(registryEvents.ownCertificateActivated, { station: station.id, fingerprint, usages: switched })],
  };
}

function requireUsable(station: StationRecord, fingerprint: string, now: Date): void {
  const found = ownCertificateOf(station, fingerprint);
  if (found === undefined) throw unknownOwnCertificate(station.id, fingerprint);
  const phase = phaseAt(found, now);
  if (phase === 'expired') {
    throw new CertlaneError(
      'failed-precondition',
      `certificate ${fingerprint} of station ${station.id} has expired on ${found.notAfter}: create or import a new one and activate that`,
      { details: { field: 'fingerprint' } },
    );
  }
  if (phase === 'scheduled') {
    throw new CertlaneError(
      'failed-precondition',
      `certificate ${fingerprint} of station ${station.id} is valid only from ${found.notBefore}: activate it then`,
      { details: { field: 'fingerprint' } },
    );
  }
}

/** The refusal of a fingerprint that names no certificate of the station. */
export function unknownOwnCertificate(station: string, fingerprint: string): CertlaneError {
  return new CertlaneError(
    'not-found',
    `station ${station} has no certificate ${fingerprint}: certlane certificate list --station ${station} shows those it has`,
    { details: { field: 'fingerprint' } },
  );
}

/** The refusal of a key pair that is not on file. */
export function unknownKey(station: string, keyId: string, code: ErrorCode): CertlaneError {
  return new CertlaneError(
    code,
    `keyId: station ${station} has no key pair ${keyId}: make the key here (certlane certificate create) or import the certificate together with its key`,
    { details: { field: 'keyId' } },
  );
}

function invalid(field: string, message: string): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field } });
}

/** For which usages a certificate is active. */
export function activeFor(station: StationRecord, fingerprint: string): Usage[] {
  return usages.filter((usage) => station.active[usage] === fingerprint);
}
