import { ca, usages, type ValidationFailure } from '@certlane/contracts';
import { type Certificate, formatDistinguishedName, KEY_PURPOSE } from '@certlane/pki';
import {
  distributionPointsExtension,
  TestAuthority,
  testCa,
  testOcspResponse,
  testRevocationList,
  testSelfSigned,
  unknownCriticalExtension,
} from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import {
  anAnswer,
  anIssuer,
  aRevocationList,
  aTrustList,
  aTrustView,
  type Holding,
} from '../../testing/a-trust-view.js';
import { judge, type Case } from './judge.js';

const now = new Date('2026-06-01T00:00:00Z');
const acme = testCa({ now });
const other = testCa({ name: 'Other', now });
const authority = acme.authority.certificate;
const root = acme.root.certificate;
const sound = acme.issue().certificate;
const weakRoot = TestAuthority.root('Weak Root', now);
const installed = (...certificates: Certificate[]): Holding => ({ issuers: certificates.map((one) => anIssuer(one)) });

const judged = (held: Holding = installed(authority), changes: Partial<Case> = {}) =>
  judge({
    certificate: sound,
    chain: [],
    view: aTrustView(held),
    at: now,
    usage: undefined,
    revocation: 'off',
    weakKeys: false,
    maximumAgeDays: 15,
    ...changes,
  });
const verdict = (held?: Holding, changes?: Partial<Case>) => judged(held, changes).verdict;
const failed = (held: Holding, changes: Partial<Case>) =>
  verdict(held, changes).checks.flatMap(({ check, ok }) => (ok ? [] : [check]));

describe('the verdict', () => {
  it('trusts a certificate of an installed issuer, names the path, what it stands on and what it did not look at', () => {
    expect(verdict(installed(authority), {})).toMatchObject({
      trusted: true,
      message: 'The certificate ends at an installed issuer; whether it was revoked was not asked.',
      path: [sound.fingerprint, authority.fingerprint],
      anchor: { fingerprint: authority.fingerprint, by: 'operator' },
      revocation: { status: 'not-checked' },
      notChecked: expect.arrayContaining(['revocation', 'usage', 'host-name']),
      standsOn: { version: 1, trustLists: [], revocationLists: [] },
    });
    expect(verdict().reason).toBeUndefined();
    expect(verdict().checks.every(({ ok }) => ok)).toBe(true);
  });

  it('fits the contract, trusted or not', () => {
    for (const held of [installed(authority), {}])
      expect(ca.certificateValidate.reply.parse({ verdict: verdict(held) }).verdict.path).toBeDefined();
  });

  it('finds its way through certificates that came along, and through those kept for verification only', () => {
    const through = { chain: [authority, other.authority.certificate] };
    expect(verdict(installed(root), through)).toMatchObject({
      trusted: true,
      path: { length: 3 },
      authorities: [authority, root].map(({ subject }) => formatDistinguishedName(subject)),
    });
    expect(verdict(installed(root), {})).toMatchObject({ trusted: false, path: [], reason: 'issuer-unknown' });
    const kept = { issuers: [anIssuer(root), anIssuer(authority, 'verification-only')] };
    expect(verdict(kept, {})).toMatchObject({ trusted: true, path: { length: 3 } });
  });

  it.each<[string, Holding, Partial<Case>, string, ValidationFailure]>([
    ['nothing is installed', {}, {}, 'issuer-known', 'issuer-unknown'],
    ['only another issuer is installed', installed(other.root.certificate), {}, 'issuer-known', 'issuer-unknown'],
    ['the issuer only came along', {}, { chain: [authority, root] }, 'issuer-known', 'issuer-unknown'],
    [
      'its issuer is kept for verification only',
      { issuers: [anIssuer(authority, 'verification-only')] },
      {},
      'issuer-known',
      'issuer-unknown',
    ],
    [
      'it is self-signed',
      installed(authority),
      { certificate: testSelfSigned(now).certificate },
      'issuer-known',
      'issuer-unknown',
    ],
    ['it is installed itself, as if it were an issuer', installed(sound), {}, 'issuer-known', 'issuer-unknown'],
    [
      'it has expired',
      installed(authority),
      { certificate: acme.issue({ expired: true }).certificate },
      'validity',
      'path',
    ],
    [
      'its time has not come',
      installed(authority),
      { certificate: acme.issue({ future: true }).certificate },
      'validity',
      'path',
    ],
    [
      'the issuer has expired',
      installed(acme.root.subordinate('Acme OFTP2 CA', { expired: true }).certificate),
      {},
      'validity',
      'path',
    ],
    [
      'it was judged before its time',
      installed(authority),
      { at: new Date('2020-01-01T00:00:00Z') },
      'validity',
      'path',
    ],
    [
      'another key signed it',
      installed(authority),
      { certificate: acme.issue({ signedWith: other.root.privateKey }).certificate },
      'signature',
      'path',
    ],
    [
      'it has a critical extension that nobody knows',
      installed(authority),
      { certificate: acme.issue({ extensions: [unknownCriticalExtension()] }).certificate },
      'critical-extensions',
      'path',
    ],
    [
      'its key is small',
      installed(authority),
      { certificate: acme.issue({ weak: 'rsa-1024' }).certificate },
      'strength',
      'weak',
    ],
    [
      'its key is small and it has expired',
      installed(authority),
      { certificate: acme.issue({ weak: 'rsa-1024', expired: true }).certificate },
      'strength',
      'path',
    ],
    ['an authority between is weak', installed(weakRoot.certificate), weakBetween(), 'strength', 'weak'],
    [
      'its key usage does not allow what it is asked for',
      installed(authority),
      { certificate: acme.issue({ keyUsage: ['digitalSignature'] }).certificate, usage: 'file-encryption' },
      'usage',
      'usage',
    ],
  ])('does not trust when %s', (_name, held, changes, check, reason) => {
    expect(failed(held, changes)).toContain(check);
    expect(verdict(held, changes)).toMatchObject({ trusted: false, reason });
    expect(verdict(held, changes).message).not.toBe('');
  });

  it('says which issuer is missing and how to install it', () => {
    expect(verdict({}).message).toMatch(/"CN=Acme OFTP2 CA,.*" .* not installed\..*certlane issuer add/);
    const kept = { issuers: [anIssuer(authority, 'verification-only')] };
    expect(verdict(kept).message).toMatch(/installed for verification only; .*--purpose oftp2/);
  });

  it('finds the issuer among hundreds of the same name, installed or kept for verification', () => {
    const keys = Array.from({ length: 300 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const subject = 'CN=Everybody,O=Certlane Test,C=DE';
    const roots = keys.map((key) => TestAuthority.root('Everybody', now, { key, subject }));
    const issuers = roots.map(({ certificate }) => certificate);
    for (const issuer of [roots[0], roots[150], roots[299]]) {
      const certificate = issuer?.issue().certificate ?? sound;
      expect(verdict(installed(...issuers), { certificate })).toMatchObject({ trusted: true, path: { length: 2 } });
      const between = issuer?.subordinate('Between') ?? acme.authority;
      const below = { certificate: between.issue().certificate, chain: [between.certificate] };
      expect(verdict(installed(...issuers), below)).toMatchObject({ trusted: true, path: { length: 3 } });
    }
    const kept = { issuers: issuers.map((one) => anIssuer(one, 'verification-only')) };
    expect(verdict(kept, { certificate: roots[299]?.issue().certificate ?? sound })).toMatchObject({
      trusted: false,
      reason: 'issuer-unknown',
    });
  });

  it('lets weak keys pass where they are allowed, and says so', () => {
    const weak = { certificate: acme.issue({ weak: 'rsa-1024' }).certificate, weakKeys: true };
    expect(verdict(installed(authority), weak).trusted).toBe(true);
    expect(verdict(installed(authority), weak).checks).toContainEqual({
      check: 'strength',
      ok: true,
      message: expect.stringMatching(/too weak: its RSA key has 1024 bits.*; that is allowed here\./),
    });
  });

  it('takes a certificate whose distribution points are critical', () => {
    const points = distributionPointsExtension([{ names: ['uri:http://crl.example.com/a.crl'] }], undefined, true);
    const { certificate } = acme.issue({ extensions: [points] });
    expect(verdict(installed(authority), { certificate }).trusted).toBe(true);
  });
});

const { serverAuth, clientAuth, emailProtection, codeSigning, timeStamping } = KEY_PURPOSE;
const messages = ['session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'] as const;

describe('the usage', () => {
  it.each(usages)('%s suits a certificate of the OFTP2 profile', (usage) => {
    const { trusted, notChecked } = verdict(installed(authority), { usage });
    expect(trusted).toBe(true);
    expect(notChecked).not.toContain('usage');
    expect(notChecked).not.toContain('extended-key-usage');
  });

  it.each<[string, readonly string[] | 'none', readonly (typeof usages)[number][]]>([
    ['no extended key usage', 'none', usages],
    ['any purpose', ['2.5.29.37.0'], usages],
    ['a server alone', [serverAuth], usages],
    ['a client alone', [clientAuth], usages],
    ['mail', [emailProtection], messages],
    ['mail and code', [codeSigning, emailProtection], messages],
    ['code', [codeSigning], []],
    ['time stamps', [timeStamping, '1.2.3.4'], []],
  ])('of a certificate for %s', (_name, extendedKeyUsage, suits) => {
    const { certificate } = acme.issue({ extendedKeyUsage });
    const trusted = usages.filter((usage) => verdict(installed(authority), { certificate, usage }).trusted);
    expect(trusted).toEqual(suits);
  });

  it('is not held against a certificate without a key usage, and names what is missing', () => {
    const free = acme.issue({ keyUsage: 'none', extendedKeyUsage: 'none' }).certificate;
    expect(verdict(installed(authority), { certificate: free, usage: 'file-signature' }).trusted).toBe(true);
    const code = acme.issue({ extendedKeyUsage: [codeSigning] }).certificate;
    expect(verdict(installed(authority), { certificate: code, usage: 'tls' })).toMatchObject({
      reason: 'usage',
      message: 'The extended key usage (codeSigning) does not allow tls, which needs serverAuth or clientAuth.',
    });
  });
});

describe('a trust list', () => {
  const between = acme.authority.subordinate('Acme Below');
  const below = between.issue().certificate;
  const byRoot = acme.root.issue().certificate;
  const list = (level: 'basic' | 'oftp2', name = 'odette') => aTrustList(name, level, [[authority, root]], 42);
  const byList = { trusted: true, anchor: { by: 'trust-list', list: 'odette' } };
  const byHand = { trusted: true, anchor: { by: 'operator' } };
  const refused = { trusted: false, reason: 'not-by-listed-authority' };

  it.each<[string, Holding, Partial<Case>, object]>([
    ['vouches for what a listed authority issued', { trustLists: [list('oftp2')] }, {}, byList],
    [
      'of level oftp2 does not vouch for what an authority below it issued',
      { trustLists: [list('oftp2')] },
      { certificate: below, chain: [between.certificate] },
      { ...refused, message: expect.stringMatching(/An authority below "Service 1" issued it/) },
    ],
    [
      'of level basic does',
      { trustLists: [list('basic')] },
      { certificate: below, chain: [between.certificate] },
      { ...byList, path: { length: 3 } },
    ],
    [
      'of level basic does beside one of level oftp2',
      { trustLists: [list('oftp2', 'production'), list('basic')] },
      { certificate: below, chain: [between.certificate] },
      { ...byList, path: { length: 3 } },
    ],
    [
      'does not vouch for what the root of a listed authority issued',
      { trustLists: [list('basic')] },
      { certificate: byRoot },
      { ...refused, path: { length: 2 }, message: expect.stringMatching(/above "Service 1" issued it directly/) },
    ],
    [
      'says nothing of another authority below that root',
      { trustLists: [list('basic')] },
      { certificate: acme.root.subordinate('Acme Unlisted').issue().certificate },
      { trusted: false, reason: 'issuer-unknown' },
    ],
    [
      'does not stand against a root that is installed by hand, for what that issued',
      { trustLists: [list('oftp2')], ...installed(root) },
      { certificate: byRoot },
      byHand,
    ],
    [
      'does not stand against a root that is installed by hand, for what stands below the listed authority',
      { trustLists: [list('oftp2')], ...installed(root) },
      { certificate: below, chain: [between.certificate] },
      { ...byHand, path: { length: 4 } },
    ],
    [
      'does not stand against an authority that is installed by hand as well',
      { trustLists: [list('oftp2')], ...installed(authority) },
      { certificate: below, chain: [between.certificate] },
      { ...byHand, path: { length: 3 } },
    ],
    [
      'is named before the operator where both vouch',
      { trustLists: [list('oftp2')], ...installed(authority) },
      {},
      byList,
    ],
    [
      'does not make a root that is kept for verification an anchor',
      { trustLists: [list('oftp2')], issuers: [anIssuer(root, 'verification-only')] },
      { certificate: byRoot },
      refused,
    ],
    [
      'vouches for an authority that is also kept for verification',
      { trustLists: [list('oftp2')], issuers: [anIssuer(authority, 'verification-only')] },
      {},
      byList,
    ],
    ['that was never read vouches for nothing', { trustLists: [unread()] }, {}, { reason: 'issuer-unknown' }],
    [
      'does not make an expired certificate good',
      { trustLists: [list('oftp2')] },
      { certificate: acme.issue({ expired: true }).certificate },
      { trusted: false, reason: 'path' },
    ],
  ])('%s', (_name, held, changes, expected) => {
    expect(verdict(held, changes)).toMatchObject(expected);
  });

  it('is named in the verdict with its sequence number and level', () => {
    expect(verdict({ trustLists: [list('oftp2')] })).toMatchObject({
      message: expect.stringContaining('an authority of the trust list "odette"'),
      anchor: { fingerprint: authority.fingerprint, by: 'trust-list', list: 'odette', level: 'oftp2' },
      standsOn: { trustLists: [{ name: 'odette', sequenceNumber: 42 }] },
      checks: expect.arrayContaining([
        { check: 'issuer-known', ok: true, message: '"Acme OFTP2 CA" is in accord on the trust list "odette".' },
        { check: 'listed-authority', ok: true, message: expect.stringContaining('"Service 1"') },
      ]),
    });
  });

  function unread() {
    const { edition: _taken, ...rest } = list('oftp2');
    return rest;
  }
});

describe('revocation', () => {
  const url = 'http://crl.example.com/acme.crl';
  const points = distributionPointsExtension([{ names: [`uri:${url}`] }]);
  const { certificate } = acme.issue({ extensions: [points] });
  const { serialNumber } = certificate;
  const listed = (der: Uint8Array, held = installed(authority)): Holding => ({
    ...held,
    revocationLists: [aRevocationList(der, url)],
  });
  const good = testRevocationList(acme.authority, { number: 26 });
  const revoking = testRevocationList(acme.authority, { revoked: [{ serialNumber, reason: 'keyCompromise' }] });
  const old = testRevocationList(acme.authority, {
    thisUpdate: new Date('2026-05-01T00:00:00Z'),
    nextUpdate: new Date('2026-12-01T00:00:00Z'),
  });
  const answer = (status: 'good' | { at: Date }): Holding => ({
    ...installed(authority),
    answers: [anAnswer(certificate, authority, testOcspResponse(acme.authority, [{ certificate, status }]))],
  });

  it.each<[string, Holding, object, object]>([
    ['good on a list', listed(good), { trusted: true, revocation: { status: 'good' } }, { trusted: true }],
    [
      'revoked on a list',
      listed(revoking),
      { trusted: false, reason: 'revoked', revocation: { status: 'revoked', reason: 'keyCompromise' } },
      { trusted: false, reason: 'revoked' },
    ],
    [
      'undetermined without a list',
      installed(authority),
      {
        trusted: true,
        revocation: { status: 'undetermined' },
        message: expect.stringContaining('whether it was revoked is not known'),
      },
      { trusted: false, reason: 'revocation-undetermined' },
    ],
    [
      'undetermined with a list that is too old',
      listed(old),
      { trusted: true, revocation: { status: 'undetermined', message: expect.stringContaining('too old') } },
      { trusted: false, reason: 'revocation-undetermined' },
    ],
    [
      'undetermined with a list that another has signed',
      listed(testRevocationList(acme.authority, { signedWith: other.root.privateKey })),
      { trusted: true, revocation: { status: 'undetermined' } },
      { trusted: false, reason: 'revocation-undetermined' },
    ],
    ['good by OCSP', answer('good'), { trusted: true, revocation: { status: 'good' } }, { trusted: true }],
    [
      'revoked by OCSP',
      answer({ at: new Date('2026-05-30T00:00:00Z') }),
      { trusted: false, reason: 'revoked', revocation: { status: 'revoked', at: '2026-05-30T00:00:00.000Z' } },
      { trusted: false, reason: 'revoked' },
    ],
    [
      'what the list says where both speak',
      { ...answer('good'), ...listed(revoking) },
      { trusted: false, reason: 'revoked' },
      { trusted: false, reason: 'revoked' },
    ],
  ])('is %s', (_name, held, warn, fail) => {
    expect(verdict(held, { certificate, revocation: 'warn' })).toMatchObject(warn);
    expect(verdict(held, { certificate, revocation: 'fail' })).toMatchObject(fail);
    expect(verdict(held, { certificate, revocation: 'off' })).toMatchObject({
      trusted: true,
      revocation: { status: 'not-checked' },
      standsOn: { revocationLists: [] },
    });
  });

  it('of an authority in the path counts as well', () => {
    const revoked = testRevocationList(acme.root, { revoked: [authority.serialNumber] });
    const held = { ...installed(root), revocationLists: [aRevocationList(good), aRevocationList(revoked)] };
    expect(verdict(held, { certificate, chain: [authority], revocation: 'warn' })).toMatchObject({
      trusted: false,
      reason: 'revoked',
      revocation: { status: 'revoked', message: expect.stringContaining('Acme OFTP2 CA') },
    });
  });

  it('names the lists and answers it stands on', () => {
    expect(verdict(listed(good), { certificate, revocation: 'fail' }).standsOn.revocationLists).toEqual([
      { kind: 'list', issuer: expect.stringContaining('Acme OFTP2 CA'), number: '1a', thisUpdate: expect.any(String) },
    ]);
    expect(verdict(answer('good'), { certificate, revocation: 'fail' }).standsOn.revocationLists).toEqual([
      { kind: 'ocsp', issuer: expect.stringContaining('Acme OFTP2 CA'), thisUpdate: '2026-05-31T23:00:00.000Z' },
    ]);
  });

  it('that nobody can tell is no reason where something else stands against the certificate', () => {
    const weak = acme.issue({ weak: 'rsa-1024', extensions: [points] }).certificate;
    expect(verdict(installed(authority), { certificate: weak, revocation: 'fail' })).toMatchObject({ reason: 'weak' });
  });

  it.each<[string, Holding, Partial<Case>, unknown[]]>([
    ['what it lacks', installed(authority), {}, [{ by: undefined, addresses: { cRLDistributionPoints: [url] } }]],
    ['what it relies on', listed(good), {}, [{ by: 'list', issuer: authority }]],
    ['which answer it relies on', answer('good'), {}, [{ by: 'ocsp' }]],
    ['nothing where nobody asks', installed(authority), { revocation: 'off' }, []],
    ['nothing for a certificate that no authority we know has signed', {}, { chain: [authority] }, []],
    ['nothing for a path that does not hold', installed(authority), { at: new Date('2040-01-01T00:00:00Z') }, []],
    ['nothing where the certificate names no address', installed(authority), { certificate: sound }, []],
  ])('tells %s', (_name, held, changes, needs) => {
    expect(judged(held, { certificate, revocation: 'warn', ...changes }).needs).toMatchObject(needs);
  });
});

function weakBetween(): Partial<Case> {
  const between = weakRoot.subordinate('Weak Between', { weak: 'sha1' });
  return { certificate: between.issue().certificate, chain: [between.certificate] };
}
