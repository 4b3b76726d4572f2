import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, parseDistinguishedName } from '../names/index.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { TestAuthority, testSelfSigned } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { type Clid, clidMatches } from './clid.js';
import { logicalIdentityOf, sameLogicalIdentity } from './logical-identity.js';
import { readClid } from './read-clid.js';
import { writeClid } from './write-clid.js';

const now = new Date('2026-03-01T00:00:00Z');
const ca = testCa({ now });
const leaf = ca.issue({ serial: '0a1b2c' });
const keyIdentifier = ca.authority.certificate.subjectKeyIdentifier ?? '';

const ISSUER = 'Q049QWNtZSBPRlRQMiBDQSxPPUNlcnRsYW5lIFRlc3QsQz1ERQ==';
const SUBJECT = 'Q049b2Z0cDIuZXhhbXBsZS5jb20sc2VyaWFsTnVtYmVyPU8wMDEzMDAwMDAwVEVTVCxPPUV4YW1wbGUsQz1ERQ==';
const PURPOSES = '1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2';
const LINES = [`I=${ISSUER}`, 'N=0a1b2c', `A=${keyIdentifier}`, 'B=a0', `E=${PURPOSES}`, `S=${SUBJECT}`];

describe('writeClid', () => {
  it('writes I, N, A, B, E, S in lines', () => {
    expect(writeClid(leaf.certificate)).toBe(LINES.join('\n'));
  });

  it('takes the own key identifier of a self-signed certificate, and leaves E out where there is none', () => {
    const own = testSelfSigned(now, {
      serial: '07',
      subject: 'CN=a',
      keyUsage: 'none',
      extendedKeyUsage: 'none',
    }).certificate;
    expect(writeClid(own).split('\n')).toEqual([
      'I=Q049YQ==',
      'N=07',
      `A=${own.subjectKeyIdentifier ?? ''}`,
      'B=',
      'S=Q049YQ==',
    ]);
  });

  const keysOf = (certificate: Certificate): string =>
    Array.from(writeClid(certificate).matchAll(/^(.)=/gm), ([, key]) => key).join('');
  const issued = (subject: string, purposes: number): Certificate =>
    ca.issue({
      subject: `CN=${subject}`,
      serial: '0a',
      extendedKeyUsage: Array.from({ length: purposes }, (_, i) => `1.3.6.1.4.1.55555.${i + 100}`),
    }).certificate;

  it.each([
    ['everything where it fits', 'a', 2, 'INABES'],
    ['no E where that makes room', 'a'.repeat(300), 25, 'INABS'],
    ['neither E nor S where S alone is too long', 'a'.repeat(700), 2, 'INAB'],
  ])('writes %s', (_, subject, purposes, keys) => {
    const certificate = issued(subject, purposes);
    expect(keysOf(certificate)).toBe(keys);
    expect(Buffer.byteLength(writeClid(certificate))).toBeLessThanOrEqual(999);
  });

  it('fills 999 octets to the last', () => {
    // What "I N A B" leave, less the three octets of a line end and "S="; every three octets of name take four of base64.
    const room = 999 - Buffer.byteLength(writeClid(issued('a'.repeat(900), 1))) - 3;
    const longest = Math.floor(room / 4) * 3 - 3;
    expect(keysOf(issued('a'.repeat(longest), 1))).toBe('INABS');
    expect(keysOf(issued('a'.repeat(longest + 1), 1))).toBe('INAB');
  });

  it('refuses when the issuer alone is too long', () => {
    const { certificate } = TestAuthority.root('Long', now, { subject: `CN=${'a'.repeat(700)}` }).issue();
    expect(refusalOf(() => writeClid(certificate))).toBe('clid-too-long');
  });
});

describe('readClid', () => {
  const expected: Clid = {
    issuer: ca.authority.certificate.subject,
    serialNumber: '0a1b2c',
    authorityKeyIdentifier: keyIdentifier,
    keyUsage: 'a0',
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    subject: leaf.certificate.subject,
  };
  const plainIssuer = 'I=CN=Acme OFTP2 CA, O=Certlane Test, C=DE';
  const with_ = (key: string, line: string): string =>
    LINES.map((given) => (given.startsWith(key) ? line : given)).join('\n');

  it.each([
    ['what the standard says', LINES.join('\n')],
    ['CR LF', LINES.join('\r\n')],
    ['CR and a line at the end', `${LINES.join('\r')}\r`],
    ['another order', LINES.toReversed().join('\n')],
    ['blanks round the equals signs and empty lines', LINES.map((line) => line.replace('=', ' = ')).join('\n\n')],
    ['a name as it is', with_('I', plainIssuer)],
    ['a name in base64 without padding', with_('I', `I=${ISSUER.replace(/=+$/, '')}`)],
    ['a serial number with a leading zero octet', with_('N', 'N=000A1B2C')],
    ['a serial number without its leading digit', with_('N', 'N=a1b2c')],
    ['a serial number with colons', with_('N', 'N=0A:1B:2C')],
    ['a serial number with 0x', with_('N', 'N=0x0a1b2c')],
    ['a key identifier with colons', with_('A', `A=${keyIdentifier.toUpperCase().replace(/..(?=.)/g, '$&:')}`)],
    ['a key usage with a zero octet', with_('B', 'B=A000')],
    ['purposes with blanks', with_('E', `E=${PURPOSES.replace(',', ' , ')}`)],
    ['lines of other kinds', `renewal\nX=1\n${LINES.join('\n')}\nregards`],
  ])('reads %s', (_, text) => {
    expect(readClid(text)).toEqual(expected);
  });

  it('leaves undefined what the text leaves out', () => {
    expect(readClid(LINES.slice(0, 2).join('\n'))).toEqual({
      ...expected,
      authorityKeyIdentifier: undefined,
      keyUsage: undefined,
      extendedKeyUsage: undefined,
      subject: undefined,
    });
  });

  it.each([
    ['nothing', ''],
    ['a text', 'New certificate for O0013ACME, valid from March'],
    ['a text with one such line', 'I=the issuer changed\nplease note'],
    ['lines with small letters', 'i=CN=a\nn=01'],
    ['a serial number without an issuer', 'N=01\nA=00'],
  ])('takes %s for something else', (_, text) => {
    expect(readClid(text)).toBeUndefined();
  });

  it.each([
    ['a name that is none', with_('I', 'I=Acme'), 'Line I'],
    ['base64 of something else', with_('I', 'I=aGVsbG8='), 'Line I'],
    ['base64 that is no UTF-8', with_('S', 'S=//79'), 'Line S'],
    ['an empty name', with_('I', 'I='), 'Line I'],
    ['a serial number that is no hex', with_('N', 'N=12x'), 'Line N'],
    ['no serial number', with_('N', 'N='), 'Line N'],
    ['a key identifier that is no hex', with_('A', 'A=zz'), 'Line A'],
    ['a key usage that is no hex', with_('B', 'B=digitalSignature'), 'Line B'],
    ['a purpose that is no number', with_('E', 'E=serverAuth'), 'Line E'],
    ['a line twice', `${LINES.join('\n')}\nN=0b`, 'Line N'],
  ])('refuses %s', (_, text, line) => {
    expect(refusalOf(() => readClid(text))).toBe('clid-malformed');
    expect(messageOf(() => readClid(text))).toContain(line);
  });

  it('refuses a text beyond all measure', () => {
    expect(refusalOf(() => readClid(LINES.join('\n') + ' '.repeat(9000)))).toBe('too-large');
  });

  it('reads back what writeClid wrote, whatever the names are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((value) => value.isWellFormed());
    const names = fc.array(
      fc
        .record({ type: fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.5', '1.2.3.4'), value: text })
        .map((attribute) => [attribute]),
      { minLength: 1, maxLength: 3 },
    );
    const certificate = (issuer: DistinguishedName, subject: DistinguishedName, serialNumber: string): Certificate => ({
      ...leaf.certificate,
      issuer,
      subject,
      serialNumber,
      selfIssued: false,
    });
    const serials = fc.bigInt({ min: 1n, max: 2n ** 159n }).map((value) => {
      const hex = value.toString(16);
      return hex.length % 2 === 1 ? `0${hex}` : hex;
    });
    fc.assert(
      fc.property(names, names, serials, (issuer, subject, serial) => {
        const made = certificate(issuer, subject, serial);
        const clid = readClid(writeClid(made));
        expect(clid).toMatchObject({
          issuer,
          serialNumber: serial,
          keyUsage: 'a0',
          authorityKeyIdentifier: keyIdentifier,
        });
        expect(clid !== undefined && clidMatches(clid, made)).toBe(true);
      }),
    );
  });

  it('throws nothing but refusals', () => {
    const line = fc
      .tuple(fc.constantFrom('I', 'N', 'A', 'B', 'E', 'S', 'X'), fc.string({ maxLength: 20 }))
      .map((pair) => pair.join('='));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(['accepted', 'clid-malformed']).toContain(refusalOf(() => readClid(lines.join('\n'))));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('clidMatches', () => {
  const clid = readClid(LINES.join('\n'));
  const matches = (change: Partial<Clid>, certificate = leaf.certificate): boolean =>
    clid !== undefined && clidMatches({ ...clid, ...change }, certificate);

  it('holds for the certificate it was written from and for no other', () => {
    expect(matches({})).toBe(true);
    expect(matches({}, ca.renew(leaf).certificate)).toBe(false);
    expect(matches({}, testCa({ name: 'Beta', now }).issue({ serial: '0a1b2c' }).certificate)).toBe(false);
  });

  it.each<[string, Partial<Clid>, boolean]>([
    ['names in another order', { issuer: parseDistinguishedName('C=DE,CN=ACME oftp2 ca,O=Certlane Test') }, true],
    ['no subject', { subject: undefined }, true],
    ['no purposes', { extendedKeyUsage: undefined }, true],
    ['purposes in another order', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'] }, true],
    ['an empty key identifier', { authorityKeyIdentifier: '' }, true],
    ['another serial number', { serialNumber: '0a1b2d' }, false],
    ['another issuer', { issuer: parseDistinguishedName('CN=other') }, false],
    ['another subject', { subject: parseDistinguishedName('CN=other') }, false],
    ['another key usage', { keyUsage: '80' }, false],
    ['no key usage', { keyUsage: '' }, false],
    ['fewer purposes', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }, false],
    ['another key identifier', { authorityKeyIdentifier: '00' }, false],
  ])('minds %s as it should', (_, change, answer) => {
    expect(matches(change)).toBe(answer);
  });

  it('does not ask for a key identifier the certificate does not have', () => {
    const bare = ca.issue({ serial: '0a1b2c', withoutKeyIdentifiers: true }).certificate;
    expect(matches({}, bare)).toBe(true);
  });
});

describe('the logical identity', () => {
  const same = (a: Certificate, b: Certificate): boolean =>
    sameLogicalIdentity(logicalIdentityOf(a), logicalIdentityOf(b));
  const original = leaf.certificate;

  it('stays over a renewal, with purposes and names in whatever order', () => {
    expect(same(original, ca.renew(leaf).certificate)).toBe(true);
    const reordered = ca.renew(leaf, {
      subject: 'C=DE,O=EXAMPLE,serialNumber=O0013000000TEST,CN=oftp2.example.com',
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
    });
    expect(same(original, reordered.certificate)).toBe(true);
  });

  it.each([
    ['another subject', ca.renew(leaf, { subject: 'CN=other' }).certificate],
    ['another key usage', ca.renew(leaf, { keyUsage: ['digitalSignature'] }).certificate],
    ['no key usage', ca.renew(leaf, { keyUsage: 'none' }).certificate],
    ['another purpose', ca.renew(leaf, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }).certificate],
    ['another issuer', ca.root.renew(leaf).certificate],
    ['no subject', { ...original, subject: [] }],
  ])('does not stay with %s', (_, certificate) => {
    expect(same(original, certificate)).toBe(false);
  });

  it('is nothing two certificates without a subject share', () => {
    const nameless = { ...original, subject: [] };
    expect(same(nameless, nameless)).toBe(false);
  });
});
