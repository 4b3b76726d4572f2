import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { boolean, explicit, objectIdentifier, octetString, sequence } from '../asn1/write.js';
import { readDer } from '../asn1/read-der.js';
import { extension } from '../issuing/extension-values.js';
import { formatDistinguishedName } from '../names/index.js';
import { toHex } from '../octets.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { TestAuthority, testSelfSigned, unknownCriticalExtension } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { readCertificate } from './read-certificate.js';
import { weaknessesOf } from './weaknesses.js';

const now = new Date('2026-03-01T10:15:30Z');
const ca = testCa({ now });
const leaf = ca.issue({ host: 'oftp2.example.com', odetteId: 'O0013 ACME', serial: '00ff01' }).certificate;

describe('readCertificate', () => {
  it('gives every field of an OFTP2 certificate', () => {
    expect(leaf).toMatchObject({
      version: 3,
      serialNumber: 'ff01',
      notBefore: new Date('2026-02-28T10:15:30Z'),
      notAfter: new Date('2027-03-01T10:15:30Z'),
      publicKey: { algorithm: 'rsa', oid: '1.2.840.113549.1.1.1', bits: 2048, curve: undefined },
      signatureAlgorithm: { name: 'sha256WithRSAEncryption', scheme: 'rsa-pkcs1', hash: 'sha256' },
      keyUsage: { hex: 'a0', flags: ['digitalSignature', 'keyEncipherment'] },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      basicConstraints: undefined,
      dnsNames: ['oftp2.example.com'],
      uris: ['oftp://O0013%20ACME'],
      ipAddresses: [],
      emailAddresses: [],
      selfIssued: false,
      unknownCriticalExtensions: [],
      authorityKeyIdentifier: ca.authority.certificate.subjectKeyIdentifier,
    });
    expect(formatDistinguishedName(leaf.subject)).toBe('CN=oftp2.example.com,serialNumber=O0013 ACME,O=Example,C=DE');
    expect(formatDistinguishedName(leaf.issuer)).toBe('CN=Acme OFTP2 CA,O=Certlane Test,C=DE');
  });

  it('agrees with the certificate reader of Node', () => {
    for (const certificate of [leaf, ca.root.certificate, ca.authority.certificate, testSelfSigned(now).certificate]) {
      const other = new X509Certificate(certificate.der);
      expect(certificate.fingerprint).toBe(other.fingerprint256.replaceAll(':', '').toLowerCase());
      expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(`0x${other.serialNumber}`));
      expect(certificate.notAfter.toISOString()).toBe(new Date(other.validTo).toISOString());
      expect(toHex(certificate.publicKey.spki)).toBe(
        other.publicKey.export({ format: 'der', type: 'spki' }).toString('hex'),
      );
      expect(certificate.basicConstraints?.ca === true).toBe(other.ca);
    }
  });

  it('keeps its own copy of the octets', () => {
    const der = new Uint8Array(leaf.der);
    const read = readCertificate(der);
    der.fill(0);
    expect(read.der).toEqual(leaf.der);
    expect(() => Object.assign(read, { serialNumber: '01' })).toThrow(TypeError);
  });

  it('lists critical extensions it does not interpret', () => {
    const { certificate } = ca.issue({ extensions: [unknownCriticalExtension()] });
    expect(certificate.unknownCriticalExtensions).toEqual(['1.3.6.1.4.1.55555.1']);
  });

  it('reads a key usage with a ninth bit', () => {
    const { certificate } = ca.issue({ keyUsage: ['keyAgreement', 'decipherOnly'] });
    expect(certificate.keyUsage).toEqual({ hex: '0880', flags: ['keyAgreement', 'decipherOnly'] });
  });

  it('reads IP addresses of both kinds', () => {
    expect(ca.issue({ host: '192.0.2.1' }).certificate.ipAddresses).toEqual(['c0000201']);
    expect(ca.issue({ host: '2001:db8::1' }).certificate.ipAddresses).toEqual(['20010db8000000000000000000000001']);
  });
});

/** The leaf with a part of its tbsCertificate exchanged; signatures do not matter to reading. */
function rebuilt(change: (fields: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const outer = readDer(leaf.der, { octets: 65_536, depth: 16, elements: 4096 });
  const [tbs, algorithm, signature] = outer.children;
  const fields = tbs!.children.map((field) => field.octets);
  return sequence(sequence(...change(fields)), algorithm!.octets, signature!.octets);
}

const replaced = (at: number, field: Uint8Array): Uint8Array => rebuilt((fields) => fields.with(at, field));
const withExtensions = (...extensions: Uint8Array[]): Uint8Array => replaced(7, explicit(3, sequence(...extensions)));

describe('readCertificate on unusual certificates', () => {
  it('accepts what authorities in use get wrong: defaults that are written out, unknown extensions that are not critical', () => {
    const explicitDefaults = withExtensions(
      sequence(objectIdentifier('2.5.29.19'), boolean(false), octetString(sequence(boolean(false)))),
      extension('1.2.3', false, Uint8Array.of(0xff)),
    );
    expect(readCertificate(explicitDefaults).basicConstraints).toEqual({ ca: false, pathLength: undefined });
  });
});

describe('weaknessesOf', () => {
  it('finds small keys and broken hashes, and nothing in a sound certificate', () => {
    const reasons = (weak: 'rsa-1024' | 'sha1'): string[] =>
      weaknessesOf(ca.issue({ weak }).certificate).map(({ reason }) => reason);
    expect(reasons('rsa-1024')).toEqual(['small-rsa-key']);
    expect(reasons('sha1')).toEqual(['broken-signature-hash']);
    expect(weaknessesOf(leaf)).toEqual([]);
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('certificates that openssl makes (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  it.each([
    [
      'rsa-pkcs1',
      ['-newkey', 'rsa:2048', '-sha512'],
      { algorithm: 'rsa', bits: 2048 },
      { scheme: 'rsa-pkcs1', hash: 'sha512' },
    ],
    [
      'rsa-pss',
      ['-newkey', 'rsa:2048', '-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'],
      { algorithm: 'rsa', bits: 2048 },
      { scheme: 'rsa-pss', hash: 'sha256', saltLength: 32, maskHash: 'sha256' },
    ],
    [
      'ec',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
      { algorithm: 'ec', bits: 384, curve: 'P-384' },
      { scheme: 'ecdsa', hash: 'sha256' },
    ],
    [
      'ed25519',
      ['-newkey', 'ed25519'],
      { algorithm: 'ed25519', bits: undefined },
      { scheme: 'eddsa', hash: undefined },
    ],
  ])('with %s are read', (name, options, publicKey, signatureAlgorithm) => {
    bench.run(
      'req',
      '-x509',
      ...options,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-outform',
      'DER',
      '-out',
      `${name}.crt`,
      '-days',
      '30',
      '-subj',
      '/C=DE/CN=a',
      '-set_serial',
      '0x80ff',
    );
    const certificate = readCertificate(bench.read(`${name}.crt`));
    expect(certificate).toMatchObject({ publicKey, signatureAlgorithm, serialNumber: '80ff', selfIssued: true });
    expect(certificate.basicConstraints).toEqual({ ca: true, pathLength: undefined });
  });

  it('are the same to openssl when we made them', () => {
    const { certificate } = TestAuthority.root('Seen by openssl', now).issue({
      host: 'a.example',
      odetteId: 'O0013ACME',
    });
    const text = bench.run('x509', '-inform', 'DER', '-in', bench.file('ours.crt', certificate.der), '-noout', '-text');
    expect(text).toContain('X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment');
    expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
    expect(text).toContain('DNS:a.example, URI:oftp://O0013ACME');
  });
});
