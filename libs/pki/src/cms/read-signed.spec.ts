import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeElement, integer, octetString } from '../asn1/write.js';
import { isPkiError } from '../errors.js';
import { concatOctets, sameOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import { testAttribute, testAttributes, testSignedData, testSigner } from '../testing/test-signed.js';
import { readSigned, SIGNED_LIMITS, signContent, verifySigned } from './index.js';

const now = new Date('2026-03-01T00:00:00Z');
const ca = testCa({ now });
const ours = ca.issue({ key: testKey('cms'), serial: '0100' });
const { certificate, privateKey } = ours;
const content = new Uint8Array(Buffer.from('a datasheet'));
const signer = testSigner(ours, content);
const signed = signContent({ content, certificate, privateKey, chain: ca.chain, at: now });
const direct = testSignedData(content, [testSigner(ours, content, { attributes: 'none' })]);
const identified = testSignedData(content, [
  testSigner(ours, content, { keyIdentifier: certificate.subjectKeyIdentifier ?? '', version: 3 }),
]);

const withAttributes = (...attributes: readonly Uint8Array[]): Uint8Array =>
  testSignedData(content, [testSigner(ours, content, { attributes })]);
const [contentType = content, messageDigest = content] = testAttributes(content);
const DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';

describe('readSigned', () => {
  const refusals: [string, () => Uint8Array, string][] = [
    ['nothing', () => new Uint8Array(0), 'cms-malformed'],
    ['text', () => new Uint8Array(Buffer.from('a datasheet')), 'cms-malformed'],
    ['a certificate', () => certificate.der, 'cms-malformed'],
    ['octets after the end', () => concatOctets([signed, Uint8Array.of(0)]), 'trailing-octets'],
    ['more than a mebibyte', () => testSignedData(new Uint8Array(1_048_576), [signer]), 'too-large'],
    ['nine signers', () => testSignedData(content, new Array<Uint8Array>(9).fill(signer)), 'too-large'],
    ['17 certificates', () => bag(17), 'too-large'],
    [
      'a broken certificate',
      () => testSignedData(content, [signer], { certificates: [encodeElement(0x30, integer(1))] }),
      'certificate-malformed',
    ],
    ['an unknown version', () => testSignedData(content, [signer], { version: 2 }), 'cms-malformed'],
    [
      'an unknown version of a signer',
      () => testSignedData(content, [testSigner(ours, content, { version: 2 })]),
      'cms-malformed',
    ],
    [
      'two digests',
      () => withAttributes(contentType, messageDigest, testAttribute(DIGEST, octetString(content))),
      'cms-malformed',
    ],
    [
      'a digest of two values',
      () => withAttributes(contentType, testAttribute(DIGEST, octetString(content), octetString(signed))),
      'cms-malformed',
    ],
    ['a digest without value', () => withAttributes(contentType, testAttribute(DIGEST)), 'cms-malformed'],
    [
      'a digest that is no octet string',
      () => withAttributes(contentType, testAttribute(DIGEST, integer(1))),
      'cms-malformed',
    ],
    [
      'a time that is none',
      () => withAttributes(contentType, messageDigest, testAttribute(SIGNING_TIME, integer(1))),
      'cms-malformed',
    ],
    ['attributes without one', () => withAttributes(), 'cms-malformed'],
  ];
  const bag = (count: number): Uint8Array =>
    testSignedData(content, [signer], { certificates: new Array<Uint8Array>(count).fill(certificate.der) });

  it.each(refusals)('refuses %s', (_, make, code) => {
    expect(refusalOf(() => readSigned(make()))).toBe(code);
  });

  it('reads up to its limits, and to those it is given', () => {
    expect(readSigned(testSignedData(content, new Array<Uint8Array>(8).fill(signer))).signers).toHaveLength(8);
    expect(readSigned(bag(16)).certificates).toHaveLength(16);
    expect(readSigned(testSignedData(new Uint8Array(1_040_000), [signer])).content).toHaveLength(1_040_000);
    expect(refusalOf(() => readSigned(signed, { certificates: 2 }))).toBe('too-large');
    expect(refusalOf(() => readSigned(signed, { octets: signed.length - 1 }))).toBe('too-large');
    expect(refusalOf(() => readSigned(signed, { signers: 0 }))).toBe('too-large');
    expect(refusalOf(() => readSigned(bag(17), { certificates: 17 }))).toBe('accepted');
    expect(SIGNED_LIMITS).toEqual({ octets: 1_048_576, signers: 8, certificates: 16 });
  });

  it('names the type of another CMS object', () => {
    const enveloped = Uint8Array.from(signed);
    enveloped[enveloped.indexOf(0x06) + 10] = 3;
    expect(messageOf(() => readSigned(enveloped))).toContain('1.2.840.113549.1.7.3, not SignedData');
  });

  it('refuses every beginning of a signed object', () => {
    for (let length = 0; length < direct.length; length += 1) {
      expect(refusalOf(() => readSigned(direct.subarray(0, length)))).toBe('cms-malformed');
    }
  });
});

/** The content if the octets are read and verified, or `refused`; anything else that is thrown fails the test. */
function verifiedContent(octets: Uint8Array): Uint8Array | 'refused' {
  try {
    const read = readSigned(octets);
    const verdict = verifySigned(read, [certificate, ...ca.chain]);
    if (!verdict.ok) {
      expect(verdict.message).not.toBe('');
      return 'refused';
    }
    expect(verdict.signedBy).toEqual([certificate]);
    return read.content ?? 'refused';
  } catch (error) {
    if (!isPkiError(error)) throw error;
    expect(error.message).not.toBe('');
    return 'refused';
  }
}

describe('signed content that was changed on its way', () => {
  it('is what the tests below take it for', () => {
    for (const octets of [signed, direct, identified]) expect(verifiedContent(octets)).toEqual(content);
  });

  it('is refused, or is still the content that was signed', () => {
    fc.assert(
      fc.property(mutated([signed, direct, identified]), (octets) => {
        const found = verifiedContent(octets);
        if (found !== 'refused') expect(found).toEqual(content);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['with attributes', testSignedData(content, [signer])],
    ['without attributes', direct],
  ])('at any one octet is refused, or is still the content: %s', (_, sound) => {
    let refused = 0;
    for (let at = 0; at < sound.length; at += 1) {
      const octets = Uint8Array.from(sound);
      octets[at] = (octets[at] ?? 0) ^ (at % 2 === 0 ? 1 : 0x20);
      const found = verifiedContent(octets);
      if (found === 'refused') refused += 1;
      else expect(found).toEqual(content);
    }
    // What is not covered by the signature: the list of digests, versions, parameters of algorithms, letter case in names.
    expect(refused).toBeGreaterThan(sound.length * 0.8);
  });

  it('is refused when content, attributes or signature changed', () => {
    for (const part of [
      content,
      readSigned(signed).signers[0]?.signature,
      readSigned(signed).signers[0]?.signedAttributes?.der.subarray(4),
    ]) {
      const start = Buffer.from(signed).indexOf(part ?? 'missing');
      expect(start).toBeGreaterThan(0);
      for (let at = start; at < start + (part?.length ?? 0); at += 1) {
        const octets = Uint8Array.from(signed);
        octets[at] = (octets[at] ?? 0) ^ 1;
        expect(sameOctets(octets, signed)).toBe(false);
        expect(verifiedContent(octets)).toBe('refused');
      }
    }
  });

  it('is refused when it is nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        expect(verifiedContent(octets)).toBe('refused');
      }),
    );
  });
});
