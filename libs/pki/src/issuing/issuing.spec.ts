import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { certificateToPem } from '../certificate/index.js';
import { formatDistinguishedName, parseDistinguishedName as dn } from '../names/index.js';
import { toHex } from '../octets.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testKey } from '../testing/test-keys.js';
import { isSignedBy } from '../validation/index.js';
import { createCertificationRequest, createSelfSigned } from './index.js';
import { ipAddressOctets } from './ip-address.js';

const keys = { privateKey: testKey('issuing') };
const subject = dn('CN=oftp2.acme.example,serialNumber=O0013000000ACME,O=Acme & Söhne,C=DE');
const dates = { notBefore: new Date('2026-03-01T00:00:00Z'), notAfter: new Date('2027-03-01T00:00:00Z') };
const host = 'oftp2.acme.example';
const odetteId = 'O0013000000ACME';

describe('createSelfSigned', () => {
  const certificate = createSelfSigned({ subject, keys, host, odetteId, ...dates });

  it('makes a certificate of the OFTP2 profile', () => {
    expect(certificate).toMatchObject({
      version: 3,
      subject,
      issuer: subject,
      ...dates,
      keyUsage: { hex: 'a0' },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      basicConstraints: { ca: false },
      signatureAlgorithm: { name: 'sha256WithRSAEncryption' },
      dnsNames: [host],
      uris: [`oftp://${odetteId}`],
      selfIssued: true,
    });
    expect(certificate.authorityKeyIdentifier).toBe(certificate.subjectKeyIdentifier);
    expect(isSignedBy(certificate, certificate)).toEqual({ ok: true });
  });

  it('gives every certificate a serial number of its own, or the one that is asked for', () => {
    const serial = (asked?: string): string =>
      createSelfSigned({ subject, keys, ...dates, serial: asked }).serialNumber;
    expect(serial()).toMatch(/^[4-7][0-9a-f]{31}$/);
    expect(serial()).not.toBe(serial());
    expect(serial('1')).toBe('01');
    expect(serial(`7${'f'.repeat(39)}`)).toBe(`7${'f'.repeat(39)}`);
  });

  it('leaves the alternative names away when neither host nor Odette ID is given', () => {
    const oids = createSelfSigned({ subject, keys, ...dates }).extensions.map(({ oid }) => oid);
    expect(oids).not.toContain('2.5.29.17');
  });

  it('writes characters of an Odette ID that no URI has in their escaped form', () => {
    expect(createSelfSigned({ subject, keys, ...dates, odetteId: 'O0013 A/&(' }).uris).toEqual([
      'oftp://O0013%20A%2F%26(',
    ]);
  });

  it.each([
    ['an empty subject', { subject: [] }, 'subject is empty'],
    ['dates in the wrong order', { notBefore: dates.notAfter, notAfter: dates.notBefore }, 'end before it begins'],
    ['a date that is none', { notAfter: new Date(NaN) }, 'end before it begins'],
    ['a host with a blank', { host: 'a b' }, 'The host "a b"'],
    ['an empty host', { host: '' }, 'The host ""'],
    ['a host that is a URL', { host: 'https://a.example' }, 'neither a DNS name'],
    ['serial number zero', { serial: '00' }, 'serial number "00"'],
    ['a serial number of 160 bits', { serial: 'f'.repeat(40) }, 'serial number'],
    ['a serial number that is no hex', { serial: 'xyz' }, 'serial number "xyz"'],
  ])('refuses %s', (_, change, message) => {
    const make = (): unknown => createSelfSigned({ subject, keys, host, odetteId, ...dates, ...change });
    expect(refusalOf(make)).toBe('issuing-invalid');
    expect(messageOf(make)).toContain(message);
  });

  it('refuses keys it cannot sign with', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    expect(refusalOf(() => createSelfSigned({ subject, keys: { privateKey }, ...dates }))).toBe('key-unsupported');
  });
});

describe('ipAddressOctets', () => {
  it.each([
    ['192.0.2.1', 'c0000201'],
    ['0.0.0.0', '00000000'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8::1:0', '20010db8000000000000000000010000'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:192.0.2.1', `${'0'.repeat(20)}ffffc0000201`],
    ['1::', `0001${'0'.repeat(28)}`],
  ])('reads %s', (text, hex) => {
    const octets = ipAddressOctets(text);
    expect(octets === undefined ? undefined : toHex(octets)).toBe(hex);
  });

  it.each([
    '',
    'a.example',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
  ])('does not take %j for one', (text) => {
    expect(ipAddressOctets(text)).toBeUndefined();
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('what we issue, as openssl sees it (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  it('a request proves its key and asks for the profile', () => {
    bench.file('a.csr', createCertificationRequest({ subject, keys, host, odetteId }));
    const verdict = bench.try('req', '-in', 'a.csr', '-verify', '-noout', '-text', '-nameopt', 'RFC2253,-esc_msb,utf8');
    expect(verdict.status).toBe(0);
    expect(verdict.output).toMatch(/verify OK/i);
    expect(verdict.output).toContain('Subject: CN=oftp2.acme.example,serialNumber=O0013000000ACME,O=Acme & Söhne,C=DE');
    expect(verdict.output).toContain('Digital Signature, Key Encipherment');
    expect(verdict.output).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
    expect(verdict.output).toContain('DNS:oftp2.acme.example, URI:oftp://O0013000000ACME');
  });

  it('a request becomes a certificate with the same subject', () => {
    bench.file('a.csr', createCertificationRequest({ subject, keys, host, odetteId }));
    bench.file('a.key', keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    bench.run(
      'x509',
      '-req',
      '-in',
      'a.csr',
      '-signkey',
      'a.key',
      '-days',
      '30',
      '-copy_extensions',
      'copy',
      '-out',
      'a.crt',
    );
    const text = bench.run('x509', '-in', 'a.crt', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,utf8');
    expect(text.trim()).toBe(`subject=${formatDistinguishedName(subject)}`);
  });

  it('a self-signed certificate verifies against itself', () => {
    const certificate = createSelfSigned({ subject, keys, host: '192.0.2.1', odetteId, ...dates });
    bench.file('self.pem', certificateToPem(certificate));
    expect(bench.try('verify', '-attime', '1780000000', '-CAfile', 'self.pem', 'self.pem').output).toContain(
      'self.pem: OK',
    );
  });

  it('dates from 2050 on are written as GeneralizedTime', () => {
    const certificate = createSelfSigned({
      subject,
      keys,
      notBefore: dates.notBefore,
      notAfter: new Date('2050-01-01T00:00:00Z'),
    });
    bench.file('late.pem', certificateToPem(certificate));
    expect(bench.run('asn1parse', '-in', 'late.pem')).toMatch(
      /UTCTIME\s+:260301000000Z[\s\S]*GENERALIZEDTIME\s+:20500101000000Z/,
    );
  });
});
