import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { algorithmIdentifier, explicit, integer, nullValue, octetString, sequence, setOf } from '../asn1/write.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { testAttribute, testAttributes, testSignedData, testSigner, type TestSigner } from '../testing/test-signed.js';
import { readSigned, type SignedVerdict, verifySigned } from './index.js';

const ca = testCa({ now: new Date('2026-03-01T00:00:00Z') });
const ours = ca.issue({ key: testKey('cms'), serial: '0100' });
const other = ca.issue({ key: testKey('cms other'), serial: '0200' });
const content = new Uint8Array(Buffer.from('a datasheet'));
const altered = new Uint8Array(Buffer.from('A datasheet'));
const [contentType = content, messageDigest = content] = testAttributes(content);
const DIGEST = '1.2.840.113549.1.9.4';
const SHA1 = algorithmIdentifier('1.3.14.3.2.26');
const SHA384 = algorithmIdentifier('2.16.840.1.101.3.4.2.2');

const verdictOf = (signers: readonly Uint8Array[], carried: Uint8Array | undefined = content): SignedVerdict =>
  verifySigned(readSigned(testSignedData(carried, signers)), [ours.certificate]);

const outcome = (verdict: SignedVerdict): string => (verdict.ok ? 'verified' : verdict.reason);
const one = (options: TestSigner = {}): string => outcome(verdictOf([testSigner(ours, content, options)]));

const pss = (hash: string, salt: number, ...further: readonly Uint8Array[]): Uint8Array => {
  const algorithm = algorithmIdentifier(hash);
  const mask = algorithmIdentifier('1.2.840.113549.1.1.8', algorithm);
  const parts = [explicit(0, algorithm), explicit(1, mask), explicit(2, integer(salt)), ...further];
  return algorithmIdentifier('1.2.840.113549.1.1.10', sequence(...parts));
};
const SHA256 = '2.16.840.1.101.3.4.2.1';
const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

describe('verifySigned', () => {
  const rows: [string, TestSigner, string][] = [
    ['as it should be', {}, 'verified'],
    ['by key identifier', { keyIdentifier: ours.certificate.subjectKeyIdentifier ?? '', version: 3 }, 'verified'],
    ['with attributes in another order', { attributes: [messageDigest, contentType], unsorted: true }, 'verified'],
    [
      'with another attribute',
      { attributes: [contentType, messageDigest, testAttribute('1.2.3', integer(1))] },
      'verified',
    ],
    ['directly', { attributes: 'none' }, 'verified'],
    ['with PSS', { signatureAlgorithm: pss(SHA256, 32), padding }, 'verified'],
    [
      'with the RSA algorithm that names its hash',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.11', nullValue()) },
      'verified',
    ],
    ['with a key identifier of nobody', { keyIdentifier: '00', version: 3 }, 'signer-unknown'],
    ['with attributes of other content', { content: altered }, 'digest-differs'],
    ['directly over other content', { content: altered, attributes: 'none' }, 'signature-invalid'],
    ['with another key', { key: other.privateKey }, 'signature-invalid'],
    ['with an empty signature', { signature: new Uint8Array(0) }, 'signature-invalid'],
    ['with a signature of zeros', { signature: new Uint8Array(256) }, 'signature-invalid'],
    ['without a content type', { attributes: [messageDigest] }, 'attributes-missing'],
    ['without a digest', { attributes: [contentType] }, 'attributes-missing'],
    [
      'with a digest cut short',
      {
        attributes: [
          contentType,
          testAttribute(DIGEST, octetString(createHash('sha256').update(content).digest().subarray(1))),
        ],
      },
      'digest-differs',
    ],
    [
      'with an empty digest',
      { attributes: [contentType, testAttribute(DIGEST, octetString(new Uint8Array(0)))] },
      'digest-differs',
    ],
    ['over SHA-1', { digest: 'sha1', digestAlgorithm: SHA1 }, 'digest-weak'],
    ['over MD5', { digest: 'md5', digestAlgorithm: algorithmIdentifier('1.2.840.113549.2.5') }, 'digest-weak'],
    ['directly over SHA-1', { digest: 'sha1', digestAlgorithm: SHA1, attributes: 'none' }, 'digest-weak'],
    [
      'with SHA-1 in the signature alone',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.5') },
      'digest-weak',
    ],
    [
      'with PSS that leaves all to its defaults',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.10', sequence()), padding },
      'digest-weak',
    ],
    ['over a digest unknown', { digestAlgorithm: algorithmIdentifier('1.2.3') }, 'digest-unsupported'],
    [
      'over a digest other than the signature names',
      { digestAlgorithm: SHA384, signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.11') },
      'digest-unsupported',
    ],
    ['with a digest claimed that was not used', { digestAlgorithm: SHA384 }, 'digest-differs'],
    ['with an algorithm unknown', { signatureAlgorithm: algorithmIdentifier('1.2.3') }, 'signature-unsupported'],
    [
      'with an algorithm of another kind of key',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.10045.4.3.2') },
      'signature-invalid',
    ],
    ['with Ed25519 claimed', { signatureAlgorithm: algorithmIdentifier('1.3.101.112') }, 'digest-unsupported'],
    ['with PKCS #1 claimed to be PSS', { signatureAlgorithm: pss(SHA256, 32) }, 'signature-invalid'],
    ['with PSS claimed to be PKCS #1', { padding }, 'signature-invalid'],
    ['with PSS of another salt', { signatureAlgorithm: pss(SHA256, 20), padding }, 'signature-invalid'],
    ['with PSS of a negative salt', { signatureAlgorithm: pss(SHA256, -2), padding }, 'signature-unsupported'],
    [
      'with PSS of a salt beyond the key',
      { signatureAlgorithm: pss(SHA256, 0x7fffffff), padding },
      'signature-invalid',
    ],
    [
      'with PSS of another trailer',
      { signatureAlgorithm: pss(SHA256, 32, explicit(3, integer(2))), padding },
      'signature-unsupported',
    ],
    [
      'with PSS of another hash',
      { signatureAlgorithm: pss('2.16.840.1.101.3.4.2.3', 32), padding },
      'digest-unsupported',
    ],
  ];
  it.each(rows)('judges a signature made %s', (_, options, expected) => {
    expect(one(options)).toBe(expected);
  });

  it('refuses content that was exchanged, and content that is missing', () => {
    expect(outcome(verdictOf([testSigner(ours, content)], altered))).toBe('digest-differs');
    const detached = readSigned(testSignedData(undefined, [testSigner(ours, content)]));
    expect(outcome(verifySigned(detached, [ours.certificate]))).toBe('content-missing');
    expect(outcome(verifySigned({ ...detached, content }, [ours.certificate]))).toBe('verified');
  });

  it('refuses attributes in the place of the content they stood for', () => {
    const attributes = setOf(...testAttributes(content));
    const signed = testSigner(ours, attributes, { attributes: 'none' });
    expect(outcome(verdictOf([signed], attributes))).toBe('attributes-as-content');
    const text = new Uint8Array(Buffer.from('1 looks like a SET OF'));
    expect(outcome(verdictOf([testSigner(ours, text, { attributes: 'none' })], text))).toBe('verified');
  });

  it('wants the type of the content to be the one that was signed', () => {
    const typed = (signer: Uint8Array): string =>
      outcome(
        verifySigned(readSigned(testSignedData(content, [signer], { contentType: '1.2.3' })), [ours.certificate]),
      );
    expect(typed(testSigner(ours, content))).toBe('content-type-differs');
    expect(typed(testSigner(ours, content, { attributes: 'none' }))).toBe('attributes-missing');
  });

  it('never relies on a certificate inside', () => {
    const certificates = [other.certificate.der, ours.certificate.der];
    const signed = readSigned(testSignedData(content, [testSigner(other, content)], { certificates }));
    expect(outcome(verifySigned(signed, [ours.certificate]))).toBe('signer-unknown');
    expect(outcome(verifySigned(signed, []))).toBe('signer-unknown');
    expect(verifySigned(signed, [ours.certificate, other.certificate])).toMatchObject({
      signedBy: [other.certificate],
    });
  });

  it('does not take a signer for another who is named', () => {
    const swapped = testSigner({ ...other, certificate: ours.certificate }, content);
    expect(outcome(verdictOf([swapped]))).toBe('signature-invalid');
  });

  it('tries every certificate that has the name', () => {
    const twin = ca.issue({ key: testKey('cms other'), serial: '0100' });
    const signed = readSigned(testSignedData(content, [testSigner(ours, content)]));
    for (const trusted of [
      [twin.certificate, ours.certificate],
      [ours.certificate, twin.certificate],
    ]) {
      expect(verifySigned(signed, trusted)).toMatchObject({ ok: true, signedBy: [ours.certificate] });
    }
  });

  it('refuses a certificate that is not for signatures', () => {
    const identity = ca.issue({ key: testKey('cms'), serial: '0300', keyUsage: ['keyEncipherment'] });
    const signed = readSigned(testSignedData(content, [testSigner(identity, content)]));
    expect(outcome(verifySigned(signed, [identity.certificate]))).toBe('key-usage');
  });

  it('tells of every signer, and of the one it knows when none is good', () => {
    const [good, bad, unknown] = [
      testSigner(ours, content),
      testSigner(ours, content, { key: other.privateKey }),
      testSigner(other, content),
    ];
    const verdict = verdictOf([unknown, bad, good, good]);
    expect(verdict).toMatchObject({ ok: true, signedBy: [ours.certificate] });
    expect(verdict.signers.map((signer) => (signer.ok ? 'ok' : signer.reason))).toEqual([
      'signer-unknown',
      'signature-invalid',
      'ok',
      'ok',
    ]);
    expect(outcome(verdictOf([unknown, bad]))).toBe('signature-invalid');
    expect(outcome(verdictOf([unknown]))).toBe('signer-unknown');
    expect(outcome(verdictOf([]))).toBe('no-signer');
  });

  it.each([
    ['sha512', '2.16.840.1.101.3.4.2.3', 'verified'],
    ['sha256', '2.16.840.1.101.3.4.2.1', 'digest-unsupported'],
  ])('judges Ed25519 over %s', (digest, oid, expected) => {
    const identity = ca.issue({ key: generateKeyPairSync('ed25519').privateKey, serial: '0400' });
    const attributes = testAttributes(content, digest);
    const signer = testSigner(identity, content, {
      attributes,
      digestAlgorithm: algorithmIdentifier(oid),
      signatureAlgorithm: algorithmIdentifier('1.3.101.112'),
      signature: sign(null, setOf(...attributes), identity.privateKey),
    });
    expect(outcome(verifySigned(readSigned(testSignedData(content, [signer])), [identity.certificate]))).toBe(expected);
  });

  it('says in a sentence what is wrong', () => {
    const verdict = verdictOf([testSigner(ours, content)], altered);
    expect(verdict.ok ? '' : verdict.message).toBe('The content is not the one that was signed: its digest differs.');
  });
});
