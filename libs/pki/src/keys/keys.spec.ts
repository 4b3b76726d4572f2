import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { encodeElement, integer, nullValue, objectIdentifier, octetString, sequence } from '../asn1/write.js';
import { createKeyPair, keyMatches, privateKeyFromPkcs8, privateKeyToPkcs8, readPrivateKey, spkiOf } from './index.js';

const ca = testCa({ now: new Date() });
const [ours, other] = [ca.issue(), ca.issue()];
const text = (content: string): Uint8Array => new Uint8Array(Buffer.from(content));
const isOurs = (octets: Uint8Array, passphrase?: string): boolean =>
  readPrivateKey(octets, passphrase).equals(ours.privateKey);

describe('createKeyPair', () => {
  it('makes RSA keys and gives both halves as DER', async () => {
    const pair = await createKeyPair({ bits: 2048 });
    expect(pair.privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
    expect(privateKeyFromPkcs8(pair.pkcs8).equals(pair.privateKey)).toBe(true);
    const publicKey = createPublicKey({ key: Buffer.from(pair.spki), format: 'der', type: 'spki' });
    expect(publicKey.equals(createPublicKey(pair.privateKey))).toBe(true);
  });

  it('makes no other sizes', async () => {
    await expect(createKeyPair({ bits: 1024 as 2048 })).rejects.toMatchObject({ code: 'key-unsupported' });
  });
});

describe('readPrivateKey', () => {
  const pkcs1 = ours.privateKey.export({ format: 'der', type: 'pkcs1' });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const encrypted = ours.privateKey.export({
    format: 'der',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'geheim ä',
  });
  const encryptedPem = ours.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'geheim ä',
  });
  const legacyPem = ours.privateKey.export({
    format: 'pem',
    type: 'pkcs1',
    cipher: 'aes-128-cbc',
    passphrase: 'geheim ä',
  });

  it.each<[string, Uint8Array, string | undefined]>([
    ['PKCS#8 in PEM', text(ours.privateKeyPem), undefined],
    ['PKCS#8 in DER', ours.pkcs8, undefined],
    ['PKCS#1 in PEM', text(ours.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()), undefined],
    ['PKCS#1 in DER', pkcs1, undefined],
    ['PEM with a certificate before', text(ours.certificatePem + ours.privateKeyPem), undefined],
    ['PKCS#8 that is not encrypted, with a password nobody needs', ours.pkcs8, 'x'],
    ['encrypted PKCS#8 in DER', encrypted, 'geheim ä'],
    ['encrypted PKCS#8 in PEM', text(encryptedPem.toString()), 'geheim ä'],
    ['PEM encrypted the old way', text(legacyPem.toString()), 'geheim ä'],
  ])('reads %s', (_, octets, passphrase) => {
    expect(isOurs(octets, passphrase)).toBe(true);
  });

  it('reads an EC key in SEC 1 form', () => {
    expect(readPrivateKey(ec.export({ format: 'der', type: 'sec1' })).equals(ec)).toBe(true);
  });

  /** EncryptedPrivateKeyInfo with PBES2 of these parameters, written by hand from RFC 8018 appendix A. */
  const pbes2 = (
    rounds: number,
    kdf = '1.2.840.113549.1.5.12',
    cipher = '2.16.840.1.101.3.4.1.42',
    ivLength = 16,
  ): Uint8Array => {
    const kdfParameters = sequence(octetString(new Uint8Array(8)), integer(rounds));
    const scheme = sequence(objectIdentifier(cipher), octetString(new Uint8Array(ivLength)));
    const parameters = sequence(sequence(objectIdentifier(kdf), kdfParameters), scheme);
    return sequence(sequence(objectIdentifier('1.2.840.113549.1.5.13'), parameters), octetString(new Uint8Array(32)));
  };

  it.each<[string, Uint8Array, string | undefined, string, string]>([
    ['nothing', new Uint8Array(0), undefined, 'key-malformed', 'empty'],
    ['a text', text('secret'), undefined, 'key-malformed', 'cannot be read'],
    ['a certificate', text(ours.certificatePem), undefined, 'key-malformed', 'CERTIFICATE where a private key'],
    ['a certificate in DER', ours.certificate.der, undefined, 'key-malformed', 'a certificate where a private key'],
    ['a public key', ours.certificate.publicKey.spki, undefined, 'key-malformed', 'a public key where'],
    ['two keys', text(ours.privateKeyPem + other.privateKeyPem), undefined, 'key-malformed', 'several private keys'],
    ['a key cut short', ours.pkcs8.subarray(0, 600), undefined, 'key-malformed', 'cannot be read'],
    [
      'a key with octets behind',
      concatOctets([ours.pkcs8, text('x')]),
      undefined,
      'trailing-octets',
      '1 octets follow',
    ],
    ['a key of 70 KiB', new Uint8Array(70_000), undefined, 'too-large', '70000 octets'],
    [
      'a key of OpenSSH',
      text('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'),
      undefined,
      'key-unsupported',
      'ssh-keygen -p -m PKCS8',
    ],
    [
      'PKCS#8 of an unknown algorithm',
      sequence(integer(0), sequence(objectIdentifier('1.2.3'), nullValue()), octetString(new Uint8Array(4))),
      undefined,
      'key-unsupported',
      'PKCS8',
    ],
    ['an encrypted key without a password', encrypted, undefined, 'password-required', 'give its password'],
    [
      'an old encrypted key without a password',
      text(legacyPem.toString()),
      undefined,
      'password-required',
      'give its password',
    ],
    ['an encrypted key with a wrong password', encrypted, 'geheim', 'password-wrong', 'does not open'],
    [
      'an old encrypted key with a wrong password',
      text(legacyPem.toString()),
      'geheim',
      'password-wrong',
      'does not open',
    ],
    ['a key that asks for endless work', pbes2(2_000_001), 'x', 'work-limit', '2000001 rounds'],
    ['a key that asks for no work', pbes2(0), 'x', 'work-limit', '0 rounds'],
    [
      'an unknown key derivation',
      pbes2(1, '1.3.6.1.4.1.11591.4.11'),
      'x',
      'encryption-unsupported',
      '1.3.6.1.4.1.11591.4.11',
    ],
    ['an unknown cipher', pbes2(1, undefined, '1.2.3.4'), 'x', 'encryption-unsupported', 'openssl pkcs8 -topk8'],
    ['an IV of the wrong length', pbes2(1, undefined, undefined, 8), 'x', 'encryption-unsupported', 'IV of 8 octets'],
  ])('refuses %s', (_, octets, passphrase, code, message) => {
    expect(refusalOf(() => readPrivateKey(octets, passphrase))).toBe(code);
    expect(messageOf(() => readPrivateKey(octets, passphrase))).toContain(message);
  });

  it('throws nothing but refusals, and never repeats the key in one', () => {
    const secret = Buffer.from(ours.pkcs8).toString('hex').slice(200, 232);
    const seeds = [ours.pkcs8, text(ours.privateKeyPem), new Uint8Array(pkcs1), encodeElement(0x30, new Uint8Array(4))];
    fc.assert(
      fc.property(mutated(seeds), (octets) => {
        expect(messageOf(() => readPrivateKey(octets, 'x'))).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});

describe('keyMatches', () => {
  it('holds for the key of the certificate alone', () => {
    expect(keyMatches(ours.privateKey, ours.certificate)).toBe(true);
    expect(keyMatches(other.privateKey, ours.certificate)).toBe(false);
    expect(keyMatches(generateKeyPairSync('ed25519').privateKey, ours.certificate)).toBe(false);
  });

  it('does not hold for a key that cannot be used', () => {
    const { publicKey } = ours.certificate;
    expect(keyMatches(ours.privateKey, { publicKey: { ...publicKey, spki: new Uint8Array(3) } })).toBe(false);
  });
});

describe('private keys', () => {
  it('go to PKCS#8 and back', () => {
    expect(privateKeyFromPkcs8(privateKeyToPkcs8(ours.privateKey)).equals(ours.privateKey)).toBe(true);
    expect(spkiOf(ours.privateKey)).toEqual(ours.certificate.publicKey.spki);
    expect(refusalOf(() => privateKeyFromPkcs8(new Uint8Array(5)))).toBe('key-malformed');
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('private keys of openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  bench.file('a.key', ours.privateKeyPem);
  afterAll(() => {
    bench.remove();
  });

  it.each([
    ['AES-256', ['-v2', 'aes-256-cbc']],
    ['AES-128 with SHA-1', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1']],
    ['AES-192 with SHA-512', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512']],
    ['3DES', ['-v2', 'des3']],
    ['many rounds', ['-iter', '100000']],
    ['3DES of PKCS#12', ['-v1', 'PBE-SHA1-3DES']],
  ])('encrypted with %s are read', (_, options) => {
    bench.run(
      'pkcs8',
      '-topk8',
      '-in',
      'a.key',
      '-passout',
      'pass:geheim',
      '-outform',
      'DER',
      '-out',
      'a.p8',
      ...options,
    );
    expect(isOurs(bench.read('a.p8'), 'geheim')).toBe(true);
    expect(refusalOf(() => readPrivateKey(bench.read('a.p8'), 'falsch'))).toBe('password-wrong');
  });

  it.each([
    ['scrypt', ['-scrypt', '-scrypt_N', '16']],
    ['Camellia', ['-v2', 'camellia-256-cbc']],
  ])('encrypted with %s are refused with the remedy', (_, options) => {
    bench.run('pkcs8', '-topk8', '-in', 'a.key', '-passout', 'pass:geheim', '-out', 'a.p8', ...options);
    expect(messageOf(() => readPrivateKey(bench.read('a.p8'), 'geheim'))).toContain('openssl pkcs8 -topk8');
  });
});
