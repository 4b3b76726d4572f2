import {
  distributionPointsExtension,
  TestAuthority,
  testCa,
  testSelfSigned,
  unknownCriticalExtension,
} from '@certlane/pki/testing';
import type { Certificate } from '@certlane/pki';
import { describe, expect, it } from '@jest/globals';
import { admitIssuers } from './admission.js';

const now = new Date('2026-06-01T00:00:00Z');
const { root, authority, issue } = testCa({ now });
const base64 = ({ der }: Certificate) => Buffer.from(der).toString('base64');

describe('an issuer', () => {
  it('is the certificate of an authority, a root or one below it', () => {
    const [first, second] = admitIssuers([base64(root.certificate), base64(authority.certificate)], now);
    expect(first?.fingerprint).toBe(root.certificate.fingerprint);
    expect(second?.der).toEqual(authority.certificate.der);
  });

  it('may be an authority without a key usage, and one that begins later', () => {
    const free = TestAuthority.root('Free', now, { keyUsage: 'none', future: true });
    expect(admitIssuers([base64(free.certificate)], now)).toHaveLength(1);
  });

  it('may be a root that is signed with SHA-1: nothing rests on its own signature', () => {
    expect(admitIssuers([base64(TestAuthority.root('Old', now, { weak: 'sha1' }).certificate)], now)).toHaveLength(1);
  });

  it('may have critical extensions that say where to learn of its revocation', () => {
    const points = [{ names: ['uri:http://crl.example.com/root.crl'] }];
    const extensions = [distributionPointsExtension(points, 'cRLDistributionPoints', true)];
    expect(admitIssuers([base64(root.subordinate('Points', { extensions }).certificate)], now)).toHaveLength(1);
  });

  it.each([
    ['an end-entity certificate', issue().certificate, /not the certificate of an authority/],
    ['a self-signed end-entity certificate', testSelfSigned(now).certificate, /not the certificate of an authority/],
    [
      'one marked as no authority',
      root.subordinate('No', { basicConstraints: { ca: false, pathLength: undefined } }).certificate,
      /not the certificate of an authority/,
    ],
    [
      'one that may not sign certificates',
      root.subordinate('Crl', { keyUsage: ['cRLSign'] }).certificate,
      /key usage \(cRLSign\).*keyCertSign/,
    ],
    [
      'an expired one',
      root.subordinate('Late', { expired: true }).certificate,
      /has expired on 2026-05-31.* current certificate/,
    ],
    [
      'one with a small key',
      root.subordinate('Small', { weak: 'rsa-1024', key: testSelfSigned(now, { weak: 'rsa-1024' }).privateKey })
        .certificate,
      /RSA key has 1024 bits/,
    ],
    ['one below a root that is signed with SHA-1', root.subordinate('Sha1', { weak: 'sha1' }).certificate, /too weak/],
    [
      'one with an unknown critical extension',
      root.subordinate('Odd', { extensions: [unknownCriticalExtension()] }).certificate,
      /unknown critical extension/,
    ],
    [
      'one without a name',
      TestAuthority.root('', now, { subject: '' }).certificate,
      /subject or issuer is empty or longer/,
    ],
  ])('is not %s', (_name, certificate, words) => {
    expect(() => admitIssuers([base64(root.certificate), base64(certificate)], now)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        details: { field: 'certificates.1' },
        message: expect.stringMatching(words),
      }),
    );
  });

  it('is not something that cannot be read', () => {
    expect(() => admitIssuers([Buffer.from('hello').toString('base64')], now)).toThrow(
      /certificates\.0: this is no certificate/,
    );
  });
});
