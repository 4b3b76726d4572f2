import { certificateSummary } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { day } from '../testing/records.js';
import { receiveCertificate } from './certificate-facts.js';

const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
const now = day(0);
/** A name that no text of RFC 4514 within the limits would give. */
const endless = Array.from({ length: 80 }, () => [{ type: '2.5.4.11', value: 'x'.repeat(60) }]);

describe('a certificate of a request', () => {
  it('is told as the contract wants it', () => {
    const { certificate } = testCa({ now }).issue({ serial: '0a01', subject: 'CN=a,O=Acme\\, Inc.,C=DE' });
    const received = receiveCertificate('certificate', base64(certificate.der));
    expect(received.der).toBe(base64(certificate.der));
    expect(certificateSummary.parse(received.summary)).toEqual({
      fingerprint: certificate.fingerprint,
      subject: 'CN=a,O=Acme\\, Inc.,C=DE',
      issuer: 'CN=Acme OFTP2 CA,O=Certlane Test,C=DE',
      serialNumber: 'a01',
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
      keyUsage: 'a0',
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    });
  });

  it('without key usage has none, not an empty one', () => {
    const { certificate } = testCa({ now }).issue({ keyUsage: 'none', extendedKeyUsage: 'none' });
    expect(summaryOf(certificate)).not.toHaveProperty('keyUsage');
    expect(summaryOf(certificate).extendedKeyUsage).toEqual([]);
  });

  it.each([
    ['octets that are no certificate', base64(Buffer.from('hello')), /this is no certificate/],
    ['a private key', base64(testSelfSigned(now).pkcs8), /this is no certificate/],
    ['nothing', '', /this is no certificate/],
    [
      'a certificate without a subject',
      base64(testCa({ now }).issue({ subject: '' }).certificate.der),
      /subject of this certificate is empty or longer/,
    ],
    [
      'a certificate with an endless subject',
      base64(testCa({ now }).issue({ subject: endless }).certificate.der),
      /subject of this certificate is empty or longer/,
    ],
  ])('%s is refused with the name of the field', (_name, text, words) => {
    expect(() => receiveCertificate('chain.2', text)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        details: { field: 'chain.2' },
        message: expect.stringMatching(words),
      }),
    );
  });
});
