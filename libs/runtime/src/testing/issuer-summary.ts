import type { CertificateSummary } from '@certlane/contracts';

/** An issuer as events and replies name it, of no certificate that exists. */
export const issuerSummary: CertificateSummary = {
  fingerprint: 'ab'.repeat(32),
  subject: 'CN=Root',
  issuer: 'CN=Root',
  serialNumber: '1',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  extendedKeyUsage: [],
};
