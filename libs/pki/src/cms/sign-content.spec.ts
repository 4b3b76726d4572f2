import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readDer } from '../asn1/read-der.js';
import { refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { readSigned, signContent, verifySigned } from './index.js';

const now = new Date('2026-03-01T12:00:00.500Z');
const ca = testCa({ now });
const content = Buffer.from('a datasheet');
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;

const KEYS: readonly [string, KeyObject, string, string][] = [
  ['RSA', testKey('cms'), 'sha256', 'rsaEncryption'],
  ['P-256', ec('prime256v1'), 'sha256', 'ecdsa-with-SHA256'],
  ['P-384', ec('secp384r1'), 'sha384', 'ecdsa-with-SHA384'],
  ['P-521', ec('secp521r1'), 'sha512', 'ecdsa-with-SHA512'],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey, 'sha512', 'Ed25519'],
];

describe('signContent', () => {
  it.each(KEYS)('signs with %s', (_, key, digest, algorithm) => {
    const { certificate, privateKey } = ca.issue({ key, serial: '0abc' });
    const octets = signContent({ content, certificate, privateKey, chain: ca.chain, at: now });
    const signed = readSigned(octets);
    expect(signed).toMatchObject({ contentType: '1.2.840.113549.1.7.1', content: new Uint8Array(content) });
    expect(signed.signers).toMatchObject([
      {
        identifier: { issuer: certificate.issuer, serialNumber: '0abc' },
        digestAlgorithm: { hash: digest },
        signatureAlgorithm: { name: algorithm },
        signedAttributes: { contentType: signed.contentType, signingTime: new Date('2026-03-01T12:00:00Z') },
      },
    ]);
    expect(verifySigned(signed, [certificate])).toMatchObject({ ok: true, signedBy: [certificate] });
    expect(verifySigned(signed, ca.chain)).toMatchObject({ ok: false, reason: 'signer-unknown' });
  });

  it('writes DER, each certificate once', () => {
    const { certificate, privateKey } = ca.issue();
    const chain = [...ca.chain, certificate, ...ca.chain];
    const octets = signContent({ content, certificate, privateKey, chain, at: now });
    expect(readDer(octets, { octets: 65_536, depth: 24, elements: 4096 }).octets).toEqual(octets);
    expect(
      readSigned(octets)
        .certificates.map((one) => one.fingerprint)
        .sort(),
    ).toEqual([certificate, ...ca.chain].map((one) => one.fingerprint).sort());
  });

  it.each([0, 1, 127, 128, 255, 256, 70_000])('carries %d octets', (length) => {
    const { certificate, privateKey } = ca.issue();
    const octets = new Uint8Array(length).fill(0x31);
    const signed = readSigned(signContent({ content: octets, certificate, privateKey, chain: [], at: now }));
    expect(signed.content).toEqual(octets);
    expect(verifySigned(signed, [certificate]).ok).toBe(true);
  });

  it('keeps a signing time from 2050 on', () => {
    const { certificate, privateKey } = ca.issue();
    const at = new Date('2050-01-01T00:00:00Z');
    const signed = readSigned(signContent({ content, certificate, privateKey, chain: [], at }));
    expect(signed.signers[0]?.signedAttributes?.signingTime).toEqual(at);
  });

  it('refuses what cannot sign', () => {
    const { certificate, privateKey } = ca.issue({ key: testKey('cms') });
    const sign = (options: object): string =>
      refusalOf(() => signContent({ content, certificate, privateKey, chain: [], at: now, ...options }));
    expect(sign({})).toBe('accepted');
    expect(sign({ privateKey: testKey('another') })).toBe('signer-unsuitable');
    expect(sign({ certificate: ca.issue({ key: testKey('cms'), keyUsage: ['keyEncipherment'] }).certificate })).toBe(
      'signer-unsuitable',
    );
    expect(sign({ privateKey: ec('secp256k1') })).toBe('key-unsupported');
    expect(sign({ privateKey: generateKeyPairSync('ed448').privateKey })).toBe('key-unsupported');
    expect(sign({ privateKey: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey })).toBe(
      'key-unsupported',
    );
  });
});
