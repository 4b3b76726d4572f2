import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageOf, refusalOf } from '../testing/refusals.js';
import type { NameAttribute } from './distinguished-name.js';
import { parseDistinguishedName } from './parse-name.js';

const CN = '2.5.4.3';
const O = '2.5.4.10';
const C = '2.5.4.6';

const cn = (value: string): NameAttribute[] => [{ type: CN, value }];

describe('parseDistinguishedName', () => {
  it('turns the order round: the text begins with the most specific attribute, the name with the most general', () => {
    expect(parseDistinguishedName('CN=oftp2.example.com,O=Example,C=DE')).toEqual([
      [{ type: C, value: 'DE' }],
      [{ type: O, value: 'Example' }],
      [{ type: CN, value: 'oftp2.example.com' }],
    ]);
  });

  it('reads RDNs with several attributes', () => {
    expect(parseDistinguishedName('CN=a+serialNumber=O0013ACME,C=DE')).toEqual([
      [{ type: C, value: 'DE' }],
      [
        { type: CN, value: 'a' },
        { type: '2.5.4.5', value: 'O0013ACME' },
      ],
    ]);
  });

  it.each([
    ['', []],
    ['   ', []],
    ['CN=', [cn('')]],
    ['CN=a\\,b', [cn('a,b')]],
    ['CN=Example\\2C Inc.', [cn('Example, Inc.')]],
    ['CN=\\C3\\84rger', [cn('Ärger')]],
    ['CN=Ärger', [cn('Ärger')]],
    ['CN=\\F0\\9F\\9A\\9A', [cn('🚚')]],
    ['CN=\\ a\\ ', [cn(' a ')]],
    ['CN=a\\20', [cn('a ')]],
    ['CN=a\\ \\ ,C=DE', [[{ type: C, value: 'DE' }], cn('a  ')]],
    ['CN=\\#a', [cn('#a')]],
    ['CN=a#b=c', [cn('a#b=c')]],
    ['CN=\\"\\+\\;\\<\\>\\\\\\=', [cn('"+;<>\\=')]],
    ['CN=a\\00b', [cn('a\0b')]],
    // What products write beyond RFC 4514.
    [' CN = a , O = b ', [[{ type: O, value: 'b' }], cn('a')]],
    ['CN=a  b', [cn('a  b')]],
    ['cn=a;o=b', [[{ type: O, value: 'b' }], cn('a')]],
    ['O="Example, Inc." , CN=a', [cn('a'), [{ type: O, value: 'Example, Inc.' }]]],
    ['CN="a \\"b\\" \\\\ "', [cn('a "b" \\ ')]],
    ['CN=""', [cn('')]],
    ['OID.2.5.4.3=a', [cn('a')]],
    ['oid.2.5.4.3=a', [cn('a')]],
    ['2.5.4.3=a', [cn('a')]],
    ['CN=#0c0161', [cn('a')]],
    ['CN=#130161', [cn('a')]],
    ['CN=#1E0400410042', [cn('AB')]],
    ['CN=#1c0400000041', [cn('A')]],
    ['CN=#1401e4', [cn('ä')]],
    ['1.2.3=#020105', [[{ type: '1.2.3', value: '020105', form: 'hex' }]]],
  ])('reads %j', (text, name) => {
    expect(parseDistinguishedName(text)).toEqual(name);
  });

  it.each([
    ['2.5.4.3', ['CN', 'cn', 'commonName']],
    ['2.5.4.8', ['ST', 'S', 'SP', 'stateOrProvinceName']],
    ['1.2.840.113549.1.9.1', ['E', 'EMAIL', 'emailAddress', 'EMAILADDRESS']],
    ['2.5.4.5', ['serialNumber', 'SERIALNUMBER', 'SERIAL']],
    ['0.9.2342.19200300.100.1.25', ['DC', 'domainComponent']],
    ['0.9.2342.19200300.100.1.1', ['UID', 'userId']],
    ['2.5.4.9', ['STREET', 'streetAddress']],
    ['2.5.4.12', ['T', 'title']],
    ['2.5.4.4', ['SN', 'surname']],
    ['2.5.4.42', ['GN', 'G', 'givenName']],
    ['2.5.4.7', ['L', 'localityName']],
    ['2.5.4.11', ['OU', 'organizationalUnitName']],
  ])('knows %s as any of %j', (type, names) => {
    for (const name of names) expect(parseDistinguishedName(`${name}=x`)).toEqual([[{ type, value: 'x' }]]);
  });

  it.each([
    ['a bare word', 'oftp2.example.com', 'where an attribute such as CN='],
    ['an unknown attribute', 'XY=a', 'unknown attribute "XY"'],
    ['a number that DER cannot carry', '1.40.1=a', 'unknown attribute "1.40.1"'],
    ['a number with one arc', '2=a', 'where an attribute such as CN='],
    ['a missing value separator', 'CN', 'where an attribute such as CN='],
    ['a comma at the end', 'CN=a,', 'ends where an attribute'],
    ['two commas', 'CN=a,,O=b', 'where an attribute such as CN='],
    ['an escape of a letter', 'CN=a\\x', 'has "\\x" at character 5'],
    ['half an escaped octet', 'CN=a\\4', 'has "\\4" at character 5'],
    ['an escape at the end', 'CN=a\\', 'has "\\" at character 5'],
    ['octets that are no UTF-8', 'CN=\\ff', 'no UTF-8'],
    ['an overlong UTF-8 form', 'CN=\\c0\\80', 'no UTF-8'],
    ['a quote inside a value', 'CN=a"b', 'has ""b" at character 5'],
    ['quotes that do not end', 'CN="a', 'inside a value in quotes'],
    ['text after quotes', 'CN="a"b', 'where a comma should be'],
    ['an odd number of hex digits', 'CN=#0c016', 'hex value'],
    ['hex without digits', 'CN=#', 'hex value'],
    ['hex that is no DER', 'CN=#0c02', 'is no DER'],
    ['hex with octets after the DER', 'CN=#0c016100', 'is no DER'],
    ['the form of OpenSSL with slashes', '/C=DE/CN=a', 'begins with "/"'],
    ['half a surrogate pair', 'CN=\ud800', 'half a character'],
    ['a text beyond all measure', `CN=${'a'.repeat(8190)}`, '8193 characters'],
  ])('refuses %s and says where', (_, text, message) => {
    expect(refusalOf(() => parseDistinguishedName(text))).toBe('name-malformed');
    expect(messageOf(() => parseDistinguishedName(text))).toContain(message);
  });

  it('throws nothing but refusals', () => {
    const pieces = fc.constantFrom(
      'CN',
      'O=',
      '=',
      ',',
      '+',
      ';',
      '"',
      '\\',
      '#',
      '0c0161',
      '2.5.4.3',
      ' ',
      'ä',
      '\\c3',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        expect(['accepted', 'name-malformed']).toContain(refusalOf(() => parseDistinguishedName(parts.join(''))));
      }),
      { numRuns: 3000 },
    );
  });
});
