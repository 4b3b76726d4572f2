import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ContentCipher, KeyTransport, OaepHash } from './index.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { envelopChallenge, openChallenge, recipientsOf } from './index.js';

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('challenges exchanged with openssl (needs the openssl command)', () => {
  const ca = testCa({ now: new Date() });
  const ours = ca.issue({ serial: '0100' });
  const other = ca.issue({ serial: '0200' });
  const challenge = new Uint8Array(randomBytes(20));

  const bench = new OpensslBench();
  bench.file('our.crt', ours.certificatePem);
  bench.file('our.key', ours.privateKeyPem);
  bench.file('other.crt', other.certificatePem);
  bench.file('challenge', challenge);
  afterAll(() => {
    bench.remove();
  });

  const oaep = (hash: string, mask = hash): string[] => [
    ...['-keyopt', 'rsa_padding_mode:oaep'],
    ...['-keyopt', `rsa_oaep_md:${hash}`],
    ...['-keyopt', `rsa_mgf1_md:${mask}`],
  ];

  const ciphers: [ContentCipher, string][] = [
    ['3des', '-des3'],
    ['aes-256', '-aes-256-cbc'],
  ];
  const transports: [string, string[]][] = [
    ['PKCS #1 v1.5', []],
    ['OAEP with SHA-1', ['-keyopt', 'rsa_padding_mode:oaep']],
    ['OAEP with SHA-256', oaep('sha256')],
    ['OAEP with SHA-512', oaep('sha512')],
    ['OAEP with SHA3-512', oaep('sha3-512')],
    ['OAEP with SHA-256 and a mask of SHA-1, as Java sends it', oaep('sha256', 'sha1')],
    ['OAEP with SHA-1 and a mask of SHA-256', oaep('sha1', 'sha256')],
  ];
  const forms: [string, string[]][] = [
    ['DER, by issuer and serial number', []],
    ['BER in chunks, by issuer and serial number', ['-stream']],
    ['DER, by key identifier', ['-keyid']],
    ['BER in chunks, by key identifier', ['-stream', '-keyid']],
  ];

  const encrypt = (cipher: string, form: readonly string[], ...recipients: string[]): Uint8Array => {
    bench.run(
      'cms',
      '-encrypt',
      '-binary',
      '-outform',
      'DER',
      '-in',
      'challenge',
      '-out',
      'envelope',
      cipher,
      ...form,
      ...recipients,
    );
    return bench.read('envelope');
  };

  describe.each(ciphers)('%s', (cipher, flag) => {
    describe.each(transports)('%s', (_, options) => {
      it.each(forms)('from openssl in %s is opened', (__, form) => {
        const envelope = encrypt(flag, form, '-recip', 'our.crt', ...options);
        expect(openChallenge(envelope, [other, ours])).toEqual(challenge);
        expect(refusalOf(() => openChallenge(envelope, [other]))).toBe('challenge-undecipherable');
      });
    });

    it.each<[KeyTransport, OaepHash]>([
      ['rsaes-pkcs1-v1_5', 'sha256'],
      ['rsaes-oaep', 'sha1'],
      ['rsaes-oaep', 'sha256'],
      ['rsaes-oaep', 'sha384'],
      ['rsaes-oaep', 'sha512'],
      ['rsaes-oaep', 'sha3-512'],
    ])('of ours with %s and %s is opened by openssl', (keyTransport, hash) => {
      const envelope = envelopChallenge({ challenge, recipient: ours.certificate, cipher, keyTransport, hash });
      bench.file('ours', envelope);
      bench.run(
        'cms',
        '-decrypt',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'ours',
        '-recip',
        'our.crt',
        '-inkey',
        'our.key',
        '-out',
        'got',
      );
      expect(bench.read('got')).toEqual(challenge);
    });
  });

  it('for several recipients are opened by each', () => {
    const envelope = encrypt('-aes-256-cbc', ['-recip', 'other.crt'], '-recip', 'our.crt');
    expect(openChallenge(envelope, [ours])).toEqual(challenge);
    expect(openChallenge(envelope, [other])).toEqual(challenge);
    expect(recipientsOf(envelope)).toHaveLength(2);
  });

  it('beside recipients of other kinds are opened', () => {
    const extra = ['-secretkey', '000102030405060708090a0b0c0d0e0f', '-secretkeyid', '01', '-pwri_password', 'x'];
    const envelope = encrypt('-aes-256-cbc', extra, '-recip', 'our.crt');
    expect(openChallenge(envelope, [ours])).toEqual(challenge);
    expect(recipientsOf(envelope)).toEqual([{ issuer: ours.certificate.issuer, serialNumber: '0100' }]);
  });

  it('name their recipient', () => {
    expect(recipientsOf(encrypt('-des3', [], '-recip', 'our.crt'))).toEqual([
      { issuer: ours.certificate.issuer, serialNumber: '0100' },
    ]);
    expect(recipientsOf(encrypt('-des3', ['-keyid'], '-recip', 'our.crt'))).toEqual([
      { subjectKeyIdentifier: ours.certificate.subjectKeyIdentifier },
    ]);
  });

  it.each([
    ['a cipher outside the suites', ['-aes-128-cbc', '-recip', 'our.crt']],
    ['authenticated encryption', ['-aes-256-gcm', '-recip', 'our.crt']],
  ])('with %s are refused', (_, options) => {
    bench.run('cms', '-encrypt', '-binary', '-outform', 'DER', '-in', 'challenge', '-out', 'envelope', ...options);
    expect(refusalOf(() => openChallenge(bench.read('envelope'), [ours]))).toBe('challenge-undecipherable');
  });

  it.each([0, 8, 16, 19, 21, 23, 24, 31, 32, 40])('of %d octets are refused', (length) => {
    bench.file('challenge', new Uint8Array(length).fill(1));
    const envelopes = ['-des3', '-aes-256-cbc'].map((cipher) => encrypt(cipher, [], '-recip', 'our.crt'));
    bench.file('challenge', challenge);
    for (const envelope of envelopes) {
      expect(refusalOf(() => openChallenge(envelope, [ours]))).toBe('challenge-undecipherable');
    }
  });

  it('that are signed instead are refused', () => {
    bench.run(
      'cms',
      '-sign',
      '-binary',
      '-nodetach',
      '-outform',
      'DER',
      '-in',
      'challenge',
      '-signer',
      'our.crt',
      '-inkey',
      'our.key',
      '-out',
      'signed',
    );
    expect(refusalOf(() => openChallenge(bench.read('signed'), [ours]))).toBe('challenge-undecipherable');
    expect(refusalOf(() => recipientsOf(bench.read('signed')))).toBe('cms-malformed');
  });
});
