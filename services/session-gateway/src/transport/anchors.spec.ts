import { describe, expect, it } from '@jest/globals';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import { Anchors } from './anchors.js';

const now = new Date('2026-03-01T00:00:00.000Z');
const ca = testCa({ name: 'Anchors', now });
const stranger = testCa({ name: 'Stranger', now });
const raw = (...certificates: readonly { readonly der: Uint8Array }[]) => certificates.map(({ der }) => ({ raw: der }));
const own = ca.issue({ host: 'oftp.beta.example' }).certificate;
const foreign = stranger.issue({ host: 'oftp.beta.example' }).certificate;
const alone = testSelfSigned(now, { host: 'oftp.beta.example' }).certificate;

const anchors = new Anchors();
anchors.add(ca.authority.certificate.der);

const seen = (chain: readonly { readonly raw: Uint8Array }[], at = now): string => {
  const verdict = anchors.judge(chain, 'client', at);
  return verdict.trusted ? 'trusted' : verdict.code;
};

describe('the verdict over what a TLS peer presents', () => {
  it.each([
    ['a certificate of an installed issuer', raw(own), 'trusted'],
    ['with what else it sent along', raw(own, foreign, stranger.root.certificate), 'trusted'],
    ['nothing', [], 'NO_PEER_CERTIFICATE'],
    ['octets that are no certificate', [{ raw: Buffer.from('3000', 'hex') }], 'CERT_MALFORMED'],
    ['a certificate of another issuer', raw(foreign), 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    [
      'a certificate of another issuer with the whole of its chain',
      raw(foreign, stranger.authority.certificate, stranger.root.certificate),
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    ['a self-signed certificate', raw(alone), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('is for %s: %#', (_name, chain, expected) => {
    expect(seen(chain)).toBe(expected);
  });

  it('falls on the time of the handshake', () => {
    expect(seen(raw(own), new Date('2060-01-01T00:00:00.000Z'))).toBe('CERT_HAS_EXPIRED');
    expect(seen(raw(own), new Date('2000-01-01T00:00:00.000Z'))).toBe('CERT_NOT_YET_VALID');
  });

  it('is a no, whatever goes wrong in finding it', () => {
    expect(seen([{ raw: undefined as unknown as Uint8Array }])).toBe('CERT_UNTRUSTED');
  });
});
