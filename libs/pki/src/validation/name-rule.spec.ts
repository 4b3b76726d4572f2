import { afterAll, describe, expect, it } from '@jest/globals';
import { type Certificate, certificateToPem } from '../certificate/index.js';
import { encodeElement } from '../asn1/write.js';
import { explicit, implicit, integer, sequence } from '../asn1/write.js';
import { extension } from '../issuing/extension-values.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { alternativeNames, generalName, nameConstraints } from '../testing/path-extensions.js';
import { TestAuthority, type TestCertificateOptions } from '../testing/test-authority.js';
import { testKey } from '../testing/test-keys.js';
import { validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const root = TestAuthority.root('Names Root', now);
const key = testKey('names');

interface Names {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
  readonly subject?: string;
  readonly names?: readonly string[];
}

const leafOptions = (subject: string, names: readonly string[]): TestCertificateOptions => ({
  subject,
  key,
  basicConstraints: 'none',
  keyUsage: ['digitalSignature'],
  extensions: names.length === 0 ? [] : [alternativeNames(...names)],
});

/** A path root, constrained authority, leaf. */
function pathOf({ permitted = [], excluded = [], subject = 'CN=Some Leaf,O=Acme,C=DE', names = [] }: Names) {
  const authority = root.subordinate('Names CA', { key, extensions: [nameConstraints(permitted, excluded)] });
  const leaf = authority.subordinate('leaf', leafOptions(subject, names)).certificate;
  return { certificate: leaf, intermediates: [authority.certificate], anchors: [root.certificate], at: now };
}

/** The sentence of the failed check, or `trusted`. */
function judged(given: ReturnType<typeof pathOf>): string {
  const verdict = validatePath(given);
  const failed = verdict.checks.filter(({ ok }) => !ok);
  expect(failed.every(({ check }) => check === 'name-constraints')).toBe(true);
  return failed[0]?.message ?? 'trusted';
}

const IN = /^trusted$/;
const NOT_PERMITTED = /does not permit/;
const EXCLUDED = /, which "Names CA" excludes\.$/;
const INCOMPARABLE = /cannot be compared with/;

/** `alone` where openssl is known to see it otherwise, with the reason. */
const CASES: readonly (readonly [name: string, names: Names, outcome: RegExp, alone?: string])[] = [
  ['a DNS name that is the base', { permitted: ['dns:acme.com'], names: ['dns:acme.com'] }, IN],
  ['a DNS name below', { permitted: ['dns:acme.com'], names: ['dns:a.b.acme.com'] }, IN],
  ['a DNS name in other case', { permitted: ['dns:Acme.COM'], names: ['dns:WWW.aCME.com'] }, IN],
  ['a DNS name that only ends alike', { permitted: ['dns:acme.com'], names: ['dns:notacme.com'] }, NOT_PERMITTED],
  ['the domain above', { permitted: ['dns:acme.com'], names: ['dns:com'] }, NOT_PERMITTED],
  [
    'one of two DNS names outside',
    { permitted: ['dns:acme.com'], names: ['dns:acme.com', 'dns:b.net'] },
    NOT_PERMITTED,
  ],
  ['two permitted domains', { permitted: ['dns:acme.com', 'dns:b.net'], names: ['dns:acme.com', 'dns:x.b.net'] }, IN],
  ['a DNS name where only mail is constrained', { permitted: ['mail:acme.com'], names: ['dns:b.net'] }, IN],
  ['a DNS name below an excluded one', { excluded: ['dns:acme.com'], names: ['dns:www.acme.com'] }, EXCLUDED],
  ['a DNS name beside an excluded one', { excluded: ['dns:acme.com'], names: ['dns:acme.net'] }, IN],
  [
    'an excluded name within a permitted domain',
    { permitted: ['dns:acme.com'], excluded: ['dns:x.acme.com'], names: ['dns:a.x.acme.com'] },
    EXCLUDED,
  ],
  ['any DNS name where all are excluded', { excluded: ['dns:'], names: ['dns:acme.com'] }, EXCLUDED],
  ['a base with a dot and a name below', { permitted: ['dns:.acme.com'], names: ['dns:a.acme.com'] }, IN],
  ['a base with a dot and the domain itself', { permitted: ['dns:.acme.com'], names: ['dns:acme.com'] }, NOT_PERMITTED],
  ['a wildcard within', { permitted: ['dns:acme.com'], names: ['dns:*.acme.com'] }, IN],
  [
    'a wildcard that would stand for an excluded host',
    { excluded: ['dns:www.acme.com'], names: ['dns:*.acme.com'] },
    EXCLUDED,
    'openssl takes the wildcard for a label of its own',
  ],
  ['a wildcard that misses the excluded host', { excluded: ['dns:a.www.acme.com'], names: ['dns:*.acme.com'] }, IN],
  ['a wildcard wider than permitted', { permitted: ['dns:www.acme.com'], names: ['dns:*.acme.com'] }, NOT_PERMITTED],
  [
    'an excluded name with the dot of the root',
    { excluded: ['dns:acme.com'], names: ['dns:www.acme.com.'] },
    EXCLUDED,
    'openssl takes the dot for a part of the name',
  ],
  ...['dns:', 'dns: ', 'dns:a..acme.com', 'dns:.acme.com', 'dns:1.2.3.4', 'dns:w*.acme.com', 'dns:-a.acme.com'].map(
    (name) =>
      [
        `"${name}", which is no host name`,
        { excluded: ['dns:other.com'], names: [name] },
        INCOMPARABLE,
        'openssl compares whatever stands there',
      ] as const,
  ),
  ['"dns: " where DNS names are free', { excluded: ['mail:other.com'], names: ['dns: '] }, IN],
  [
    'a common name that is a host, without a DNS name',
    { permitted: ['dns:acme.com'], subject: 'CN=www.evil.com' },
    NOT_PERMITTED,
  ],
  [
    'a common name beside a DNS name',
    { permitted: ['dns:acme.com'], subject: 'CN=x.net', names: ['dns:acme.com'] },
    IN,
  ],
  ['a common name that is no host', { permitted: ['dns:acme.com'], subject: 'CN=Acme GmbH' }, IN],

  ['a mailbox on the host', { permitted: ['mail:acme.com'], names: ['mail:joe@ACME.com'] }, IN],
  ['a mailbox below the host', { permitted: ['mail:acme.com'], names: ['mail:joe@a.acme.com'] }, NOT_PERMITTED],
  ['a mailbox in the domain', { permitted: ['mail:.acme.com'], names: ['mail:joe@a.acme.com'] }, IN],
  [
    'a mailbox at the top of the domain',
    { permitted: ['mail:.acme.com'], names: ['mail:joe@acme.com'] },
    NOT_PERMITTED,
  ],
  ['the very mailbox', { permitted: ['mail:joe@acme.com'], names: ['mail:joe@acme.com'] }, IN],
  ['another mailbox', { permitted: ['mail:joe@acme.com'], names: ['mail:jim@acme.com'] }, NOT_PERMITTED],
  ['a mailbox in other case', { permitted: ['mail:joe@acme.com'], names: ['mail:Joe@acme.com'] }, NOT_PERMITTED],
  ['an excluded mailbox', { excluded: ['mail:acme.com'], names: ['mail:joe@acme.com'] }, EXCLUDED],
  ['a mail address in the subject', { permitted: ['mail:acme.com'], subject: 'emailAddress=joe@x.net' }, NOT_PERMITTED],
  ['a mail address in the subject within', { permitted: ['mail:acme.com'], subject: 'emailAddress=joe@acme.com' }, IN],
  ['a mailbox without a host', { excluded: ['mail:acme.com'], names: ['mail:joe'] }, INCOMPARABLE],
  [
    'a quoted mailbox',
    { excluded: ['mail:acme.com'], names: ['mail:"j@x"@b.com'] },
    INCOMPARABLE,
    'openssl reads quotes',
  ],
  ['an SmtpUTF8Mailbox', { excluded: ['mail:acme.com'], names: ['other:1.3.6.1.5.5.7.8.9'] }, INCOMPARABLE],

  ['a URI on the host', { permitted: ['uri:www.acme.com'], names: ['uri:https://www.acme.com/a?b#c'] }, IN],
  ['a URI below the host', { permitted: ['uri:acme.com'], names: ['uri:https://www.acme.com'] }, NOT_PERMITTED],
  ['a URI in the domain', { permitted: ['uri:.acme.com'], names: ['uri:https://www.acme.com:8443/'] }, IN],
  ['an excluded URI', { excluded: ['uri:.acme.com'], names: ['uri:ftp://WWW.acme.com'] }, EXCLUDED],
  [
    'a URI whose user hides the host',
    { permitted: ['uri:acme.com'], names: ['uri:https://acme.com@evil.net/'] },
    NOT_PERMITTED,
  ],
  ['a URI of the OFTP2 profile', { permitted: ['uri:o0013abc'], names: ['uri:oftp://O0013ABC'] }, IN],
  ...[
    'uri:urn:a:b',
    'uri:https://10.0.0.1/',
    'uri:https://[::1]/',
    'uri:https:///a',
    'uri:https://acme.com\\@evil.net',
  ].map(
    (name) =>
      [
        `"${name}", which names no host`,
        { excluded: ['uri:other.com'], names: [name] },
        INCOMPARABLE,
        'openssl takes some of them for hosts',
      ] as const,
  ),

  ['an address in the range', { permitted: ['ip:10.1.0.0/255.255.0.0'], names: ['ip:10.1.200.3'] }, IN],
  ['an address outside', { permitted: ['ip:10.1.0.0/255.255.0.0'], names: ['ip:10.2.0.1'] }, NOT_PERMITTED],
  ['an excluded address', { excluded: ['ip:10.1.0.0/255.255.240.0'], names: ['ip:10.1.15.255'] }, EXCLUDED],
  ['the very address', { permitted: ['ip:10.1.0.1/255.255.255.255'], names: ['ip:10.1.0.1'] }, IN],
  ['any address', { permitted: ['ip:0.0.0.0/0.0.0.0'], names: ['ip:10.1.0.1'] }, IN],
  ['an IPv6 address in the range', { permitted: ['ip:2001:db8::/ffff:ffff::'], names: ['ip:2001:db8:1::1'] }, IN],
  ['an IPv6 address among IPv4', { permitted: ['ip:0.0.0.0/0.0.0.0'], names: ['ip:2001:db8::1'] }, NOT_PERMITTED],
  ['an address of five octets', { excluded: ['ip:10.0.0.0/255.0.0.0'], names: ['ip:0102030405'] }, INCOMPARABLE],

  ['a directory name below', { permitted: ['dn:O=acme,C=DE'] }, IN],
  ['a directory name elsewhere', { permitted: ['dn:O=Other,C=DE'] }, NOT_PERMITTED],
  ['a directory name above', { permitted: ['dn:OU=x,O=Acme,C=DE'], subject: 'O=Acme,C=DE' }, NOT_PERMITTED],
  ['an excluded directory name', { excluded: ['dn:C=DE'] }, EXCLUDED],
  ['a directory name where all are permitted', { permitted: ['dn:'] }, IN],
  ['a directory name in the alternative names', { permitted: ['dn:C=DE'], names: ['dn:O=x,C=FR'] }, NOT_PERMITTED],
  ['an empty subject', { permitted: ['dn:C=DE'], subject: '', names: ['dns:acme.com'] }, IN],

  ['a name of a kind nobody compares', { excluded: ['other:1.2.3'], names: ['other:1.2.3'] }, INCOMPARABLE],
  ['another name of another type', { excluded: ['other:1.2.3'], names: ['other:1.2.4'] }, IN, 'openssl knows one kind'],
];

describe('name constraints', () => {
  it.each(CASES)('judge %s', (_, names, outcome) => {
    expect(judged(pathOf(names))).toMatch(outcome);
  });

  it('name the certificate, its name and the authority', () => {
    expect(judged(pathOf({ permitted: ['dns:acme.com'], names: ['dns:x.net'] }))).toBe(
      '"Some Leaf" has the dNSName "x.net", which "Names CA" does not permit.',
    );
  });

  it('of every authority above hold together, those of the anchor included', () => {
    const top = TestAuthority.root('Names Top', now, { key, extensions: [nameConstraints(['dns:acme.com'])] });
    const middle = top.subordinate('Middle', { key, extensions: [nameConstraints(['dns:a.acme.com', 'dns:b.net'])] });
    const judge = (name: string): string =>
      judged({
        certificate: middle.subordinate('leaf', leafOptions('CN=Leaf', [`dns:${name}`])).certificate,
        intermediates: [middle.certificate],
        anchors: [top.certificate],
        at: now,
      });
    expect(judge('x.a.acme.com')).toBe('trusted');
    expect(judge('acme.com')).toMatch(/"Middle" does not permit/);
    expect(judge('b.net')).toMatch(/"Names Top" does not permit/);
  });

  it('take the common name of an end for a host, not that of an authority', () => {
    const above = root.subordinate('Names CA', { key, extensions: [nameConstraints(['dns:acme.com'])] });
    const middle = above.subordinate('Middle', { key, subject: 'CN=ca.other.net' });
    const given = { intermediates: [above.certificate, middle.certificate], anchors: [root.certificate], at: now };
    const { certificate } = middle.subordinate('leaf', leafOptions('CN=Leaf', ['dns:acme.com']));
    expect(judged({ ...given, certificate })).toBe('trusted');
    expect(judged({ ...given, certificate: middle.certificate })).toMatch(NOT_PERMITTED);
  });

  it('do not hold for self-issued authorities, but for a self-issued end', () => {
    const authority = root.subordinate('Names CA', { key, extensions: [nameConstraints(['dn:O=Acme'])] });
    const rolled = authority.subordinate('Names CA', { key: testKey('rolled') });
    const below = rolled.subordinate('leaf', leafOptions('CN=Leaf,O=Acme', [])).certificate;
    const given = { intermediates: [authority.certificate, rolled.certificate], anchors: [root.certificate], at: now };
    expect(judged({ ...given, certificate: below })).toBe('trusted');
    expect(judged({ ...given, certificate: rolled.certificate })).toMatch(NOT_PERMITTED);
  });

  const raw = (value: Uint8Array): Uint8Array => extension('2.5.29.30', true, value);
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', sequence(), /nameConstraints is empty/],
    ['no subtree', sequence(explicit(0)), /permittedSubtrees is empty/],
    ['a minimum', sequence(explicit(0, sequence(generalName('dns:a.com'), implicit(0, Uint8Array.of(1))))), /minimum/],
    ['a subtree without a base', sequence(explicit(1, sequence())), /no base/],
    ['something else', integer(1), /not sequence/],
    ['fields in the wrong order', sequence(explicit(1, sequence(generalName('dns:a'))), explicit(0)), /unexpected/],
    ['a base that is no GeneralName', sequence(explicit(0, sequence(integer(1)))), /no GeneralName/],
    ['a text that is no ASCII', sequence(explicit(0, sequence(implicit(2, Uint8Array.of(0xff))))), /no IA5String/],
    ['a text with a zero octet', sequence(explicit(0, sequence(implicit(2, Uint8Array.of(97, 0))))), /no IA5String/],
    ['octets that are no DER', encodeElement(0x30, Uint8Array.of(0xa0, 0x80)), /no DER/],
    ...['dns:*.a.com', 'dns:a b', 'dns:.', 'mail:"a"@b.com', 'mail:a@', 'uri:https://a.com', 'uri:a:1'].map(
      (base): [string, Uint8Array, RegExp] => [base, sequence(explicit(0, sequence(generalName(base)))), /is no base/],
    ),
    ...['ip:10.0.0.0/255.0.255.0', 'ip:10.0.0.0', 'ip:1.2.3.4/ffff:ffff::'].map(
      (base): [string, Uint8Array, RegExp] => [base, sequence(explicit(0, sequence(generalName(base)))), /prefix/],
    ),
  ])('that hold %s are not relied on', (_, value, message) => {
    const authority = root.subordinate('Names CA', { key, extensions: [raw(value)] });
    const leaf = authority.subordinate('leaf', leafOptions('CN=Leaf', [])).certificate;
    const given = { certificate: leaf, intermediates: [authority.certificate], anchors: [root.certificate], at: now };
    expect(judged(given)).toMatch(/"Names CA", whose name constraints cannot be read: /);
    expect(judged(given)).toMatch(message);
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('openssl verify agrees (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });
  const pem = (name: string, certificates: readonly Certificate[]): string =>
    bench.file(name, certificates.map(certificateToPem).join(''));

  it.each(CASES.filter(([, , , alone]) => alone === undefined))('on %s', (_, names, outcome) => {
    const { certificate, intermediates, anchors, at } = pathOf(names);
    const { status } = bench.try(
      ...['verify', '-attime', String(at.getTime() / 1000), '-no-CApath', '-no-CAstore'],
      ...['-CAfile', pem('anchors', anchors), '-untrusted', pem('between', intermediates), pem('leaf', [certificate])],
    );
    expect(status === 0).toBe(outcome === IN);
  });
});
