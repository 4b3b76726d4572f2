import { describe, expect, it } from '@jest/globals';
import { KEY_PURPOSE } from '../certificate/index.js';
import { TestAuthority } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { IssuerIndex } from './issuer-index.js';
import { validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const ca = testCa({ now });
const leaf = ca.issue().certificate;
const { subject } = ca.authority.certificate;
const key = ca.authority.privateKey;
const old = TestAuthority.root('Old Root', now, { expired: true });
const narrow = TestAuthority.root('Narrow Root', now, { basicConstraints: { ca: true, pathLength: 0 } });
const crossed = [old, narrow].map((root) => root.subordinate('x', { subject, key }).certificate);

describe('several candidate paths', () => {
  it('are told with the reason each failed, beside the one that holds', () => {
    const verdict = validatePath({
      certificate: leaf,
      intermediates: [...crossed, ca.authority.certificate],
      anchors: [old.certificate, narrow.certificate, ca.root.certificate],
      at: now,
    });
    expect(verdict.trusted).toBe(true);
    expect(verdict.path.at(-1)).toBe(ca.root.certificate.fingerprint);
    expect(verdict.otherPaths.map(({ path, failed, failures }) => [path.at(-1), failed.message, failures])).toEqual([
      [old.certificate.fingerprint, '"Old Root" was valid until 2026-02-28T12:00:00.000Z.', 1],
      [narrow.certificate.fingerprint, '"Narrow Root" allows 0 authorities below it, but 1 are there.', 1],
    ]);
  });

  it('are told beside the one that fails least', () => {
    const worse = TestAuthority.root('Worse Root', now, { expired: true, keyUsage: ['cRLSign'] });
    const verdict = validatePath({
      certificate: leaf,
      intermediates: [worse.subordinate('x', { subject, key }).certificate, ...crossed],
      anchors: [worse.certificate, old.certificate, narrow.certificate],
      at: now,
    });
    expect(verdict.trusted).toBe(false);
    expect(verdict.path.at(-1)).toBe(old.certificate.fingerprint);
    expect(verdict.otherPaths.map(({ path, failures }) => [path.at(-1), failures])).toEqual([
      [worse.certificate.fingerprint, 2],
      [narrow.certificate.fingerprint, 1],
    ]);
  });

  it('are told up to a bound', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      old.subordinate('x', { subject, key, serial: `1${i.toString(16)}` }),
    );
    const intermediates = many.map(({ certificate }) => certificate);
    const given = { certificate: leaf, intermediates, anchors: [old.certificate], at: now };
    expect(validatePath(given).otherPaths).toHaveLength(8);
    expect(validatePath({ ...given, limits: { told: 2 } }).otherPaths).toHaveLength(2);
  });

  it('run over a key that was changed, certified with the old one and the other way round', () => {
    const newKey = testKey('rolled over');
    const before = TestAuthority.root('Rolling Root', now);
    const after = TestAuthority.root('Rolling Root', now, { key: newKey });
    const newWithOld = before.subordinate('Rolling Root', { key: newKey }).certificate;
    const oldWithNew = after.subordinate('Rolling Root', { key: before.privateKey }).certificate;
    const intermediates = [newWithOld, oldWithNew];
    const trusts = (anchor: TestAuthority, issuer: TestAuthority): boolean =>
      validatePath({ certificate: issuer.issue().certificate, intermediates, anchors: [anchor.certificate], at: now })
        .trusted;
    expect(trusts(before, after)).toBe(true);
    expect(trusts(after, before)).toBe(true);
  });
});

describe('an index of issuers', () => {
  it('serves in the place of the list', () => {
    const index = new IssuerIndex([ca.root.certificate, old.certificate, ca.root.certificate]);
    expect(index.size).toBe(2);
    expect(index.named(ca.root.certificate.subject)).toEqual([ca.root.certificate]);
    expect(index.has(leaf)).toBe(false);
    const given = { certificate: leaf, intermediates: [ca.authority.certificate], at: now };
    expect(validatePath({ ...given, anchors: index })).toEqual(
      validatePath({ ...given, anchors: [ca.root.certificate, old.certificate] }),
    );
  });
});

describe('an index of issuers that changes', () => {
  it('holds what was added and not taken out, whatever shares its name', () => {
    const twin = TestAuthority.root('Acme Root', now, { key: testKey('twin') }).certificate;
    const index = new IssuerIndex();
    for (const issuer of [ca.root.certificate, twin, old.certificate]) index.add(issuer);
    index.delete(ca.root.certificate.fingerprint);
    index.delete(leaf.fingerprint);
    expect(index.fingerprints()).toEqual([twin.fingerprint, old.certificate.fingerprint]);
    expect(index.named(ca.root.certificate.subject)).toEqual([twin]);
    expect(index.get(ca.root.certificate.fingerprint)).toBeUndefined();
    const given = { certificate: leaf, intermediates: [ca.authority.certificate], at: now };
    expect(validatePath({ ...given, anchors: index }).trusted).toBe(false);
    index.add(ca.root.certificate);
    expect(validatePath({ ...given, anchors: index }).trusted).toBe(true);
    index.delete(twin.fingerprint);
    expect(index.named(ca.root.certificate.subject)).toEqual([ca.root.certificate]);
  });
});

describe('purposes', () => {
  const { serverAuth, clientAuth, codeSigning } = KEY_PURPOSE;
  const ANY = '2.5.29.37.0';
  it.each<[string, readonly string[] | 'none', readonly string[], boolean]>([
    ['all that are asked for', [serverAuth, clientAuth], [serverAuth, clientAuth], true],
    ['one too few', [serverAuth], [serverAuth, clientAuth], false],
    ['others', [serverAuth], [codeSigning], false],
    ['any', [ANY], [codeSigning], true],
    ['no restriction', 'none', [codeSigning], true],
  ])('are looked at when asked for: %s', (_, extendedKeyUsage, wanted, trusted) => {
    const { certificate } = ca.issue({ extendedKeyUsage });
    const given = { certificate, intermediates: [ca.authority.certificate], anchors: [ca.root.certificate], at: now };
    const verdict = validatePath({ ...given, extendedKeyUsage: wanted });
    expect(verdict.trusted).toBe(trusted);
    expect(verdict.notChecked).not.toContain('extended-key-usage');
    expect(verdict.checks.find(({ ok }) => !ok)?.check).toBe(trusted ? undefined : 'extended-key-usage');
    expect(validatePath({ ...given, extendedKeyUsage: [] }).notChecked).toContain('extended-key-usage');
  });

  it('of the authorities above do not matter', () => {
    const authority = ca.root.subordinate('Purpose CA', { extendedKeyUsage: [codeSigning] });
    const { certificate } = authority.issue();
    const given = { certificate, intermediates: [authority.certificate], anchors: [ca.root.certificate], at: now };
    expect(validatePath({ ...given, extendedKeyUsage: [serverAuth] }).trusted).toBe(true);
  });
});
