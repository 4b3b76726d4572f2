import { describe, expect, it } from '@jest/globals';
import { testCa, testSelfSigned } from '../testing/index.js';
import { readTrustList } from './read-trust-list.js';
import { testTrustList } from './testing/index.js';
import { namedSignerOf, verifyTrustList } from './verify-trust-list.js';

const now = new Date('2026-11-20T12:00:00Z');
const signer = testSelfSigned(now, { subject: 'CN=List Signer' });
const { chain } = testCa({ now });
const services = { providers: [{ services: [{ certificates: chain }] }] };

describe('verifying a trust list', () => {
  it.each([
    ['exclusive canonicalization', {}],
    ['inclusive canonicalization', { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' }],
    ['RSA with SHA-512', { signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' }],
    ['RSASSA-PSS', { signatureMethod: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1' }],
    ['no KeyInfo', { keyInfo: null }],
    ['the enveloped transform alone', { transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'] }],
    ['XAdES', { xades: true }],
  ])('takes one signed with %s', (_, signature) => {
    const octets = testTrustList(signer, now, services, signature);
    const verified = verifyTrustList(octets, { signers: [chain[0]!, signer.certificate] });
    expect(verified.signer.fingerprint).toBe(signer.certificate.fingerprint);
    const list = readTrustList(verified.signedOctets);
    expect(list.skipped).toEqual([]);
    expect(list.providers[0]?.services[0]?.certificates.map(({ fingerprint }) => fingerprint)).toEqual(
      chain.map(({ fingerprint }) => fingerprint),
    );
  });

  it('tells who is named as signer', () => {
    expect(namedSignerOf(testTrustList(signer, now)).fingerprint).toBe(signer.certificate.fingerprint);
  });
});
