import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isCertlaneError } from '@certlane/contracts';
import { certificateToPem } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { readImport, type ImportRequest } from './import-material.js';

const ca = testCa({ name: 'Import' });
const identity = ca.issue();
const stranger = testCa({ name: 'Stranger' });
const pemOf = (ders: readonly Uint8Array[]): Buffer =>
  Buffer.from(ders.map((der) => certificateToPem({ der })).join(''));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (content: object | string): Buffer =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));

const refusal = (request: Partial<ImportRequest>): string => {
  try {
    readImport({ chain: [], ...request });
  } catch (error) {
    if (isCertlaneError(error)) return `${error.code} ${String(error.details.field)}: ${error.message}`;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('readImport', () => {
  it('takes a certificate file with its chain behind it, and the key beside it', () => {
    const material = readImport({
      certificate: pemOf([identity.certificate, ...ca.chain].map(({ der }) => der)),
      secret: secret({ key: base64(identity.privateKeyPem) }),
      chain: [],
    });
    expect(material.certificate.fingerprint).toBe(identity.certificate.fingerprint);
    expect(material.chain).toHaveLength(2);
    expect(Buffer.from(material.privateKey!).equals(Buffer.from(identity.pkcs8))).toBe(true);
  });

  it('takes a certificate alone for a key that was made here', () => {
    const material = readImport({ certificate: identity.certificate.der, chain: [ca.authority.certificate.der] });
    expect(material.privateKey).toBeUndefined();
    expect(material.chain).toHaveLength(1);
  });

  it('sorts a chain from the issuer upwards, and takes neither the certificate itself nor one twice', () => {
    const above = ca.chain.map(({ der }) => der);
    const { certificate } = identity;
    const chain = [...above.toReversed(), certificate.der, ...above];
    const material = readImport({ certificate: certificate.der, chain });
    expect(material.chain.map(({ der }) => der)).toEqual(above);
  });

  it('leaves behind what a file holds beside the certificate and its chain', () => {
    const octets = [identity.certificate, stranger.root.certificate, ca.authority.certificate].map(({ der }) => der);
    const material = readImport({ certificate: pemOf(octets), chain: [] });
    expect(material.chain.map(({ fingerprint }) => fingerprint)).toEqual([ca.authority.certificate.fingerprint]);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each<[what: string, request: Partial<ImportRequest>, says: RegExp]>([
    ['nothing at all', {}, /invalid-argument certificate: .*a certificate is needed/],
    ['a secret that is no JSON', { secret: secret('geheim') }, /invalid-argument secret: .*does not hold/],
    [
      'a secret with more in it',
      { secret: secret({ key: 'AA==', extra: 1 }) },
      /invalid-argument secret: .*does not hold/,
    ],
    [
      'a certificate beside PKCS#12',
      { certificate: identity.certificate.der, secret: secret({ pkcs12: 'AA==', password: '' }) },
      /invalid-argument certificate: .*brings its own certificate/,
    ],
    [
      'an EC key',
      { certificate: ca.issue({ key: ec }).certificate.der },
      /invalid-argument certificate: .*of type ec; secure authentication \(RFC 5024\) needs an RSA key/,
    ],
    [
      'a SHA-1 signature',
      { certificate: ca.issue({ weak: 'sha1' }).certificate.der },
      /invalid-argument certificate: .*stronger/,
    ],
    [
      'an encrypted key without password',
      { certificate: identity.certificate.der, secret: secret({ key: base64(encrypted()) }) },
      /invalid-argument secret: .*password/,
    ],
    [
      'an encrypted key with a wrong password',
      { certificate: identity.certificate.der, secret: secret({ key: base64(encrypted()), password: 'wrong' }) },
      /invalid-argument secret: .*password/,
    ],
    [
      'a chain that is none',
      { certificate: identity.certificate.der, chain: [Buffer.from('no')] },
      /invalid-argument chain: /,
    ],
    [
      'a chain with a certificate of others in it',
      {
        certificate: identity.certificate.der,
        chain: [ca.authority, stranger.root].map(({ certificate }) => certificate.der),
      },
      /invalid-argument chain: chain: CN=.* is not above this certificate: it signed neither .*; give the certificates of/,
    ],
    [
      'a chain with a gap',
      { certificate: identity.certificate.der, chain: [ca.root.certificate.der] },
      /invalid-argument chain: .*without a gap/,
    ],
  ])('refuses %s and says what to give', (_what, request, says) => {
    expect(refusal(request)).toMatch(says);
  });

  it('never quotes what was sealed', () => {
    expect(refusal({ secret: secret('{"key":"c2VjcmV0","password":5}') })).not.toContain('c2VjcmV0');
  });
});

function encrypted(): string {
  return identity.privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'right' })
    .toString();
}
