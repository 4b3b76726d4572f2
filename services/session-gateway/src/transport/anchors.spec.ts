import { describe, expect, it } from '@jest/globals';
import { KEY_PURPOSE, type Certificate } from '@certlane/pki';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import { Anchors } from './anchors.js';

const now = new Date('2026-03-01T12:00:00Z');
const ca = testCa({ name: 'Anchored', now });
const stranger = testCa({ name: 'Stranger', now });
const leaf = ca.issue().certificate;
const presented = (...certificates: Certificate[]) => certificates.map(({ der }) => ({ raw: der }));

function anchored(...certificates: Certificate[]): Anchors {
  const anchors = new Anchors();
  for (const { der } of [...certificates, stranger.root.certificate]) anchors.add(der);
  return anchors;
}

const outcome = (anchors: Anchors, chain: readonly { raw: Uint8Array }[], role: 'client' | 'server' = 'client') => {
  const verdict = anchors.judge(chain, role, now);
  return verdict.trusted ? 'trusted' : verdict.code;
};

describe('what a peer presents', () => {
  const { root, authority } = ca;
  const issued = (options: Parameters<typeof ca.issue>[0]) => ca.issue(options).certificate;
  it.each([
    ['below an installed authority', [leaf], 'trusted'],
    ['with a chain that is not needed', [leaf, authority.certificate, root.certificate], 'trusted'],
    ['nothing', [], 'NO_PEER_CERTIFICATE'],
    ['of another authority', [stranger.issue().certificate], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['self-signed', [testSelfSigned(now).certificate], 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', [issued({ expired: true })], 'CERT_HAS_EXPIRED'],
    ['of the future', [issued({ future: true })], 'CERT_NOT_YET_VALID'],
    ['with a key that is too small', [issued({ weak: 'rsa-1024' })], 'CERT_WEAK'],
    ['for servers only', [issued({ extendedKeyUsage: [KEY_PURPOSE.serverAuth] })], 'INVALID_PURPOSE'],
    ['for any purpose', [issued({ extendedKeyUsage: ['2.5.29.37.0'] })], 'trusted'],
    ['for no purpose in particular', [issued({ extendedKeyUsage: 'none', keyUsage: 'none' })], 'trusted'],
    ['that may encipher keys only', [issued({ keyUsage: ['keyEncipherment'] })], 'INVALID_PURPOSE'],
  ])('as a client: %s', (_what, chain, expected) => {
    expect(outcome(anchored(authority.certificate), presented(...chain))).toBe(expected);
  });

  it.each([
    ['for clients only', { extendedKeyUsage: [KEY_PURPOSE.clientAuth] }, 'INVALID_PURPOSE'],
    ['for servers only', { extendedKeyUsage: [KEY_PURPOSE.serverAuth] }, 'trusted'],
    ['that may encipher keys only', { keyUsage: ['keyEncipherment'] as const }, 'trusted'],
  ])('as a server: %s', (_what, options, expected) => {
    expect(outcome(anchored(authority.certificate), presented(issued(options)), 'server')).toBe(expected);
  });

  it('below an installed root needs the authority between', () => {
    const anchors = anchored(root.certificate);
    expect(outcome(anchors, presented(leaf))).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
    expect(outcome(anchors, presented(leaf, authority.certificate))).toBe('trusted');
  });

  it('below an authority for another purpose is not for TLS', () => {
    const mail = root.subordinate('Mail CA', { extendedKeyUsage: [KEY_PURPOSE.emailProtection] });
    const chain = presented(mail.issue().certificate, mail.certificate);
    expect(outcome(anchored(root.certificate), chain)).toBe('INVALID_PURPOSE');
  });

  it('that cannot be read is not trusted, and among the others does no harm', () => {
    const anchors = anchored(authority.certificate);
    const noise = { raw: Buffer.from('hello') };
    expect(outcome(anchors, [noise])).toBe('CERT_MALFORMED');
    expect(outcome(anchors, [...presented(leaf), noise])).toBe('trusted');
  });

  it('is itself an installed issuer, where an operator installed a self-signed certificate', () => {
    const { certificate } = testSelfSigned(now);
    expect(outcome(anchored(certificate), presented(certificate))).toBe('trusted');
  });

  it('is trusted no more once its issuer is taken out', () => {
    const anchors = anchored(authority.certificate);
    anchors.add(authority.certificate.der);
    expect(anchors.size).toBe(2);
    anchors.remove(authority.certificate.fingerprint);
    expect(outcome(anchors, presented(leaf))).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
    expect(anchors.fingerprints()).toEqual([stranger.root.certificate.fingerprint]);
  });
});
