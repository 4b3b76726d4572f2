import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Certificate, readCertificate, type SignatureAlgorithm } from '../certificate/index.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { TestAuthority } from '../testing/test-authority.js';
import { isSignedBy } from './verify-signature.js';

const now = new Date('2026-03-01T00:00:00Z');
const root = TestAuthority.root('Signer', now);
const leaf = root.issue().certificate;
const withAlgorithm = (change: Partial<SignatureAlgorithm>): Certificate => ({
  ...leaf,
  signatureAlgorithm: { ...leaf.signatureAlgorithm, ...change },
});

/** A leaf whose issuer has an RSA key of these sizes: nobody has the private one, and nobody needs it to keep a verifier busy. */
const costlyIssuer = (modulusOctets: number, exponentOctets: number): Certificate => {
  const odd = (octets: number): string => {
    const number = randomBytes(octets);
    number[0] = 0xc1;
    number[octets - 1] = (number[octets - 1] ?? 0) | 1;
    return number.toString('base64url');
  };
  const jwk = { kty: 'RSA', n: odd(modulusOctets), e: odd(exponentOctets) };
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return { ...root.certificate, publicKey: { ...root.certificate.publicKey, spki, bits: modulusOctets * 8 } };
};

describe('isSignedBy', () => {
  it.each([
    ['an exponent of five octets', 256, 5, false],
    ['an exponent as long as the modulus', 384, 384, false],
    ['a modulus of 16384 bits', 2_048, 3, false],
    ['an exponent of four octets', 256, 4, true],
    ['a modulus of 8192 bits', 1_024, 3, true],
  ])('works with a key as large as any in use: %s', (_name, modulus, exponent, worked) => {
    const result = isSignedBy(leaf, costlyIssuer(modulus, exponent));
    expect(result.ok).toBe(false);
    expect(!result.ok && result.message.includes('cannot be used')).toBe(!worked);
  });

  it('holds for the issuer, and for no one else', () => {
    expect(isSignedBy(leaf, root.certificate)).toEqual({ ok: true });
    expect(isSignedBy(leaf, leaf)).toEqual({ ok: false, message: "its signature is not its issuer's" });
  });

  it.each([
    ['another hash', withAlgorithm({ hash: 'sha512' }), 'not its issuer'],
    ['MD5, which anyone can forge', withAlgorithm({ hash: 'md5', name: 'md5WithRSAEncryption' }), 'can be forged'],
    ['an unknown algorithm', withAlgorithm({ scheme: 'other', name: '1.2.3' }), '1.2.3 is not supported'],
    ['DSA', withAlgorithm({ scheme: 'dsa', name: 'dsa-with-sha1' }), 'not supported'],
    ['an unknown hash', withAlgorithm({ hash: undefined }), 'hash of'],
    ['an algorithm of another kind of key', withAlgorithm({ scheme: 'ecdsa' }), 'cannot have done'],
    [
      'PSS with two hashes',
      withAlgorithm({ scheme: 'rsa-pss', maskHash: 'sha1', saltLength: 20 }),
      'two different hashes',
    ],
    ['PSS that is none', withAlgorithm({ scheme: 'rsa-pss', maskHash: 'sha256', saltLength: 32 }), 'not its issuer'],
    [
      'PSS with an absurd salt',
      withAlgorithm({ scheme: 'rsa-pss', maskHash: 'sha256', saltLength: 2_000_000 }),
      'signature',
    ],
    ['no signature', { ...leaf, signature: new Uint8Array(0) }, 'signature'],
    ['a signature of another length', { ...leaf, signature: new Uint8Array(1000) }, 'signature'],
  ])('does not hold for %s', (_, certificate, message) => {
    const result = isSignedBy(certificate, root.certificate);
    expect(result.ok).toBe(false);
    expect(result).toHaveProperty('message', expect.stringContaining(message));
  });

  it('does not hold for an issuer whose key cannot be read', () => {
    const broken = { ...root.certificate, publicKey: { ...root.certificate.publicKey, spki: new Uint8Array(4) } };
    expect(isSignedBy(leaf, broken)).toEqual({ ok: false, message: expect.stringContaining('cannot be used') });
  });

  it.each([
    ['an EC key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['an Ed25519 key', generateKeyPairSync('ed25519').privateKey],
  ])('holds for %s', (_, key) => {
    const other = TestAuthority.root('Other key', now, { key });
    expect(isSignedBy(other.issue().certificate, other.certificate)).toEqual({ ok: true });
    expect(isSignedBy(leaf, other.certificate).ok).toBe(false);
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('signatures of openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  const pss = (...options: string[]): string[] => [
    '-sigopt',
    'rsa_padding_mode:pss',
    ...options.flatMap((option) => ['-sigopt', option]),
  ];
  it.each([
    ['RSA with SHA-1', ['-newkey', 'rsa:2048', '-sha1']],
    ['RSA with SHA-384', ['-newkey', 'rsa:2048', '-sha384']],
    ['RSA with SHA3-512', ['-newkey', 'rsa:2048', '-sha3-512']],
    ['RSA-PSS with SHA-256', ['-newkey', 'rsa:2048', '-sha256', ...pss('rsa_pss_saltlen:32')]],
    ['RSA-PSS with SHA-512 and no salt', ['-newkey', 'rsa:2048', '-sha512', ...pss('rsa_pss_saltlen:0')]],
    [
      'RSA-PSS with SHA-1, whose parameters are all defaults',
      ['-newkey', 'rsa:2048', '-sha1', ...pss('rsa_pss_saltlen:20')],
    ],
    ['an RSA-PSS key', ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048', '-sha256']],
    ['ECDSA on P-521', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512']],
    ['Ed25519', ['-newkey', 'ed25519']],
    ['Ed448', ['-newkey', 'ed448']],
  ])('with %s hold', (_, options) => {
    bench.run(
      'req',
      '-x509',
      ...options,
      '-nodes',
      '-keyout',
      'a.key',
      '-outform',
      'DER',
      '-out',
      'a.crt',
      '-days',
      '30',
      '-subj',
      '/CN=a',
    );
    const certificate = readCertificate(bench.read('a.crt'));
    expect(isSignedBy(certificate, certificate)).toEqual({ ok: true });
    const forged = { ...certificate, tbsCertificate: certificate.tbsCertificate.with(-1, 0x5a) };
    expect(isSignedBy(forged, certificate).ok).toBe(false);
  });
});
