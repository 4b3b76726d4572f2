import type { CertificateSummary, ValidationVerdict } from '@certlane/contracts';

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

/** A verdict that nobody has looked for. */
export const noVerdict: ValidationVerdict = {
  trusted: false,
  reason: 'issuer-unknown',
  message: 'not looked at',
  path: [],
  checks: [],
  revocation: { status: 'not-checked', message: 'not looked at' },
  otherPaths: [],
  notChecked: [],
  standsOn: { version: 0, trustLists: [], revocationLists: [] },
};
