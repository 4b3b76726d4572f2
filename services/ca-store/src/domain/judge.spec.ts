import { ca, usages } from '@certlane/contracts';
import { TestAuthority, testCa, testSelfSigned } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { judge, type Case } from './judge.js';

const now = new Date('2026-06-01T00:00:00Z');
const acme = testCa({ now });
const other = testCa({ name: 'Other', now });
const sound = acme.issue().certificate;

const verdict = (changes: Partial<Case> = {}) =>
  judge({
    certificate: sound,
    chain: [],
    issuers: [acme.authority.certificate],
    at: now,
    usage: undefined,
    ...changes,
  });
const failed = (changes: Partial<Case>) => verdict(changes).checks.flatMap(({ check, ok }) => (ok ? [] : [check]));

describe('the verdict', () => {
  it('trusts a certificate of an installed issuer, names the path and what it did not look at', () => {
    expect(verdict()).toMatchObject({
      trusted: true,
      message: 'the certificate ends at an installed issuer: "Acme OFTP2 CA" is installed.',
      path: [sound.fingerprint, acme.authority.certificate.fingerprint],
      notChecked: expect.arrayContaining(['revocation', 'usage']),
    });
    expect(verdict().checks.every(({ ok }) => ok)).toBe(true);
  });

  it('fits the contract', () => {
    expect(ca.certificateValidate.reply.parse({ verdict: verdict() }).verdict.trusted).toBe(true);
  });

  it('finds its way through certificates that came along', () => {
    const through = {
      issuers: [acme.root.certificate],
      chain: [acme.authority.certificate, other.authority.certificate],
    };
    expect(verdict(through)).toMatchObject({ trusted: true, path: { length: 3 } });
    expect(verdict({ ...through, chain: [] })).toMatchObject({ trusted: false, path: [] });
  });

  it.each<[string, Partial<Case>, string]>([
    ['nothing is installed', { issuers: [] }, 'issuer-known'],
    ['only another issuer is installed', { issuers: [other.authority.certificate] }, 'issuer-known'],
    [
      'the issuer only came along',
      { issuers: [], chain: [acme.authority.certificate, acme.root.certificate] },
      'issuer-known',
    ],
    ['it is self-signed', { certificate: testSelfSigned(now).certificate }, 'issuer-known'],
    ['it is installed itself, as if it were an issuer', { issuers: [sound] }, 'issuer-known'],
    ['it has expired', { certificate: acme.issue({ expired: true }).certificate }, 'validity'],
    ['its time has not come', { certificate: acme.issue({ future: true }).certificate }, 'validity'],
    [
      'the issuer has expired',
      { issuers: [acme.root.subordinate('Acme OFTP2 CA', { expired: true }).certificate] },
      'validity',
    ],
    ['it was judged before its time', { at: new Date('2020-01-01T00:00:00Z') }, 'validity'],
    [
      'another key signed it',
      { certificate: acme.issue({ signedWith: other.root.privateKey }).certificate },
      'signature',
    ],
    ['its key is small', { certificate: acme.issue({ weak: 'rsa-1024' }).certificate }, 'strength'],
    ['an authority between is weak', weakBetween(), 'strength'],
    [
      'its key usage does not allow what it is asked for',
      { certificate: acme.issue({ keyUsage: ['digitalSignature'] }).certificate, usage: 'file-encryption' },
      'usage',
    ],
  ])('does not trust when %s', (_name, changes, check) => {
    expect(failed(changes)).toContain(check);
    expect(verdict(changes).trusted).toBe(false);
    expect(verdict(changes).message).not.toBe('');
  });

  it('says which issuer is missing and how to install it', () => {
    expect(verdict({ issuers: [] }).message).toMatch(/"CN=Acme OFTP2 CA,.*" .* not installed\..*certlane issuer add/);
  });

  it.each(usages)('lets a certificate of the OFTP2 profile serve %s', (usage) => {
    const { trusted, notChecked } = verdict({ usage });
    expect(trusted).toBe(true);
    expect(notChecked).not.toContain('usage');
  });

  it('does not hold a missing key usage against a certificate', () => {
    expect(
      verdict({ certificate: acme.issue({ keyUsage: 'none' }).certificate, usage: 'file-signature' }).trusted,
    ).toBe(true);
  });
});

function weakBetween(): Partial<Case> {
  const root = TestAuthority.root('Weak Root', now);
  const between = root.subordinate('Weak Between', { weak: 'sha1' });
  return { certificate: between.issue().certificate, chain: [between.certificate], issuers: [root.certificate] };
}
