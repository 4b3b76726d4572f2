import { generateKeyPairSync } from 'node:crypto';
import { usages } from '@certlane/contracts';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { day } from '../testing/records.js';
import { requireKeyTransport, requireKeyUsage } from './key-fitness.js';

const ca = testCa({ now: day(0) });
const elliptic = ca.issue({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }).certificate;

describe('the key usage of a certificate', () => {
  it.each([
    ['of the OFTP2 profile serves every usage', ['digitalSignature', 'keyEncipherment'] as const, []],
    ['that is absent serves every usage', 'none' as const, []],
    ['for signing only does not open', ['digitalSignature'] as const, ['session-authentication', 'file-encryption']],
    ['for encryption only does not sign', ['keyEncipherment'] as const, ['file-signature', 'eerp-signature']],
    [
      'for non-repudiation only signs',
      ['nonRepudiation'] as const,
      ['tls', 'session-authentication', 'file-encryption'],
    ],
  ])('%s', (_name, keyUsage, refused) => {
    const { certificate } = ca.issue({ keyUsage });
    const serves = usages.filter((usage) => {
      try {
        requireKeyUsage(certificate, [usage]);
        return true;
      } catch {
        return false;
      }
    });
    expect(serves).toEqual(usages.filter((usage) => !(refused as readonly string[]).includes(usage)));
  });

  it('is refused with every usage it does not allow and what that needs', () => {
    const { certificate } = ca.issue({ keyUsage: ['digitalSignature'] });
    expect(() => requireKeyUsage(certificate, usages)).toThrow(
      /\(digitalSignature\) does not allow session-authentication \(keyEncipherment\), file-encryption \(keyEncipherment\)/,
    );
  });
});

it('an elliptic key cannot be enveloped for, but serves TLS and signatures', () => {
  expect(() => requireKeyTransport(elliptic, ['tls', 'session-authentication'])).toThrow(
    /session-authentication need an RSA key, this certificate has one of type ec/,
  );
  expect(() => requireKeyTransport(elliptic, ['tls', 'file-signature', 'eerp-signature'])).not.toThrow();
});
