import { describe, expect, it } from '@jest/globals';
import { TAG } from '../asn1/element.js';
import { writePem } from '../asn1/pem.js';
import {
  algorithmIdentifier,
  bitString,
  boolean,
  encodeElement,
  explicit,
  implicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
} from '../asn1/write.js';
import { extension } from '../issuing/extension-values.js';
import { encodeName, formatDistinguishedName, parseDistinguishedName } from '../names/index.js';
import { generalName } from '../testing/path-extensions.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { generalizedTime, testRevocationList, unknownListExtension } from '../testing/test-revocation-list.js';
import { readRevocationList } from './read-revocation-list.js';

const now = new Date('2026-03-01T12:00:00Z');
const { authority } = testCa({ now });

describe('a revocation list', () => {
  const der = testRevocationList(authority, {
    number: 0x1234_5678_9abc,
    revoked: [
      { serialNumber: '0a', reason: 'keyCompromise', at: new Date('2026-02-01T00:00:00Z') },
      { serialNumber: 'ff01', invalidityDate: new Date('2025-12-24T18:00:00Z'), at: new Date('2051-01-01T00:00:00Z') },
      { serialNumber: '-01', reason: 'certificateHold' },
    ],
    scope: { names: ['uri:http://crl.example.com/a.crl'], reasons: ['keyCompromise', 'aACompromise'] },
    freshestCRL: [{ names: ['uri:http://crl.example.com/delta.crl'] }],
  });

  it('is read with everything in it', () => {
    const list = readRevocationList(der);
    expect(list).toMatchObject({
      version: 2,
      issuer: authority.certificate.subject,
      thisUpdate: new Date('2026-03-01T11:00:00Z'),
      nextUpdate: new Date('2026-03-08T11:00:00Z'),
      number: 0x1234_5678_9abcn,
      baseNumber: undefined,
      authorityKeyIdentifier: authority.certificate.subjectKeyIdentifier,
      issuingDistributionPoint: { onlyContains: undefined, onlySomeReasons: 0b1_0000_0010, indirectCRL: false },
      freshestCRL: [{ name: { form: 'fullName' }, reasons: undefined, cRLIssuer: undefined }],
      unknownCriticalExtensions: [],
    });
    expect(list.entries.size).toBe(3);
    const find = (serial: string) => list.entries.find(serial, list.issuer);
    expect(find('0a')).toEqual({
      revocationDate: new Date('2026-02-01T00:00:00Z'),
      reason: 'keyCompromise',
      invalidityDate: undefined,
    });
    expect(find('ff01')).toEqual({
      revocationDate: new Date('2051-01-01T00:00:00Z'),
      reason: 'unspecified',
      invalidityDate: new Date('2025-12-24T18:00:00Z'),
    });
    expect(find('-01')?.reason).toBe('certificateHold');
    expect(['01', 'ff', '0a00', '000a', ''].map(find)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(list.entries.find('0a', parseDistinguishedName('CN=Other'))).toBeUndefined();
  });

  it('keeps a copy of its octets', () => {
    const octets = Uint8Array.from(der);
    const list = readRevocationList(octets);
    octets.fill(0);
    expect(list.der).toEqual(der);
    expect(list.entries.find('0a', list.issuer)?.reason).toBe('keyCompromise');
  });

  it('is read from PEM, too, but only as one block', () => {
    const pem = writePem('X509 CRL', der);
    expect(readRevocationList(Buffer.from(pem)).fingerprint).toBe(readRevocationList(der).fingerprint);
    expect(refusalOf(() => readRevocationList(Buffer.from(pem + pem)))).toBe('crl-malformed');
    expect(refusalOf(() => readRevocationList(Buffer.from(writePem('CERTIFICATE', der))))).toBe('crl-malformed');
  });

  it('of version 1 and without nextUpdate is read', () => {
    const list = readRevocationList(crl({ version: 'none', extensions: 'none', nextUpdate: 'none' }));
    expect(list).toMatchObject({ version: 1, nextUpdate: undefined, number: undefined });
  });

  it('tells unknown critical extensions of its own and of entries, once each and a few', () => {
    const extensions = [unknownListExtension(true)];
    expect(readRevocationList(testRevocationList(authority, { extensions })).unknownCriticalExtensions).toEqual([
      '1.3.6.1.4.1.55555.2',
    ]);
    const revoked = [
      { serialNumber: '01', extensions },
      { serialNumber: '02', extensions },
    ];
    expect(readRevocationList(testRevocationList(authority, { revoked })).unknownCriticalExtensions).toEqual([
      '1.3.6.1.4.1.55555.2',
    ]);
    const harmless = [{ serialNumber: '01', extensions: [unknownListExtension(false)] }];
    expect(readRevocationList(testRevocationList(authority, { revoked: harmless })).unknownCriticalExtensions).toEqual(
      [],
    );
  });

  it('hands the issuer of an entry down to the entries after it', () => {
    const list = readRevocationList(
      testRevocationList(authority, {
        scope: { indirectCRL: true },
        revoked: ['01', { serialNumber: '02', issuer: 'CN=A' }, '03', { serialNumber: '01', issuer: 'CN=B' }, '04'],
      }),
    );
    const issuers = [list.issuer, parseDistinguishedName('CN=A'), parseDistinguishedName('CN=B')];
    const found = issuers.map((issuer) =>
      ['01', '02', '03', '04'].filter((serial) => list.entries.find(serial, issuer)),
    );
    expect(found).toEqual([['01'], ['02', '03'], ['01', '04']]);
  });

  it('is refused beyond its limits', () => {
    const revoked = ['01', '02', '03'];
    const read = (octets: number, entries: number) => () =>
      readRevocationList(testRevocationList(authority, { revoked }), { octets, entries });
    expect(refusalOf(read(10_000, 3))).toBe('accepted');
    expect(refusalOf(read(10_000, 2))).toBe('too-large');
    expect(refusalOf(read(100, 3))).toBe('too-large');
  });

  it('is refused when the names of its issuers take megabytes, which prepared for comparing would be ten times as long', () => {
    const read = (issuers: number) => () =>
      readRevocationList(
        testRevocationList(authority, {
          revoked: Array.from({ length: issuers }, (_, n) => ({ serialNumber: '2a', issuer: `CN=${n}${LIGATURE}` })),
          scope: { indirectCRL: true },
        }),
      );
    expect(refusalOf(read(250))).toBe('accepted');
    expect(refusalOf(read(300))).toBe('too-large');
  });
});

/** 15,000 octets of a character that NFKC makes eighteen of. */
const LIGATURE = '\ufdfa'.repeat(5_000);

type Part = Uint8Array | 'none';
type Parts = Partial<
  Record<'version' | 'inner' | 'issuer' | 'thisUpdate' | 'nextUpdate' | 'entries' | 'extensions' | 'more', Part>
> & { readonly outer?: Uint8Array; readonly signature?: Uint8Array; readonly after?: Uint8Array };

const sha256Rsa = algorithmIdentifier('1.2.840.113549.1.1.11', nullValue());

/** A list of parts, each of them sound unless given. */
function crl(parts: Parts): Uint8Array {
  const part = (name: keyof Parts, sound: Uint8Array): Uint8Array => {
    const given = parts[name];
    return given === 'none' ? new Uint8Array() : (given ?? sound);
  };
  return sequence(
    sequence(
      part('version', integer(1)),
      part('inner', sha256Rsa),
      part('issuer', encodeName(parseDistinguishedName('CN=Acme'))),
      part('thisUpdate', time(now)),
      part('nextUpdate', time(new Date(now.getTime() + 1000))),
      part('entries', new Uint8Array()),
      part('extensions', explicit(0, sequence(extension('2.5.29.20', false, integer(1))))),
      part('more', new Uint8Array()),
    ),
    part('outer', sha256Rsa),
    part('signature', bitString(Uint8Array.of(1, 2, 3))),
    part('after', new Uint8Array()),
  );
}

const entry = (...parts: readonly Uint8Array[]): Parts => ({ entries: sequence(sequence(...parts)) });
const entryExtension = (...extensions: readonly Uint8Array[]): Parts =>
  entry(integer(1), time(now), sequence(...extensions));
const listExtension = (...extensions: readonly Uint8Array[]): Parts => ({
  extensions: explicit(0, sequence(...extensions)),
});
const point = (...parts: readonly Uint8Array[]): Parts =>
  listExtension(extension('2.5.29.28', true, sequence(...parts)));
const utc = (text: string): Uint8Array => encodeElement(TAG.utcTime, Buffer.from(text, 'latin1'));
const general = (text: string): Uint8Array => encodeElement(TAG.generalizedTime, Buffer.from(text, 'latin1'));
const YES = Uint8Array.of(0xff);

const MALFORMED: readonly (readonly [name: string, der: Uint8Array | Parts, reason: string | RegExp])[] = [
  ['nothing', new Uint8Array(), 'CertificateList is missing'],
  ['HTML', Buffer.from('<html>not found</html>'), /CertificateList is/],
  ['cut off', crl({}).subarray(0, 80), /claims \d+ octets/],
  ['an indefinite length', Uint8Array.of(0x30, 0x80, 0, 0), /indefinite/],
  ['a length not in its shortest form', Uint8Array.of(0x30, 0x81, 2, 5, 0), /shortest form/],
  ['octets after the end', Uint8Array.of(...crl({}), 0), /1 octets follow/],
  ['no signature', { signature: new Uint8Array() }, 'signatureValue is missing'],
  ['a signature with padding bits', { signature: bitString(Uint8Array.of(2), 1) }, /no whole number/],
  ['a part after the signature', { after: nullValue() }, 'CertificateList goes on after its last part'],
  ['version 1 written out', { version: integer(0) }, 'the version is 0'],
  ['version 3', { version: integer(2) }, 'the version is 2'],
  ['two signature algorithms', { outer: algorithmIdentifier('1.2.840.113549.1.1.5') }, /algorithms of the list differ/],
  ['an empty issuer', { issuer: sequence() }, 'the issuer is empty'],
  ['an issuer that is no name', { issuer: sequence(integer(1)) }, /an RDN of the issuer/],
  ['no issuer', { issuer: 'none' }, /an RDN of the issuer|thisUpdate|issuer/],
  ['no thisUpdate', { thisUpdate: 'none', nextUpdate: 'none' }, /thisUpdate/],
  ['a thisUpdate without seconds', { thisUpdate: utc('2603011200Z') }, /thisUpdate is no time/],
  ['a thisUpdate with an offset', { thisUpdate: utc('260301120000+0100') }, /thisUpdate is no time/],
  ['a thisUpdate with a fraction', { thisUpdate: general('20260301120000.5Z') }, /thisUpdate is no time/],
  ['a thisUpdate on the 29th of February 2026', { thisUpdate: utc('260229120000Z') }, /thisUpdate is no time/],
  ['a thisUpdate in month 13', { thisUpdate: utc('261301120000Z') }, /thisUpdate is no time/],
  ['a nextUpdate at 24 h', { nextUpdate: utc('260301240000Z') }, /nextUpdate is no time/],
  ['a nextUpdate with letters', { nextUpdate: utc('26O301120000Z') }, /nextUpdate is no time/],
  ['a nextUpdate before thisUpdate', { nextUpdate: time(new Date(0)) }, 'nextUpdate is before thisUpdate'],
  ['a part after the extensions', { more: explicit(1, nullValue()) }, 'tbsCertList goes on after its last part'],
  ['extensions in version 1', { version: 'none' }, 'a list of version 1 has extensions'],
  ['extensions that are no list', { extensions: explicit(0, integer(1)) }, 'the extensions are not one list'],
  ['an entry that is no sequence', { entries: sequence(integer(1)) }, /an entry of revokedCertificates is integer/],
  ['an entry without serial number', entry(time(now)), /userCertificate is utcTime/],
  [
    'a serial number without octets',
    entry(encodeElement(2, new Uint8Array()), time(now)),
    'userCertificate has 0 octets',
  ],
  ['a serial number of 33 octets', entry(integer(1n << 257n), time(now)), 'userCertificate has 33 octets'],
  [
    'a serial number not in its shortest form',
    entry(encodeElement(2, Uint8Array.of(0, 1)), time(now)),
    /userCertificate is an integer not in/,
  ],
  ['an entry without date', entry(integer(1)), /octet \d+, where an element begins/],
  ['an entry with a broken date', entry(integer(1), utc('260301126000Z')), /revocationDate is no time/],
  ['an entry with a fourth part', entry(integer(1), time(now), sequence(), nullValue()), /follows the extensions/],
  [
    'entry extensions in version 1',
    { version: 'none', extensions: 'none', ...entryExtension() },
    'an entry of a list of version 1 has extensions',
  ],
  [
    'reason 7',
    entryExtension(extension('2.5.29.21', false, encodeElement(10, Uint8Array.of(7)))),
    /reasonCode 7 is no/,
  ],
  ['reason 11', entryExtension(extension('2.5.29.21', false, encodeElement(10, Uint8Array.of(11)))), /reasonCode 11/],
  ['a reason that is an integer', entryExtension(extension('2.5.29.21', false, integer(1))), /reasonCode is integer/],
  [
    'a reason of two octets',
    entryExtension(extension('2.5.29.21', false, encodeElement(10, Uint8Array.of(0, 1)))),
    'reasonCode is not one octet',
  ],
  [
    'an invalidity date as UTCTime',
    entryExtension(extension('2.5.29.24', false, time(now))),
    /invalidityDate is utcTime/,
  ],
  [
    'something after an invalidity date',
    entryExtension(extension('2.5.29.24', false, Buffer.concat([generalizedTime(now), nullValue()]))),
    /follows the value/,
  ],
  [
    'an entry extension twice',
    entryExtension(
      extension('2.5.29.24', false, generalizedTime(now)),
      extension('2.5.29.24', false, generalizedTime(now)),
    ),
    'an extension of an entry occurs twice',
  ],
  [
    'an entry extension whose critical is 01',
    entryExtension(
      sequence(objectIdentifier('1.2.3'), encodeElement(1, Uint8Array.of(1)), octetString(new Uint8Array())),
    ),
    /neither 00 nor FF/,
  ],
  [
    'certificate issuers in a list that is not indirect',
    entryExtension(extension('2.5.29.29', true, sequence(generalName('dn:CN=A')))),
    'entries name issuers of certificates, but the list is not indirect',
  ],
  [
    'a certificate issuer without directory name',
    entryExtension(extension('2.5.29.29', true, sequence(generalName('dns:a.example')))),
    'certificateIssuer has no directory name',
  ],
  ['a negative cRLNumber', listExtension(extension('2.5.29.20', false, integer(-1))), /cRLNumber is negative/],
  ['a cRLNumber of 21 octets', listExtension(extension('2.5.29.20', false, integer(1n << 160n))), /longer than 20/],
  ['a delta without number', listExtension(extension('2.5.29.27', true, integer(1))), 'a delta has no cRLNumber'],
  [
    'an extension twice',
    listExtension(extension('2.5.29.20', false, integer(1)), extension('2.5.29.20', false, integer(2))),
    'the extension 2.5.29.20 occurs twice',
  ],
  ['an extension that is no DER', listExtension(extension('2.5.29.20', false, Uint8Array.of(2))), /length at octet/],
  ['an empty issuing distribution point', point(), 'issuingDistributionPoint is empty'],
  ['two onlyContains', point(implicit(1, YES), implicit(2, YES)), /more than one of onlyContains/],
  ['a flag of two octets', point(implicit(4, Uint8Array.of(0xff, 0xff))), /neither 00 nor FF/],
  ['a flag that is 01', point(implicit(4, Uint8Array.of(1))), /neither 00 nor FF/],
  ['no reasons', point(implicit(3, Uint8Array.of(0))), 'onlySomeReasons names no reason'],
  ['reasons with padding bits', point(implicit(3, Uint8Array.of(1, 1))), /is no ReasonFlags/],
  ['parts out of order', point(implicit(4, YES), implicit(1, YES)), /unexpected/],
  ['a point without names', point(explicit(0, explicit(0))), 'fullName is empty'],
  ['a point of two choices', point(explicit(0, explicit(0, generalName('dns:a')), explicit(1))), /not one choice/],
  ['a point of an unknown choice', point(explicit(0, explicit(2))), /not fullName or/],
  ['a relative name that is none', point(explicit(0, explicit(1, setOf(integer(1))))), /nameRelativeToCRLIssuer/],
  [
    'too many names',
    point(explicit(0, explicit(0, ...Array.from({ length: 33 }, () => generalName('dns:a'))))),
    'fullName has more than 32 names',
  ],
  ['a freshest CRL without points', listExtension(extension('2.5.29.46', false, sequence())), 'freshestCRL is empty'],
  [
    'a freshest CRL with neither name nor issuer',
    listExtension(extension('2.5.29.46', false, sequence(sequence(implicit(1, Uint8Array.of(6, 0x40)))))),
    /neither name nor cRLIssuer/,
  ],
  ['critical written as integer', listExtension(sequence(objectIdentifier('1.2.3'), integer(1))), /is integer/],
  [
    'critical neither 00 nor FF',
    listExtension(sequence(objectIdentifier('1.2.3'), encodeElement(1, Uint8Array.of(2)), octetString(boolean(true)))),
    /neither 00 nor FF/,
  ],
];

describe('a malformed list', () => {
  it.each(MALFORMED)('is refused: %s', (_, given, reason) => {
    const der = given instanceof Uint8Array ? given : crl(given);
    const read = () => readRevocationList(der);
    expect(['crl-malformed', 'trailing-octets']).toContain(refusalOf(read));
    expect(messageOf(read)).toMatch(reason);
  });

  it('is one, since the list of sound parts is read', () => {
    expect(formatDistinguishedName(readRevocationList(crl({})).issuer)).toBe('CN=Acme');
    expect(MALFORMED.length).toBeGreaterThanOrEqual(40);
  });
});
