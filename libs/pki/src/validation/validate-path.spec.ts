import { afterAll, describe, expect, it } from '@jest/globals';
import { type Certificate, certificateToPem } from '../certificate/index.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import {
  nameConstraintsExtension,
  policiesExtension,
  policyConstraintsExtension,
  TestAuthority,
  type TestCertificateOptions,
  testSelfSigned,
  unknownCriticalExtension,
} from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { type PathInput, validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const ca = testCa({ now });
const { root, authority } = ca;
const leaf = ca.issue().certificate;

interface Case {
  readonly certificate: Certificate;
  readonly intermediates?: readonly Certificate[];
  readonly anchors?: readonly Certificate[];
  readonly at?: Date;
}

const input = ({
  certificate,
  intermediates = [authority.certificate],
  anchors = [root.certificate],
  at = now,
}: Case): PathInput & Required<Case> => ({
  certificate,
  intermediates,
  anchors,
  at,
});

/** The names of the checks that failed, or `trusted`. */
function outcome(given: PathInput): string {
  const verdict = validatePath(given);
  const failed = verdict.checks.filter(({ ok }) => !ok).map(({ check }) => check);
  expect(verdict.trusted).toBe(failed.length === 0);
  return verdict.trusted ? 'trusted' : [...new Set(failed)].join();
}

const issued = (options: TestCertificateOptions): Case => ({ certificate: ca.issue(options).certificate });
/** A leaf below an authority that is made with these options. */
function below(options: TestCertificateOptions): Case {
  const between = root.subordinate('Special CA', options);
  return { certificate: between.issue().certificate, intermediates: [between.certificate] };
}
/** A leaf below a root that is made with these options. */
function belowRoot(options: TestCertificateOptions): Case {
  const special = TestAuthority.root('Special Root', now, options);
  return { certificate: special.issue().certificate, intermediates: [], anchors: [special.certificate] };
}
/** A leaf below two authorities, the upper of which allows no further one. */
function tooLong(): Case {
  const upper = root.subordinate('Upper CA', { basicConstraints: { ca: true, pathLength: 0 } });
  const lower = upper.subordinate('Lower CA');
  return { certificate: lower.issue().certificate, intermediates: [upper.certificate, lower.certificate] };
}
/** As tooLong, but the lower authority is the upper one with a new key, which does not count. */
function rolledOver(): Case {
  const upper = root.subordinate('Rolling CA', { basicConstraints: { ca: true, pathLength: 0 } });
  const lower = upper.subordinate('Rolling CA', { key: testKey('rolled') });
  return { certificate: lower.issue().certificate, intermediates: [upper.certificate, lower.certificate] };
}

/** What we say, and whether openssl agrees; `alone` where openssl is known to see it otherwise, with the reason. */
const CASES: readonly (readonly [name: string, make: () => Case, outcome: string, alone?: string])[] = [
  ['a sound certificate', () => ({ certificate: leaf }), 'trusted'],
  ['one at its first second', () => ({ certificate: leaf, at: leaf.notBefore }), 'trusted'],
  [
    'one at its last second',
    () => ({ certificate: leaf, at: leaf.notAfter }),
    'trusted',
    'openssl counts the last second as past',
  ],
  ['one a second later', () => ({ certificate: leaf, at: new Date(leaf.notAfter.getTime() + 1000) }), 'validity'],
  ['one a second before', () => ({ certificate: leaf, at: new Date(leaf.notBefore.getTime() - 1000) }), 'validity'],
  ['an expired one', () => issued({ expired: true }), 'validity'],
  ['one of the future', () => issued({ future: true }), 'validity'],
  ['one below an expired authority', () => below({ expired: true }), 'validity'],
  ['one below an authority of the future', () => below({ future: true }), 'validity'],
  ['one below an expired root', () => belowRoot({ expired: true }), 'validity'],
  [
    'one below a certificate that is no authority',
    () => below({ basicConstraints: { ca: false, pathLength: undefined } }),
    'certificate-authority',
  ],
  [
    'one below a certificate without basic constraints',
    () => below({ basicConstraints: 'none' }),
    'certificate-authority',
  ],
  [
    'one below an authority that may not sign certificates',
    () => below({ keyUsage: ['digitalSignature', 'cRLSign'] }),
    'key-cert-sign',
  ],
  ['one below an authority without key usage', () => below({ keyUsage: 'none' }), 'trusted'],
  ['one below too many authorities', tooLong, 'path-length'],
  ['one below an authority with a new key of the same name', rolledOver, 'trusted'],
  [
    'one below a root that allows no authority',
    () => {
      const special = TestAuthority.root('Narrow Root', now, { basicConstraints: { ca: true, pathLength: 0 } });
      const between = special.subordinate('Between CA');
      return {
        certificate: between.issue().certificate,
        intermediates: [between.certificate],
        anchors: [special.certificate],
      };
    },
    'path-length',
  ],
  ['one signed with another key', () => issued({ signedWith: testKey('forger') }), 'signature'],
  ['one below an authority signed with another key', () => below({ signedWith: testKey('forger') }), 'signature'],
  [
    'one with an unknown critical extension',
    () => issued({ extensions: [unknownCriticalExtension()] }),
    'critical-extensions',
  ],
  [
    'one below an authority with an unknown critical extension',
    () => below({ extensions: [unknownCriticalExtension()] }),
    'critical-extensions',
  ],
  [
    'one within the name constraints of its authority',
    () => below({ extensions: [nameConstraintsExtension('example.com')] }),
    'trusted',
  ],
  [
    'one outside the name constraints of its authority',
    () => below({ extensions: [nameConstraintsExtension('example.net')] }),
    'name-constraints',
  ],
  [
    'one below an authority with policy constraints',
    () => below({ extensions: [policyConstraintsExtension()] }),
    'policies',
    'openssl looks at policies when it is told to',
  ],
  ['one with policies', () => issued({ extensions: [policiesExtension('1.2.3', true)] }), 'trusted'],
  ['one whose issuer nobody knows', () => ({ certificate: leaf, intermediates: [] }), 'issuer-known'],
  ['one without any anchor', () => ({ certificate: leaf, anchors: [] }), 'issuer-known'],
  ['one that names another issuer', () => issued({ issuer: 'CN=Somebody else' }), 'issuer-known'],
  ['a self-signed one', () => ({ certificate: testSelfSigned(now).certificate }), 'issuer-known'],
  [
    'a self-signed one that names the root',
    () => ({ certificate: testSelfSigned(now, { issuer: 'CN=Acme Root,O=Certlane Test,C=DE' }).certificate }),
    'signature',
  ],
  ['an authority', () => ({ certificate: authority.certificate }), 'trusted'],
  ['one signed over SHA-1', () => issued({ weak: 'sha1' }), 'trusted', 'openssl refuses SHA-1 by its security level'],
  ['one without key identifiers', () => issued({ withoutKeyIdentifiers: true }), 'trusted'],
];

describe('validatePath', () => {
  it.each(CASES)('judges %s', (_, make, expected) => {
    expect(outcome(input(make()))).toBe(expected);
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('openssl verify agrees (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  it.each(CASES.filter(([, , , alone]) => alone === undefined))('on %s', (_, make, expected) => {
    const { certificate, intermediates, anchors, at } = input(make());
    const pem = (certificates: readonly Certificate[]): string => certificates.map(certificateToPem).join('');
    bench.file('leaf', pem([certificate]));
    bench.file('intermediates', pem(intermediates));
    bench.file('anchors', pem(anchors));
    const { status } = bench.try(
      'verify',
      '-attime',
      String(at.getTime() / 1000),
      '-no-CApath',
      '-no-CAstore',
      '-auth_level',
      '0',
      ...(anchors.length === 0 ? ['-no-CAfile'] : ['-CAfile', 'anchors']),
      ...(intermediates.length === 0 ? [] : ['-untrusted', 'intermediates']),
      'leaf',
    );
    expect(status === 0).toBe(expected === 'trusted');
  });
});

describe('the verdict', () => {
  it('tells path, checks and what was not looked at', () => {
    const verdict = validatePath(input({ certificate: leaf }));
    expect(verdict.path).toEqual([leaf, authority.certificate, root.certificate].map(({ fingerprint }) => fingerprint));
    expect(verdict.notChecked).toEqual(['revocation', 'extended-key-usage', 'host-name']);
    expect(verdict.weaknesses).toEqual([]);
    expect(verdict.checks).toContainEqual({
      check: 'signature',
      ok: true,
      message: '"oftp2.example.com" is signed by "Acme OFTP2 CA".',
      certificate: leaf.fingerprint,
    });
    expect(new Set(verdict.checks.map(({ check }) => check)).size).toBe(10);
  });

  it.each([
    [
      'an expired certificate',
      issued({ expired: true }),
      '"oftp2.example.com" was valid until 2026-02-28T12:00:00.000Z.',
    ],
    [
      'one of the future',
      issued({ future: true }),
      '"oftp2.example.com" is not valid before 2026-03-02T12:00:00.000Z.',
    ],
    [
      'an unknown issuer',
      { certificate: leaf, intermediates: [] },
      'The issuer "CN=Acme OFTP2 CA,O=Certlane Test,C=DE" of "oftp2.example.com" is not installed.',
    ],
    [
      'an unknown root',
      { certificate: leaf, anchors: [] },
      'The issuer "CN=Acme Root,O=Certlane Test,C=DE" of "Acme OFTP2 CA" is not installed.',
    ],
    [
      'a self-signed certificate',
      { certificate: testSelfSigned(now).certificate },
      '"oftp2.example.com" is self-issued and not installed as an issuer.',
    ],
    [
      'a critical extension',
      issued({ extensions: [unknownCriticalExtension()] }),
      '"oftp2.example.com" has the unknown critical extension 1.3.6.1.4.1.55555.1.',
    ],
    [
      'a forged signature',
      issued({ signedWith: testKey('forger') }),
      '"oftp2.example.com" is not proven to come from "Acme OFTP2 CA": its signature is not its issuer\'s.',
    ],
    ['too many authorities', tooLong(), '"Upper CA" allows 0 authorities below it, but 1 are there.'],
  ])('says in a sentence what is wrong with %s', (_, given, message) => {
    const failed = validatePath(input(given)).checks.filter(({ ok }) => !ok);
    expect(failed.map((check) => check.message)).toEqual([message]);
  });

  it('tells weak spots, but for the signature of the root over itself', () => {
    const old = TestAuthority.root('Old Root', now, { weak: 'sha1' });
    const weak = old.issue({ weak: 'sha1' }).certificate;
    const verdict = validatePath(input({ certificate: weak, anchors: [old.certificate], intermediates: [] }));
    expect(verdict.trusted).toBe(true);
    expect(verdict.weaknesses.map(({ certificate, reason }) => [certificate, reason])).toEqual([
      [weak.fingerprint, 'broken-signature-hash'],
    ]);
    const small = ca.issue({ weak: 'rsa-1024' }).certificate;
    expect(validatePath(input({ certificate: small })).weaknesses).toMatchObject([{ reason: 'small-rsa-key' }]);
  });
});

describe('anchors', () => {
  it('may be an intermediate authority installed by hand, with its root unknown', () => {
    const verdict = validatePath(input({ certificate: leaf, intermediates: [], anchors: [authority.certificate] }));
    expect(verdict).toMatchObject({ trusted: true, path: [leaf.fingerprint, authority.certificate.fingerprint] });
  });

  it('end the path at the first of them', () => {
    const verdict = validatePath(input({ certificate: leaf, anchors: [root.certificate, authority.certificate] }));
    expect(verdict.path).toHaveLength(2);
  });

  it('do not include the certificate itself unless that is allowed', () => {
    const own = testSelfSigned(now).certificate;
    const given = input({ certificate: own, anchors: [own] });
    expect(outcome(given)).toBe('issuer-known');
    expect(outcome({ ...given, anchorMayBeCertificate: true })).toBe('trusted');
    expect(outcome({ ...given, anchorMayBeCertificate: true, at: new Date(now.getTime() + 400 * DAY) })).toBe(
      'validity',
    );
  });

  it('that are the certificate itself do not hinder a path to its issuer', () => {
    expect(outcome(input({ certificate: leaf, anchors: [leaf, root.certificate] }))).toBe('trusted');
  });

  it('of version 1 count as authorities, intermediates of version 1 do not', () => {
    const asVersion1 = (certificate: Certificate): Certificate => ({
      ...certificate,
      version: 1,
      basicConstraints: undefined,
      keyUsage: undefined,
      extensions: [],
    });
    expect(outcome(input({ certificate: leaf, anchors: [asVersion1(root.certificate)] }))).toBe('trusted');
    expect(outcome(input({ certificate: leaf, intermediates: [asVersion1(authority.certificate)] }))).toBe(
      'certificate-authority',
    );
  });
});
