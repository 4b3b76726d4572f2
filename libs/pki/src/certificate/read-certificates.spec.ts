import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCertificationRequest } from '../issuing/index.js';
import { parseDistinguishedName } from '../names/index.js';
import { concatOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { encodeElement, explicit, integer, objectIdentifier, octetString, sequence } from '../asn1/write.js';
import { certificateToPem } from './index.js';
import { readCertificates, readOneCertificate } from './read-certificates.js';

const ca = testCa({ now: new Date('2026-03-01T00:00:00Z') });
const [a, b] = [ca.issue(), ca.issue()];
const text = (content: string): Uint8Array => new Uint8Array(Buffer.from(content));
const fingerprints = (octets: Uint8Array): string[] => readCertificates(octets).map(({ fingerprint }) => fingerprint);
const fp = (...identities: { certificate: { fingerprint: string } }[]): string[] =>
  identities.map(({ certificate }) => certificate.fingerprint);

/** A certificates-only SignedData, written by hand from RFC 5652 §5.1. */
function bag(
  certificates: readonly Uint8Array[],
  { signers = [] as Uint8Array[], lists = [] as Uint8Array[] } = {},
): Uint8Array {
  const signedData = sequence(
    integer(1),
    encodeElement(0x31, new Uint8Array(0)),
    sequence(objectIdentifier('1.2.840.113549.1.7.1')),
    ...(certificates.length === 0 ? [] : [explicit(0, ...certificates)]),
    ...(lists.length === 0 ? [] : [explicit(1, ...lists)]),
    encodeElement(0x31, concatOctets(signers)),
  );
  return sequence(objectIdentifier('1.2.840.113549.1.7.2'), explicit(0, signedData));
}

/** The same with indefinite lengths outside, as streaming programs write it. */
function berBag(certificates: readonly Uint8Array[]): Uint8Array {
  const inner = concatOctets([
    integer(1),
    encodeElement(0x31, new Uint8Array(0)),
    sequence(objectIdentifier('1.2.840.113549.1.7.1')),
    Uint8Array.of(0xa0, 0x80),
    ...certificates,
    Uint8Array.of(0, 0),
    encodeElement(0x31, new Uint8Array(0)),
  ]);
  const end = Uint8Array.of(0, 0);
  const signedData = [Uint8Array.of(0x30, 0x80), inner, end];
  const head = [Uint8Array.of(0x30, 0x80), objectIdentifier('1.2.840.113549.1.7.2'), Uint8Array.of(0xa0, 0x80)];
  return concatOctets([...head, ...signedData, end, end]);
}

describe('readCertificates', () => {
  it.each([
    ['one in DER', a.certificate.der, fp(a)],
    ['one in PEM', text(a.certificatePem), fp(a)],
    ['several in PEM, in their order', text(b.certificatePem + a.certificatePem), fp(b, a)],
    [
      'PEM with text around and CR LF',
      text(`subject: x\r\n${a.certificatePem.replaceAll('\n', '\r\n')}\r\nend`),
      fp(a),
    ],
    ['PEM that begins like DER', text(`0 is the first\n${a.certificatePem}`), fp(a)],
    ['PEM with the old label', text(a.certificatePem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')), fp(a)],
    ['PEM in one line', text(a.certificatePem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '')), fp(a)],
    ['the same one twice', text(a.certificatePem + a.certificatePem), fp(a)],
    ['CMS in DER', bag([a.certificate.der, b.certificate.der]), fp(a, b)],
    ['CMS in BER', berBag([a.certificate.der, b.certificate.der]), fp(a, b)],
    ['CMS with an attribute certificate beside', bag([a.certificate.der, explicit(2, integer(1))]), fp(a)],
  ])('reads %s', (_, octets, expected) => {
    expect(fingerprints(octets)).toEqual(expected);
  });

  it('reads CMS in PEM', () => {
    const pem = certificateToPem({ der: bag([a.certificate.der]) });
    expect(fingerprints(text(pem.replaceAll('CERTIFICATE', 'PKCS7')))).toEqual(fp(a));
    expect(fingerprints(text(pem.replaceAll('CERTIFICATE', 'CMS')))).toEqual(fp(a));
  });

  it.each([
    ['nothing', new Uint8Array(0), 'no-certificate', 'empty'],
    ['a text', text('Dear partner, see the attached certificate.'), 'no-certificate', 'no certificate'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'no-certificate', 'no certificate'],
    ['a certificate cut short', a.certificate.der.subarray(0, 500), 'certificate-malformed', 'claims'],
    [
      'a certificate with octets behind',
      concatOctets([a.certificate.der, text('\n')]),
      'trailing-octets',
      '1 octets follow',
    ],
    ['a PEM block cut short', text(a.certificatePem.slice(0, 300)), 'no-certificate', 'without its END line'],
    [
      'a PEM block that is no base64',
      text('-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n'),
      'no-certificate',
      'no base64',
    ],
    [
      'a PEM block of something else',
      text('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      'no-certificate',
      'no certificate',
    ],
    ['a private key in PEM', text(a.privateKeyPem), 'private-key-not-certificate', 'never be given away'],
    ['a private key in DER', a.pkcs8, 'private-key-not-certificate', 'never be given away'],
    [
      'a certificate together with its key',
      text(a.certificatePem + a.privateKeyPem),
      'private-key-not-certificate',
      'never be given away',
    ],
    [
      'a certification request',
      text(createCertificationRequest({ subject: parseDistinguishedName('CN=a'), keys: a })),
      'request-not-certificate',
      'request',
    ],
    ['a public key', a.certificate.publicKey.spki, 'public-key-not-certificate', 'public key'],
    [
      'a certificate with settings of OpenSSL',
      text(a.certificatePem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')),
      'no-certificate',
      'openssl x509',
    ],
    [
      'CMS of another type',
      sequence(objectIdentifier('1.2.840.113549.1.7.3'), explicit(0, sequence())),
      'cms-malformed',
      'only certificates-only SignedData',
    ],
    [
      'CMS with a signer',
      bag([a.certificate.der], { signers: [sequence(integer(1))] }),
      'cms-malformed',
      'without a signer',
    ],
    ['CMS without certificates', bag([]), 'no-certificate', 'without certificates'],
    ['CMS with a revocation list alone', bag([], { lists: [sequence()] }), 'crl-not-certificate', 'revocation lists'],
    ['CMS with a broken certificate', bag([sequence(integer(1))]), 'certificate-malformed', 'cannot be read'],
    [
      'CMS with 65 certificates',
      bag(new Array<Uint8Array>(65).fill(a.certificate.der)),
      'too-large',
      '65 certificates',
    ],
    ['more than a mebibyte', new Uint8Array(1_048_577), 'too-large', '1048577 octets'],
    [
      'a PKCS#12 file',
      sequence(integer(3), sequence(objectIdentifier('1.2.840.113549.1.7.1'), explicit(0, octetString(sequence())))),
      'pkcs12-not-certificate',
      'PKCS#12',
    ],
  ])('refuses %s and says what it is', (_, octets, code, message) => {
    expect(refusalOf(() => readCertificates(octets))).toBe(code);
    expect(messageOf(() => readCertificates(octets))).toContain(message);
  });

  it('throws nothing but refusals', () => {
    const seeds = [a.certificate.der, text(a.certificatePem), berBag([a.certificate.der]), a.pkcs8];
    fc.assert(
      fc.property(fc.oneof(mutated(seeds), fc.uint8Array({ maxLength: 200 })), (octets) => {
        expect(typeof refusalOf(() => readCertificates(octets))).toBe('string');
      }),
      { numRuns: 1500 },
    );
  });
});

describe('readOneCertificate', () => {
  it('takes one and refuses several', () => {
    expect(readOneCertificate(text(a.certificatePem)).fingerprint).toBe(a.certificate.fingerprint);
    expect(refusalOf(() => readOneCertificate(text(a.certificatePem + b.certificatePem)))).toBe('several-certificates');
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('files of openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  it('with a chain in PKCS#7 are read', () => {
    bench.file('all.pem', a.certificatePem + certificateToPem(ca.authority.certificate));
    bench.run('crl2pkcs7', '-nocrl', '-certfile', 'all.pem', '-outform', 'DER', '-out', 'all.p7b');
    bench.run('crl2pkcs7', '-nocrl', '-certfile', 'all.pem', '-out', 'all.pem.p7b');
    const expected = [a.certificate.fingerprint, ca.authority.certificate.fingerprint];
    expect(fingerprints(bench.read('all.p7b'))).toEqual(expected);
    expect(fingerprints(bench.read('all.pem.p7b'))).toEqual(expected);
  });

  it('of other kinds are refused as what they are', () => {
    bench.file('a.key', a.privateKeyPem);
    bench.file('a.crt', a.certificatePem);
    bench.run('pkcs12', '-export', '-inkey', 'a.key', '-in', 'a.crt', '-passout', 'pass:x', '-out', 'a.p12');
    bench.run('rsa', '-in', 'a.key', '-traditional', '-outform', 'DER', '-out', 'a.pkcs1');
    bench.run('pkcs8', '-topk8', '-in', 'a.key', '-passout', 'pass:x', '-outform', 'DER', '-out', 'a.p8');
    bench.run('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-outform', 'DER', '-out', 'ec.key');
    bench.file('index', '');
    bench.file('ca.cnf', '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\ndefault_crl_days=1\n');
    bench.file('ca.key', ca.authority.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    bench.file('ca.crt', certificateToPem(ca.authority.certificate));
    bench.run('ca', '-config', 'ca.cnf', '-gencrl', '-keyfile', 'ca.key', '-cert', 'ca.crt', '-out', 'ca.crl');
    bench.run('crl', '-in', 'ca.crl', '-outform', 'DER', '-out', 'ca.crl.der');
    bench.run('rsa', '-in', 'a.key', '-RSAPublicKey_out', '-outform', 'DER', '-out', 'a.pub');
    const kinds = ['a.p12', 'a.pkcs1', 'a.p8', 'ec.key', 'ca.crl', 'ca.crl.der', 'a.pub'].map((file) =>
      refusalOf(() => readCertificates(bench.read(file))),
    );
    const [key, list] = ['private-key-not-certificate', 'crl-not-certificate'];
    expect(kinds).toEqual(['pkcs12-not-certificate', key, key, key, list, list, 'public-key-not-certificate']);
  });
});
