import type { CertificateSummary, DecisionRecord, ValidationVerdict } from '@certlane/contracts';

/** A fingerprint that is easy to find in a text. */
export function fingerprint(letter: string): string {
  return letter.repeat(64);
}

/** A certificate as lists show it. */
export function summary(letter: string, subject: string, parts: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    fingerprint: fingerprint(letter),
    subject,
    issuer: 'CN=Beta CA',
    serialNumber: `0${letter}`,
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    keyUsage: 'a0',
    extendedKeyUsage: [],
    ...parts,
  };
}

/** A verdict that trusts, over a path of three. */
export function verdict(parts: Partial<ValidationVerdict> = {}): ValidationVerdict {
  return {
    trusted: true,
    message: 'a valid path ends at an authority we trust',
    path: [fingerprint('a'), fingerprint('b'), fingerprint('c')],
    anchor: { fingerprint: fingerprint('c'), by: 'operator' },
    checks: [{ check: 'dates', ok: true, message: 'all are valid now' }],
    revocation: { status: 'good', message: 'no list names it' },
    otherPaths: [],
    notChecked: [],
    standsOn: { version: 12, trustLists: [], revocationLists: [] },
    ...parts,
  };
}

/** A decision that takes a certificate over. */
export function decision(parts: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    at: '2026-11-23T12:00:00Z',
    by: 'service:cert-exchange',
    outcome: 'accepted',
    message: 'taken over',
    checks: [{ check: 'readable', ok: true, message: 'one certificate' }],
    inputs: {
      acx: true,
      acceptance: 'known',
      selfSigned: 'never',
      revocation: 'warn',
      twoPerson: false,
      weakKeys: false,
      originator: 'O0177BETA',
      kind: 'deliver',
      description: '',
      inBypass: false,
      revision: '7',
      entries: 1,
      onFile: [],
    },
    ...parts,
  };
}
