import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { certificateToPem } from '../certificate/index.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { readSigned, signContent, verifySigned } from './index.js';

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;

withOpenssl('signed content exchanged with openssl (needs the openssl command)', () => {
  const ca = testCa({ now: new Date() });
  const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff);
  const keys = {
    RSA: testKey('cms'),
    'P-256': ec('prime256v1'),
    'P-384': ec('secp384r1'),
    'P-521': ec('secp521r1'),
    Ed25519: generateKeyPairSync('ed25519').privateKey,
  };
  const identities = new Map(
    Object.entries(keys).map(([name, key], i) => [name, ca.issue({ key, serial: `0${i + 1}ff` })] as const),
  );
  const identity = (name: string): ReturnType<typeof ca.issue> => {
    const found = identities.get(name);
    if (found === undefined) throw new TypeError(`no key ${name}`);
    return found;
  };
  const all = [...identities.values()].map(({ certificate }) => certificate);

  const bench = new OpensslBench();
  bench.file('content', content);
  bench.file('root.crt', certificateToPem(ca.root.certificate));
  for (const [name, one] of identities) {
    bench.file(`${name}.crt`, one.certificatePem);
    bench.file(`${name}.key`, one.privateKeyPem);
  }
  afterAll(() => {
    bench.remove();
  });

  const signer = (name: string): string[] => ['-signer', `${name}.crt`, '-inkey', `${name}.key`];
  const sign = (...options: string[]): Uint8Array => {
    bench.run('cms', '-sign', '-binary', '-outform', 'DER', '-in', 'content', '-out', 'signed', ...options);
    return bench.read('signed');
  };

  // The openssl of long-term distributions (3.0) refuses Ed25519 in CMS.
  describe.each([...identities.keys()].filter((name) => name !== 'Ed25519'))('with %s', (name) => {
    const { certificate, privateKey } = identity(name);
    const rows: [string, string[]][] = [
      ['DER', ['-nodetach']],
      ['BER in chunks', ['-nodetach', '-stream']],
      ['a key identifier', ['-nodetach', '-keyid']],
      ['no certificate inside', ['-nodetach', '-nocerts']],
      ['no S/MIME capabilities', ['-nodetach', '-nosmimecap']],
    ];

    it.each(rows)('of openssl in %s is verified', (_, options) => {
      const signed = readSigned(sign(...options, ...signer(name)));
      expect(signed.content).toEqual(content);
      expect(verifySigned(signed, all)).toMatchObject({ ok: true, signedBy: [certificate] });
    });

    it.each(['sha256', 'sha384', 'sha512'])('of openssl over %s is verified', (digest) => {
      const signed = readSigned(sign('-nodetach', ...signer(name), '-md', digest));
      expect(signed.signers[0]?.digestAlgorithm.hash).toBe(digest);
      expect(verifySigned(signed, all)).toMatchObject({ ok: true, signedBy: [certificate] });
    });

    it('of ours is verified by openssl', () => {
      bench.file('ours', signContent({ content, certificate, privateKey, chain: ca.chain, at: new Date() }));
      bench.run(
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'ours', '-out', 'got'],
        ...['-CAfile', 'root.crt', '-purpose', 'any'],
      );
      expect(bench.read('got')).toEqual(content);
    });
  });

  it('of ours with Ed25519 has a signature that openssl finds good over the attributes', () => {
    const { certificate, privateKey } = identity('Ed25519');
    const signed = readSigned(signContent({ content, certificate, privateKey, chain: [], at: new Date() }));
    bench.file('signature', signed.signers[0]?.signature ?? '');
    bench.file('attributes', signed.signers[0]?.signedAttributes?.der ?? '');
    const verify = ['pkeyutl', '-verify', '-certin', '-inkey', 'Ed25519.crt', '-rawin', '-sigfile', 'signature', '-in'];
    expect(bench.run(...verify, 'attributes')).toContain('Signature Verified Successfully');
    expect(bench.try(...verify, 'content').status).not.toBe(0);
    expect(bench.run('asn1parse', '-inform', 'DER', '-in', 'attributes')).toContain('signingTime');
  });

  it.each(['RSA', 'P-256'])('of %s without attributes is verified', (name) => {
    const signed = readSigned(sign('-nodetach', '-noattr', ...signer(name)));
    expect(signed.signers[0]?.signedAttributes).toBeUndefined();
    expect(verifySigned(signed, all)).toMatchObject({ ok: true });
  });

  it.each([
    ['salt of the digest', 'sha256', 'sha256', '-1', 'verified'],
    ['the longest salt', 'sha384', 'sha384', '-2', 'verified'],
    ['no salt', 'sha512', 'sha512', '0', 'verified'],
    ['two hashes', 'sha256', 'sha1', '-1', 'signature-unsupported'],
  ])('of RSA-PSS with %s is %s', (_, digest, mask, salt, expected) => {
    const options = [
      ...['-keyopt', 'rsa_padding_mode:pss', '-keyopt', `rsa_pss_saltlen:${salt}`],
      ...['-keyopt', `rsa_mgf1_md:${mask}`],
    ];
    const signed = readSigned(sign('-nodetach', ...signer('RSA'), '-md', digest, ...options));
    const verdict = verifySigned(signed, all);
    expect(signed.signers[0]?.signatureAlgorithm.scheme).toBe('rsa-pss');
    expect(verdict.ok ? 'verified' : verdict.reason).toBe(expected);
  });

  it.each(['md5', 'sha1'])('over %s is refused', (digest) => {
    const verdict = verifySigned(readSigned(sign('-nodetach', ...signer('RSA'), '-md', digest)), all);
    expect(verdict).toMatchObject({ ok: false, reason: 'digest-weak' });
  });

  it('that is detached needs its content', () => {
    const signed = readSigned(sign(...signer('RSA')));
    expect(signed.content).toBeUndefined();
    expect(verifySigned(signed, all)).toMatchObject({ ok: false, reason: 'content-missing' });
    expect(verifySigned({ ...signed, content }, all)).toMatchObject({ ok: true });
    expect(verifySigned({ ...signed, content: content.subarray(1) }, all)).toMatchObject({ reason: 'digest-differs' });
  });

  it('of several signers tells of each', () => {
    const signed = readSigned(sign('-nodetach', ...signer('RSA'), ...signer('P-256'), ...signer('P-384')));
    const [known, other] = [identity('P-256').certificate, identity('Ed25519').certificate];
    const verdict = verifySigned(signed, [other, known]);
    expect(verdict).toMatchObject({ ok: true, signedBy: [known] });
    expect(verdict.signers.map((one) => (one.ok ? 'ok' : one.reason)).sort()).toEqual([
      'ok',
      'signer-unknown',
      'signer-unknown',
    ]);
    expect(verifySigned(signed, all)).toMatchObject({ ok: true, signedBy: { length: 3 } });
  });
});
