import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, toHex } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { refusalOf } from '../testing/refusals.js';
import { readBer } from './read-ber.js';
import { readDer } from './read-der.js';

const LIMITS = { octets: 1000, depth: 4, elements: 20 };
const der = (hex: string): string => refusalOf(() => readDer(fromHex(hex.replaceAll(' ', '')), LIMITS));
const ber = (hex: string): string => refusalOf(() => readBer(fromHex(hex.replaceAll(' ', '')), LIMITS));

describe('readDer', () => {
  it('gives the elements inside with their tags and octets', () => {
    const element = readDer(fromHex('300802010504030a0b0c'), LIMITS);
    expect(element.children.map(({ tag, content, octets }) => [tag, toHex(content), toHex(octets)])).toEqual([
      [2, '05', '020105'],
      [4, '0a0b0c', '04030a0b0c'],
    ]);
  });

  it.each([
    ['nothing at all', '', 'asn1-malformed'],
    ['an identifier without a length', '30', 'asn1-malformed'],
    ['a content that ends early', '3003 0201', 'asn1-malformed'],
    ['an element that reaches beyond the one around it', '3003 020205', 'asn1-malformed'],
    ['octets after the end', '0500 00', 'trailing-octets'],
    ['an indefinite length', '3080 0500 0000', 'asn1-malformed'],
    ['a length of one octet in the long form', '048105 0102030405', 'asn1-malformed'],
    ['a long length with a leading zero', `04820080${'00'.repeat(128)}`, 'asn1-malformed'],
    ['a length of five octets', '0485 0000000001 00', 'asn1-malformed'],
    ['a length near the end of the numbers', '0484 ffffffff 00', 'asn1-malformed'],
    ['a high tag number', '1f8101 00', 'asn1-malformed'],
    ['end-of-contents octets', '0000', 'asn1-malformed'],
    ['an OCTET STRING in chunks', '2403 040101', 'asn1-malformed'],
    ['a primitive SEQUENCE', '1000', 'asn1-malformed'],
    ['a constructed INTEGER', '2203 020101', 'asn1-malformed'],
    ['more elements than the limit', `3028${'0500'.repeat(20)}`, 'too-large'],
    ['more depth than the limit', '300a 3008 3006 3004 3002 3000', 'too-large'],
    ['more octets than the limit', `048203e8${'00'.repeat(1000)}`, 'too-large'],
    ['as much depth as the limit', '3008 3006 3004 3002 0500', 'accepted'],
    ['as many elements as the limit', `3026${'0500'.repeat(19)}`, 'accepted'],
  ])('answers %s with %s', (_, hex, answer) => {
    expect(der(hex)).toBe(answer);
  });
});

describe('readBer', () => {
  it.each([
    ['an indefinite length', '3080 0500 0000', '30020500'],
    ['indefinite lengths inside one another', '3080 3080 0500 0000 020101 0000', '3007300205000201 01'],
    ['a length with leading zeros', '0484 00000001 07', '040107'],
    ['a string in chunks', '2480 04020102 040103 0000', '0403010203'],
    ['chunks in chunks', '2480 2403 040101 2480 040102 0000 0000', '04020102'],
    ['chunks of a tagged string, which only its reader can join', 'a080 040101 040102 0000', 'a006040101040102'],
    ['what is DER already', '3008 020105 04030a0b0c', '300802010504030a0b0c'],
  ])('brings %s into its definite form', (_, hex, definite) => {
    expect(toHex(readBer(fromHex(hex.replaceAll(' ', '')), LIMITS).octets)).toBe(definite.replaceAll(' ', ''));
  });

  it.each([
    ['an indefinite length without its end', '3080 0500', 'asn1-malformed'],
    ['an indefinite length that ends outside', '3004 3080 0500 0000', 'asn1-malformed'],
    ['an indefinite length of a primitive element', '0480 0000', 'asn1-malformed'],
    ['chunks of another type', '2403 020101', 'asn1-malformed'],
    ['a bit string in chunks', '2304 03020001', 'asn1-malformed'],
    ['a length beyond the data', '0484 ffffffff 00', 'asn1-malformed'],
    ['a length of 126 octets', `04fe${'00'.repeat(126)}`, 'accepted'],
    ['a length of the reserved form', `04ff${'00'.repeat(127)}`, 'asn1-malformed'],
    ['octets after the end', '3080 0000 00', 'trailing-octets'],
    ['an endless nesting of indefinite lengths', '3080'.repeat(100), 'too-large'],
    ['more elements than the limit', `3080${'0500'.repeat(20)}0000`, 'too-large'],
    ['more octets than the limit', '00'.repeat(1001), 'too-large'],
  ])('answers %s with %s', (_, hex, answer) => {
    expect(ber(hex)).toBe(answer);
  });

  it('throws nothing but refusals, and what it accepts is DER', () => {
    const seeds = ['3080308005000000020101 0000', '24800402010204010300 00', '300802010504030a0b0c'].map((hex) =>
      fromHex(hex.replaceAll(' ', '')),
    );
    fc.assert(
      fc.property(fc.oneof(mutated(seeds), fc.uint8Array({ maxLength: 64 })), (octets) => {
        const answer = refusalOf(() => readDer(readBer(octets, LIMITS).octets, LIMITS));
        expect(['accepted', 'asn1-malformed', 'trailing-octets', 'too-large']).toContain(answer);
      }),
      { numRuns: 2000 },
    );
  });
});
