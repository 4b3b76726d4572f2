import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Certificate } from '../certificate/index.js';
import { EXTENSION } from '../certificate/extensions.js';
import { COMMON_NAME, parseDistinguishedName } from '../names/index.js';
import { mutated } from '../testing/mutations.js';
import {
  alternativeNames,
  certificatePolicies,
  inhibitAnyPolicy,
  nameConstraints,
  policyConstraints,
  policyMappings,
} from '../testing/path-extensions.js';
import { TestAuthority } from '../testing/test-authority.js';
import { type PathInput, validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const root = TestAuthority.root('Hostile Root', now, { key });

/** A chain of authorities with these extensions each, and a leaf. */
function chain(authorities: readonly (readonly Uint8Array[])[], leaf: readonly Uint8Array[], top = root): PathInput {
  const intermediates: Certificate[] = [];
  let issuer = top;
  for (const [at, extensions] of authorities.entries()) {
    issuer = issuer.subordinate(`Hostile CA ${at + 1}`, { key, extensions });
    intermediates.push(issuer.certificate);
  }
  const { certificate } = issuer.subordinate('leaf', {
    key,
    subject: 'CN=Leaf',
    basicConstraints: 'none',
    extensions: leaf,
  });
  return { certificate, intermediates, anchors: [top.certificate], at: now };
}

/** Verdict and milliseconds; the bounds below are some ten times what it takes. */
function timed(input: PathInput) {
  const start = performance.now();
  const verdict = validatePath(input);
  return { verdict, milliseconds: performance.now() - start };
}
const failures = (input: PathInput): readonly string[] =>
  validatePath(input).checks.flatMap(({ ok, message }) => (ok ? [] : [message]));

describe('a stranger gets an answer in bounded time', () => {
  it('with policies whose tree would have 2^6 nodes for each of 600', () => {
    const policies = Array.from({ length: 600 }, (_, i) => `1.3.${i}`);
    const mappings = policies.flatMap((from, i) => [[from, from] as const, [from, policies[(i + 1) % 600]!] as const]);
    const authority = [certificatePolicies(...policies), policyMappings(...mappings)];
    const { verdict, milliseconds } = timed(
      chain(
        [[...authority, policyConstraints({ explicit: 0 })], ...Array.from({ length: 5 }, () => authority)],
        [certificatePolicies('1.3.7')],
      ),
    );
    expect(verdict.trusted).toBe(true);
    // 1.3.7 of the leaf stands for itself and the six before it at the top.
    expect(verdict.policies).toEqual(['1.3.1', '1.3.2', '1.3.3', '1.3.4', '1.3.5', '1.3.6', '1.3.7']);
    expect(milliseconds).toBeLessThan(3000);
  });

  it('with thousands of names below thousands of constraints', () => {
    const bases = Array.from({ length: 1900 }, (_, i) => `dns:n${i}.acme.com`);
    const names = Array.from({ length: 1900 }, (_, i) => `dns:a.n${i}.acme.com`);
    const outside = [...names.slice(1), 'dns:acme.com'];
    const { verdict, milliseconds } = timed(chain([[nameConstraints(bases)]], [alternativeNames(...names)]));
    expect(verdict.trusted).toBe(true);
    expect(milliseconds).toBeLessThan(3000);
    expect(failures(chain([[nameConstraints(bases)]], [alternativeNames(...outside)]))).toEqual([
      '"Leaf" has the dNSName "acme.com", which "Hostile CA 1" does not permit.',
    ]);
  });

  it('with names of a hundred labels below six constrained authorities', () => {
    const names = Array.from({ length: 200 }, (_, i) => `dns:${'a.'.repeat(120)}n${i}`);
    const constrained = Array.from({ length: 6 }, () => [nameConstraints([], ['dns:acme.com'])]);
    const { verdict, milliseconds } = timed(chain(constrained, [alternativeNames(...names)]));
    expect(verdict.checks.find(({ ok }) => !ok)?.message).toBe(
      '"Leaf" has names that cannot be compared with the name constraints above it: more than 4000000 characters would have to be compared.',
    );
    expect(milliseconds).toBeLessThan(3000);
  });

  it('with a thousand authorities that certify one another', () => {
    const names = Array.from({ length: 100 }, (_, i) => parseDistinguishedName(`CN=Loop ${i}`));
    const issuers = names.map((subject, i) => TestAuthority.root(`Loop ${i}`, now, { key, subject }));
    const web = issuers.flatMap((issuer, i) =>
      Array.from(
        { length: 10 },
        (_, step) => issuer.subordinate('x', { key, subject: names[(i + 7 ** step) % 100]! }).certificate,
      ),
    );
    const { certificate } = issuers[0]!.issue({ key });
    const lost = { certificate, intermediates: web, anchors: [root.certificate], at: now };
    for (const limits of [{}, { intermediates: 1000 }]) {
      const { verdict, milliseconds } = timed({ ...lost, limits });
      expect(verdict).toMatchObject({ trusted: false });
      expect(verdict.checks.map(({ check }) => check)).toEqual(['issuer-known', 'limits']);
      expect(milliseconds).toBeLessThan(3000);
    }
    // Where one of them is installed, the loops are no hindrance.
    expect(validatePath({ ...lost, anchors: [issuers[5]!.certificate, issuers[0]!.certificate] }).trusted).toBe(true);
  });

  it('with all of that on hundreds of paths', () => {
    const policies = Array.from({ length: 600 }, (_, i) => `1.3.${i}`);
    const mappings = policies.flatMap((from, i) => [[from, from] as const, [from, policies[(i + 1) % 600]!] as const]);
    const bases = Array.from({ length: 900 }, (_, i) => `dns:n${i}.acme.com`);
    const extensions = [certificatePolicies(...policies), policyMappings(...mappings), nameConstraints(bases)];
    const intermediates: Certificate[] = [];
    let issuer = root;
    for (let level = 0; level < 5; level += 1) {
      const several = ['11', '12', '13'].map((serial) =>
        issuer.subordinate(`Many ${level}`, { key, extensions, serial }),
      );
      intermediates.push(...several.map(({ certificate }) => certificate));
      issuer = several[0] ?? issuer;
    }
    const names = Array.from({ length: 1900 }, (_, i) => `dns:a.n${i % 900}.acme.com`);
    const { certificate } = issuer.subordinate('leaf', {
      key,
      subject: 'CN=Leaf',
      basicConstraints: 'none',
      extensions: [certificatePolicies('1.3.7'), alternativeNames(...names)],
    });
    const { verdict, milliseconds } = timed({
      certificate,
      intermediates,
      anchors: [root.certificate],
      at: now,
      policies: { accepted: ['1.3.500'], explicit: true },
    });
    expect(verdict.trusted).toBe(false);
    expect(verdict.checks.some(({ check, ok }) => check === 'limits' && !ok)).toBe(true);
    expect(verdict.otherPaths.map(({ failed }) => failed.message)).toContainEqual(
      expect.stringContaining('cannot be judged: more than 50000 policies would have to be gone through'),
    );
    expect(milliseconds).toBeLessThan(4000);
  });

  it('with names as long as a certificate holds', () => {
    const { certificate } = root.subordinate('x', {
      key,
      subject: [[{ type: COMMON_NAME, value: 'x'.repeat(50_000) }]],
      expired: true,
    });
    const [message = ''] = failures({ certificate, intermediates: [], anchors: [root.certificate], at: now });
    expect(message).toMatch(/^"x{120}…" was valid until /);
  });

  it('with authorities that have no name', () => {
    const nameless = TestAuthority.root('x', now, { key, subject: [] });
    expect(failures(chain([], [], nameless))).toEqual(['"Leaf" names no issuer.']);
  });
});

describe('extensions of strangers', () => {
  const authority = [
    nameConstraints(['dns:acme.com', 'mail:.acme.com', 'uri:acme.com', 'ip:10.0.0.0/255.0.0.0'], ['dn:O=Evil']),
    certificatePolicies('1.3.1', '1.3.2'),
    policyMappings(['1.3.1', '1.3.3']),
    policyConstraints({ explicit: 0, mapping: 3 }),
    inhibitAnyPolicy(1),
  ];
  const names = ['dns:www.acme.com', 'mail:joe@a.acme.com', 'uri:https://acme.com', 'ip:10.0.0.1', 'dn:O=Acme'];
  const input = chain([authority], [alternativeNames(...names), certificatePolicies('1.3.2', '1.3.3')]);

  it('are sound before they are changed', () => {
    expect(validatePath(input)).toMatchObject({ trusted: true, policies: ['1.3.1', '1.3.2'] });
  });

  /** The same certificate as if its authority had signed the other value: what is read goes by the extension alone. */
  const changed = (certificate: Certificate, oid: string, value: Uint8Array): Certificate => ({
    ...certificate,
    extensions: certificate.extensions.map((one) => (one.oid === oid ? { ...one, value } : one)),
  });
  const [between] = input.intermediates;
  const valueOf = (certificate: Certificate | undefined, oid: string): Uint8Array =>
    certificate?.extensions.find((one) => one.oid === oid)?.value ?? new Uint8Array(0);
  const { nameConstraints: constraints, certificatePolicies: policies, subjectAltName } = EXTENSION;

  it.each([
    ['name constraints', 'between', constraints],
    ['policies', 'between', policies],
    ['mappings', 'between', EXTENSION.policyMappings],
    ['policy constraints', 'between', EXTENSION.policyConstraints],
    ['inhibited anyPolicy', 'between', EXTENSION.inhibitAnyPolicy],
    ['alternative names', 'leaf', subjectAltName],
    ['policies', 'leaf', policies],
  ])('never throw, and refuse with a reason or hold: %s of the %s', (_, where, oid) => {
    const original = valueOf(where === 'leaf' ? input.certificate : between, oid);
    expect(original.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(mutated([original]), (value) => {
        const verdict = validatePath(
          where === 'leaf'
            ? { ...input, certificate: changed(input.certificate, oid, value) }
            : { ...input, intermediates: between === undefined ? [] : [changed(between, oid, value)] },
        );
        const failed = verdict.checks.filter(({ ok }) => !ok);
        expect(verdict.trusted).toBe(failed.length === 0);
        expect(failed.every(({ message }) => message.length < 600)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
