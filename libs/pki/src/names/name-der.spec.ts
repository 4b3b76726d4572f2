import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, toHex } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { refusalOf } from '../testing/refusals.js';
import { formatDistinguishedName } from './format-name.js';
import { decodeName, encodeName } from './name-der.js';
import { parseDistinguishedName } from './parse-name.js';

/** A Name with one CN whose value is the given DER. */
const withValue = (value: string): Uint8Array => {
  const attribute = `0603550403${value}`;
  const wrap = (tag: string, hex: string): string => tag + (hex.length / 2).toString(16).padStart(2, '0') + hex;
  return fromHex(wrap('30', wrap('31', wrap('30', attribute))));
};

describe('the DER of names', () => {
  it('is the one that other programs make', () => {
    expect(toHex(encodeName(parseDistinguishedName('CN=a.example,O=Ä,C=DE')))).toBe(
      '302e310b3009060355040613024445310b3009060355040a0c02c384311230100603550403' + '0c09612e6578616d706c65',
    );
  });

  it.each([
    ['a UTF8String', '0c02c384', 'Ä'],
    ['a PrintableString', '130161', 'a'],
    ['a PrintableString with an at sign, which authorities write', '1303406162', '@ab'],
    ['an IA5String', '160161', 'a'],
    ['a NumericString', '120131', '1'],
    ['a VisibleString', '1a0161', 'a'],
    ['a TeletexString as Latin-1', '1401c4', 'Ä'],
    ['a BMPString', '1e0200c4', 'Ä'],
    ['a BMPString with a surrogate pair', '1e04d83dde9a', '🚚'],
    ['a UniversalString', '1c040001f69a', '🚚'],
    ['an empty string', '0c00', ''],
  ])('gives the text of %s', (_, value, text) => {
    expect(decodeName(withValue(value))).toEqual([[{ type: '2.5.4.3', value: text }]]);
  });

  it('keeps values that are no text as hex and writes them back', () => {
    const der = withValue('020105');
    expect(decodeName(der)).toEqual([[{ type: '2.5.4.3', value: '020105', form: 'hex' }]]);
    expect(toHex(encodeName(decodeName(der)))).toBe(toHex(der));
  });

  it.each([
    ['a UTF8String that is none', withValue('0c01ff'), 'name-malformed'],
    ['a PrintableString with octets above 7F', withValue('1301ff'), 'name-malformed'],
    ['half a character in a BMPString', withValue('1e01c4'), 'name-malformed'],
    ['a lone surrogate in a BMPString', withValue('1e02d800'), 'name-malformed'],
    ['a UniversalString beyond Unicode', withValue('1c0400110000'), 'name-malformed'],
    ['a surrogate in a UniversalString', withValue('1c040000d800'), 'name-malformed'],
    ['an attribute without a value', withValue(''), 'name-malformed'],
    ['an attribute with two values', withValue('0c01610c0162'), 'name-malformed'],
    ['an empty RDN', fromHex('30023100'), 'name-malformed'],
    ['an RDN that is a sequence', fromHex('30023000'), 'name-malformed'],
    ['octets after the end', fromHex('300000'), 'trailing-octets'],
    ['a name cut short', withValue('0c00').slice(0, 2), 'name-malformed'],
    ['nothing', new Uint8Array(0), 'name-malformed'],
  ])('refuses %s', (_, der, code) => {
    expect(refusalOf(() => decodeName(der))).toBe(code);
  });

  it('is read with refusals alone, and what is read can be written as text', () => {
    const seeds = ['CN=a.example,O=Ä,C=DE', 'CN=a+serialNumber=1,1.2.3=#020105'].map((text) =>
      encodeName(parseDistinguishedName(text)),
    );
    fc.assert(
      fc.property(mutated(seeds), (octets) => {
        const answer = refusalOf(() => parseDistinguishedName(formatDistinguishedName(decodeName(octets))));
        expect(['accepted', 'name-malformed', 'trailing-octets', 'too-large']).toContain(answer);
      }),
      { numRuns: 1500 },
    );
  });
});
