import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toHex } from '../octets.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { TestAuthority } from '../testing/test-authority.js';
import type { DistinguishedName, NameAttribute } from './distinguished-name.js';
import { formatDistinguishedName } from './format-name.js';
import { decodeName, encodeName } from './name-der.js';
import { parseDistinguishedName } from './parse-name.js';

const cn = (value: string): DistinguishedName => [[{ type: '2.5.4.3', value }]];

describe('formatDistinguishedName', () => {
  it.each([
    ['', []],
    ['CN=', cn('')],
    ['CN=a\\,b\\+c\\;d\\<e\\>f\\"g\\\\h', cn('a,b+c;d<e>f"g\\h')],
    ['CN=\\ a b\\ ', cn(' a b ')],
    ['CN=\\ ', cn(' ')],
    ['CN=\\ \\ ', cn('  ')],
    ['CN=a\\\\\\ ', cn('a\\ ')],
    ['CN=\\#a#', cn('#a#')],
    ['CN=Ärger 🚚', cn('Ärger 🚚')],
    ['CN=a\\00b\\0ac', cn('a\0b\nc')],
    ['CN=\\e2\\80\\80a\\c2\\a0', cn('\u2000a\u00a0')],
    ['CN=\\e2\\80\\aetxt.exe', cn('\u202etxt.exe')],
    [
      'serialNumber=O0013+CN=a,C=DE',
      [
        [{ type: '2.5.4.6', value: 'DE' }],
        [
          { type: '2.5.4.5', value: 'O0013' },
          { type: '2.5.4.3', value: 'a' },
        ],
      ],
    ],
    ['emailAddress=a@b.example', [[{ type: '1.2.840.113549.1.9.1', value: 'a@b.example' }]]],
    ['1.2.3=#0c0161', [[{ type: '1.2.3', value: 'a' }]]],
    ['1.2.3=#020105', [[{ type: '1.2.3', value: '020105', form: 'hex' as const }]]],
    ['CN=#020105', [[{ type: '2.5.4.3', value: '020105', form: 'hex' as const }]]],
  ])('writes %j', (text, name) => {
    expect(formatDistinguishedName(name)).toBe(text);
  });
});

const sorted = (name: DistinguishedName): string[][] =>
  name.map((rdn) => rdn.map((part) => JSON.stringify(part)).sort());

const types = fc.constantFrom(
  '2.5.4.3',
  '2.5.4.10',
  '2.5.4.6',
  '2.5.4.5',
  '1.2.840.113549.1.9.1',
  '0.9.2342.19200300.100.1.25',
  '1.3.6.1.4.1.55555.7',
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc.string({
    unit: fc.constantFrom(' ', '#', '"', '+', ',', ';', '<', '>', '\\', '=', 'a', '\0', '\n', 'ä', '\u200b', '\u00a0'),
  }),
);
const attribute = fc.oneof(
  fc.record({ type: types, value: texts }),
  fc.constant<NameAttribute>({ type: '1.2.3', value: '020105', form: 'hex' }),
);
const names = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 5 });

describe('names', () => {
  it('come back from their text as they were', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(parseDistinguishedName(formatDistinguishedName(name))).toEqual(name);
      }),
      { numRuns: 1000 },
    );
  });

  it('come back from their DER as they were, but for the order inside an RDN', () => {
    fc.assert(
      fc.property(names, (name) => {
        const back = decodeName(encodeName(name));
        expect(sorted(back)).toEqual(sorted(name));
        expect(toHex(encodeName(back))).toBe(toHex(encodeName(name)));
      }),
      { numRuns: 1000 },
    );
  });
});

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('names as openssl sees them (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });

  it.each([
    'CN=oftp2.example.com,O=Example,C=DE',
    'CN=a\\, b \\+ c\\; \\"d\\" \\\\ \\<e\\>,O=\\ blanks\\ ,C=DE',
    'CN=\\#hash,DC=example,DC=com',
    'serialNumber=O0013000000ACME+CN=multi,OU=x,O=y',
    'emailAddress=a@b.example,CN=Ärger & Söhne,ST=Bayern,L=Hof',
    'UID=user,STREET=Hauptstr. 1,CN=x',
  ])('%s', (text) => {
    const { certificate } = TestAuthority.root('Names', new Date(), { subject: text });
    const file = bench.file('name.der', certificate.der);
    const subject = bench.run(
      'x509',
      '-inform',
      'DER',
      '-in',
      file,
      '-noout',
      '-subject',
      '-nameopt',
      'RFC2253,-esc_msb,utf8',
    );
    const seen = subject.trim().replace(/^subject=/, '');
    // openssl turns the order inside an RDN round as well, where it means nothing.
    expect(sorted(parseDistinguishedName(seen))).toEqual(sorted(certificate.subject));
  });
});
