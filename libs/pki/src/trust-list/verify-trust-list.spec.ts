import { createHash, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { testCa, testSelfSigned } from '../testing/index.js';
import { readTrustList } from './read-trust-list.js';
import { testTrustList, testTrustListXml } from './testing/index.js';
import { namedSignerOf, verifyTrustList } from './verify-trust-list.js';

const now = new Date('2026-11-20T12:00:00Z');
const signer = testSelfSigned(now, { subject: 'CN=List Signer' });
const { chain } = testCa({ now });
const services = { providers: [{ services: [{ certificates: chain }] }] };

/** A list signed with a hash and a key alone: everything is written in canonical form, so that no XML library is needed. */
function signedByHand(): Buffer {
  const spaces = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:tsl="http://uri.etsi.org/02231/v2#"';
  const canonicalization = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
  const algorithm = (name: string, uri: string): string => `<ds:${name} Algorithm="${uri}"></ds:${name}>`;
  const scheme = /<tsl:SchemeInformation>.*<\/tsl:SchemeInformation>/.exec(testTrustListXml(now))?.[0] ?? '';
  const list = (signature: string): string =>
    `<tsl:TrustServiceStatusList ${spaces}>${scheme}${signature}</tsl:TrustServiceStatusList>`;
  const digest = createHash('sha256').update(list('')).digest('base64');
  const signedInfo = (attributes: string): string =>
    [
      `<ds:SignedInfo${attributes}>`,
      algorithm('CanonicalizationMethod', canonicalization),
      algorithm('SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
      '<ds:Reference URI=""><ds:Transforms>',
      algorithm('Transform', 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'),
      algorithm('Transform', canonicalization),
      `</ds:Transforms>${algorithm('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256')}`,
      `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
    ].join('');
  const value = sign('sha256', Buffer.from(signedInfo(` ${spaces}`)), signer.privateKey).toString('base64');
  const signature = `<ds:SignatureValue>${value}</ds:SignatureValue>`;
  return Buffer.from(list(`<ds:Signature>${signedInfo('')}${signature}</ds:Signature>`));
}

describe('verifying a trust list', () => {
  it('takes one that was signed without our library, its prefix declared at the document element', () => {
    const verified = verifyTrustList(signedByHand(), { signers: [signer.certificate] });
    expect(readTrustList(verified.signedOctets)).toMatchObject({ sequenceNumber: 7, schemeName: 'Test OFTP2 TSL' });
  });

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
