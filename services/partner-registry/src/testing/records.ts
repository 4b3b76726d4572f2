import { createHash } from 'node:crypto';
import { usages, usualTrust, type CertificateSummary, type IdentificationEntry, type Usage } from '@certlane/contracts';
import type { CertificateFacts } from '../domain/certificate-facts.js';
import type { OwnCertificateFacts, PartnerRecord, StationRecord } from '../domain/records.js';
import type { TakeOver } from '../domain/take-over.js';

/** Day 0 of the tests; certificates and clocks are told in days from it. */
const DAY_ZERO = Date.UTC(2026, 0, 1);

export const day = (n: number): Date => new Date(DAY_ZERO + n * 86_400_000);

export const ALL: readonly Usage[] = usages;

export const fingerprintOf = (name: string): string => createHash('sha256').update(name).digest('hex');

/** A certificate that exists as facts only, valid from one day to another. */
export function aCertificate(name: string, from = -10, to = 365): CertificateFacts {
  const summary: CertificateSummary = {
    fingerprint: fingerprintOf(name),
    subject: `CN=${name}`,
    issuer: 'CN=Test CA',
    serialNumber: fingerprintOf(name).slice(0, 16),
    notBefore: day(from).toISOString(),
    notAfter: day(to).toISOString(),
    extendedKeyUsage: [],
  };
  return { summary, der: Buffer.from(name).toString('base64') };
}

/** Identification data for all usages. */
export const anEntry: IdentificationEntry = {
  id: '0123456789ab',
  subject: 'CN=oftp.beta.example',
  issuer: { fingerprint: fingerprintOf('issuer'), subject: 'CN=Issuer' },
  usages: [...ALL],
  createdAt: day(-20).toISOString(),
};

/** A partner that is identified and has nothing on file: its bypass is open, and no time limits it. */
export function aPartner(changes: Partial<PartnerRecord> = {}): PartnerRecord {
  return {
    station: 'O0013000000ACME',
    id: 'O0177BETA',
    password: 'certlane.box.v1.partner',
    connection: null,
    secureAuthentication: true,
    acx: true,
    tlsClientAuthentication: false,
    challenge: { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' },
    ...usualTrust,
    bypassLimits: { ...usualTrust.bypassLimits, days: null },
    subStations: [],
    entries: [anEntry],
    certificates: [],
    lines: {},
    own: {},
    applied: [],
    declined: [],
    createdAt: day(-30).toISOString(),
    ...changes,
  };
}

export function aStation(changes: Partial<StationRecord> = {}): StationRecord {
  return {
    id: 'O0013000000ACME',
    password: 'certlane.box.v1.station',
    active: {},
    formerly: {},
    certificates: [],
    createdAt: day(-60).toISOString(),
    ...changes,
  };
}

export function anOwnCertificate(name: string, from = -10, to = 365): OwnCertificateFacts {
  return {
    fingerprint: fingerprintOf(name),
    keyId: fingerprintOf(`key of ${name}`),
    notBefore: day(from).toISOString(),
    notAfter: day(to).toISOString(),
  };
}

/** A take-over of a certificate by a deliver for all usages, unless told otherwise. */
export function aTakeOver(certificate: CertificateFacts, changes: Partial<TakeOver> = {}): TakeOver {
  const exchange = `deliver of ${certificate.summary.subject}`;
  return { exchange, kind: 'deliver', certificate, usages: ALL, predecessors: [], ...changes };
}
