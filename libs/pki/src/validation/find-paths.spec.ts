import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Certificate, readCertificate } from '../certificate/index.js';
import { refusalOf } from '../testing/refusals.js';
import { mutated } from '../testing/mutations.js';
import { TestAuthority } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const ca = testCa({ now });
const leaf = ca.issue().certificate;
const judge = (
  certificate: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  limits = {},
) => validatePath({ certificate, intermediates, anchors, at: now, limits });

describe('the search for a path', () => {
  it('finds the issuer that signed among several of the same name', () => {
    const decoys = Array.from({ length: 20 }, (_, i) =>
      ca.root.subordinate('Acme OFTP2 CA', { key: testKey(`decoy-${i % 3}`), serial: (i + 1).toString(16) }),
    );
    const verdict = judge(
      leaf,
      [...decoys.map(({ certificate }) => certificate), ca.authority.certificate],
      [ca.root.certificate],
    );
    expect(verdict.trusted).toBe(true);
    expect(verdict.path[1]).toBe(ca.authority.certificate.fingerprint);
  });

  it('takes another way where the first does not hold', () => {
    // The same authority, certified twice: by an expired root and by a sound one.
    const old = TestAuthority.root('Old Root', now, { expired: true });
    const key = ca.authority.privateKey;
    const name = ca.authority.certificate.subject;
    const crossed = old.subordinate('x', { subject: name, key });
    for (const intermediates of [
      [crossed.certificate, ca.authority.certificate],
      [ca.authority.certificate, crossed.certificate],
    ]) {
      const verdict = judge(leaf, intermediates, [old.certificate, ca.root.certificate]);
      expect(verdict.trusted).toBe(true);
      expect(verdict.path.at(-1)).toBe(ca.root.certificate.fingerprint);
    }
  });

  it('ends in a ring of authorities that certify one another', () => {
    const a = TestAuthority.root('Ring A', now);
    const b = TestAuthority.root('Ring B', now);
    const aByB = b.subordinate('Ring A', { subject: a.certificate.subject, key: a.privateKey }).certificate;
    const bByA = a.subordinate('Ring B', { subject: b.certificate.subject, key: b.privateKey }).certificate;
    const verdict = judge(a.issue().certificate, [aByB, bByA, a.certificate, b.certificate], [ca.root.certificate]);
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.map(({ check }) => check)).toEqual(['issuer-known']);
  });

  it('stops at the length of a path that is allowed', () => {
    const authorities = [ca.root];
    for (let i = 0; i < 8; i += 1)
      authorities.push(authorities[i]!.subordinate(`Level ${i}`, { key: testKey(`level-${i % 3}`) }));
    const intermediates = authorities.slice(1).map(({ certificate }) => certificate);
    const deep = authorities[8]!.issue().certificate;
    const shallow = authorities[6]!.issue().certificate;
    expect(judge(shallow, intermediates, [ca.root.certificate]).trusted).toBe(true);
    const verdict = judge(deep, intermediates, [ca.root.certificate]);
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.at(-1)).toMatchObject({ check: 'limits', ok: false });
    expect(judge(deep, intermediates, [ca.root.certificate], { pathCertificates: 10 }).trusted).toBe(true);
  });

  it('stops at the number of signatures that is allowed, and never calls trusted what it did not verify', () => {
    const many = Array.from({ length: 120 }, (_, i) =>
      ca.root.subordinate('Acme OFTP2 CA', {
        key: testKey(`decoy-${i % 3}`),
        serial: (i + 1).toString(16),
        withoutKeyIdentifiers: true,
      }),
    ).map(({ certificate }) => certificate);
    const verdict = judge(leaf, many, [ca.root.certificate]);
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.some(({ check }) => check === 'limits')).toBe(true);
  });

  it('stops at the number of intermediates that is allowed', () => {
    const verdict = judge(leaf, [leaf, ca.authority.certificate], [ca.root.certificate], { intermediates: 1 });
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.map(({ check }) => check)).toEqual(['issuer-known', 'limits']);
  });

  it('is over soon when a stranger lets every authority certify every other', () => {
    const names = ['W', 'X', 'Y', 'Z'].map((name) =>
      TestAuthority.root(`Web ${name}`, now, { key: testKey(`web-${name}`) }),
    );
    const web = names.flatMap((issuer) =>
      names.flatMap((subject) =>
        Array.from(
          { length: 4 },
          () => issuer.subordinate('x', { subject: subject.certificate.subject, key: subject.privateKey }).certificate,
        ),
      ),
    );
    const caught = names[0]!.issue().certificate;
    let looks = 0;
    const counted = web.map(
      (certificate) =>
        new Proxy(certificate, {
          get: (target, property) => {
            looks += 1;
            return Reflect.get(target, property) as unknown;
          },
        }),
    );
    const verdict = judge(caught, counted, [ca.root.certificate]);
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.some(({ check }) => check === 'limits')).toBe(true);
    // Some 36,000 with the limit on steps, fifteen times as many without.
    expect(looks).toBeLessThan(100_000);
  });

  it('never trusts a certificate that was changed', () => {
    fc.assert(
      fc.property(mutated([leaf.der]), (octets) => {
        fc.pre(!Buffer.from(octets).equals(Buffer.from(leaf.der)));
        const trusted = (): boolean =>
          judge(readCertificate(octets), [ca.authority.certificate], [ca.root.certificate]).trusted;
        const answer = refusalOf(() => {
          expect(trusted()).toBe(false);
        });
        expect(['accepted', 'certificate-malformed', 'trailing-octets', 'too-large']).toContain(answer);
      }),
      { numRuns: 500 },
    );
  });
});
