import { describe, expect, it } from '@jest/globals';
import { revocationAddressesOf } from '../revocation/revocation-addresses.js';
import { writeOcspRequest } from '../revocation/ocsp/write-ocsp-request.js';
import { testCa } from './test-ca.js';
import { informationAccessExtension } from './path-extensions.js';
import { readTestOcspRequest } from './test-ocsp-request.js';

const { authority, root, issue } = testCa({ now: new Date('2026-11-20T12:00:00Z') });
const [asked, other] = [issue().certificate, issue().certificate];
const issuer = authority.certificate;

describe('a request that a responder of tests reads', () => {
  it.each(['sha1', 'sha256'] as const)('tells about whom it asks, over %s', (hash) => {
    const nonce = Uint8Array.of(9, 8, 7);
    const request = readTestOcspRequest(
      writeOcspRequest({ certificates: [{ certificate: asked, issuer }], hash, nonce }),
    );
    expect(request.ids.map(({ serialNumber }) => serialNumber)).toEqual([asked.serialNumber]);
    expect(request.nonce).toEqual(nonce);
    expect(request.asksAbout(asked, issuer)).toBe(true);
    expect(request.asksAbout(other, issuer)).toBe(false);
    expect(request.asksAbout(asked, root.certificate)).toBe(false);
  });

  it('need not have a nonce', () => {
    expect(readTestOcspRequest(writeOcspRequest({ certificates: [{ certificate: asked, issuer }] })).nonce).toBe(
      undefined,
    );
  });
});

describe('the addresses that a test certificate names', () => {
  it('are those that were asked for', () => {
    const access = { ocsp: ['http://127.0.0.1:8080/ocsp'], caIssuers: ['http://127.0.0.1:8080/ca.cer'] };
    const { certificate } = issue({ extensions: [informationAccessExtension(access)] });
    expect(revocationAddressesOf(certificate)).toMatchObject(access);
  });
});
