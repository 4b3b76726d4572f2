import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, toHex } from '../octets.js';
import { refusalOf } from '../testing/refusals.js';
import type { Asn1Element } from './element.js';
import { readDer } from './read-der.js';
import { bitsOf, booleanOf, hexIntegerOf, oidOf, smallIntegerOf, timeOf } from './values.js';
import { encodeElement, integer, objectIdentifier, time } from './write.js';

const LIMITS = { octets: 1000, depth: 4, elements: 20 };
const element = (hex: string): Asn1Element => readDer(fromHex(hex.replaceAll(' ', '')), LIMITS);
const text = (tag: number, characters: string): Asn1Element =>
  readDer(encodeElement(tag, Buffer.from(characters, 'latin1')), LIMITS);

describe('object identifiers', () => {
  it.each([
    ['0603 550403', '2.5.4.3'],
    ['0609 2a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['0601 00', '0.0'],
    ['0601 27', '0.39'],
    ['0601 28', '1.0'],
    ['0601 50', '2.0'],
    ['0602 8837', '2.999'],
  ])('reads %s as %s and writes it back', (hex, dotted) => {
    expect(oidOf(element(hex), 'it')).toBe(dotted);
    expect(toHex(objectIdentifier(dotted))).toBe(hex.replaceAll(' ', ''));
  });

  it('reads arcs that no number holds', () => {
    const dotted = '2.25.340282366920938463463374607431768211455';
    expect(oidOf(readDer(objectIdentifier(dotted), LIMITS), 'it')).toBe(dotted);
  });

  it.each([
    ['an empty one', '0600'],
    ['one that ends inside an arc', '0602 2a86'],
    ['an arc with a leading zero', '0603 2a8001'],
    ['one of 65 octets', `0641${'01'.repeat(65)}`],
  ])('refuses %s', (_, hex) => {
    expect(refusalOf(() => oidOf(element(hex), 'it'))).toBe('asn1-malformed');
  });

  it('come back as they were written', () => {
    const arcs = fc.tuple(
      fc.constant(2n),
      fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { minLength: 1, maxLength: 5 }),
    );
    fc.assert(
      fc.property(arcs, ([first, rest]) => {
        const dotted = [first, ...rest].join('.');
        expect(oidOf(readDer(objectIdentifier(dotted), LIMITS), 'it')).toBe(dotted);
      }),
    );
  });
});

describe('integers', () => {
  it.each([
    ['020100', 0, '00'],
    ['02017f', 127, '7f'],
    ['02020080', 128, '80'],
    ['0201ff', -1, '-01'],
    ['020180', -128, '-80'],
    ['0202ff7f', -129, '-81'],
    ['02020100', 256, '0100'],
  ])('reads %s as %d, in hex %s, and writes it back', (hex, value, canonical) => {
    expect(smallIntegerOf(element(hex), 'it')).toBe(value);
    expect(hexIntegerOf(element(hex), 'it', 20)).toBe(canonical);
    expect(toHex(integer(value))).toBe(hex);
  });

  it.each([
    ['no octets', '0200'],
    ['a superfluous zero', '02020001'],
    ['superfluous ones', '0202ff80'],
    ['another type', '0401 05'],
    ['five octets where a number is wanted', '02050100000000'],
  ])('refuses %s', (_, hex) => {
    expect(refusalOf(() => smallIntegerOf(element(hex), 'it'))).toBe('asn1-malformed');
  });

  it('refuses more octets than the caller allows', () => {
    expect(refusalOf(() => hexIntegerOf(element(`0215${'11'.repeat(21)}`), 'it', 20))).toBe('asn1-malformed');
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 150n), max: 2n ** 150n }), (value) => {
        const hex = hexIntegerOf(readDer(integer(value), LIMITS), 'it', 20);
        const back = hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
        expect(back).toBe(value);
      }),
    );
  });
});

describe('times', () => {
  it.each([
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x17, '240229120000Z', '2024-02-29T12:00:00.000Z'],
    [0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ])('reads tag %d "%s" as %s and writes it back', (tag, characters, iso) => {
    expect(timeOf(text(tag, characters), 'it').toISOString()).toBe(iso);
    expect(toHex(time(new Date(iso)))).toBe(toHex(text(tag, characters).octets));
  });

  it('reads GeneralizedTime before 2050, which authorities in use write', () => {
    expect(timeOf(text(0x18, '20260101000000Z'), 'it').toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each([
    ['no seconds', 0x17, '2601011200Z'],
    ['an offset', 0x17, '260101120000+0100'],
    ['a fraction', 0x18, '20260101120000.5Z'],
    ['local time', 0x18, '20260101120000'],
    ['a month 13', 0x17, '261301120000Z'],
    ['the 29th of February of a common year', 0x17, '260229120000Z'],
    ['hour 24', 0x17, '260101240000Z'],
    ['second 60', 0x17, '260101000060Z'],
    ['year 50', 0x18, '00500101000000Z'],
    ['letters', 0x17, 'x60101120000Z'],
    ['nothing', 0x17, ''],
  ])('refuses %s', (_, tag, characters) => {
    expect(refusalOf(() => timeOf(text(tag, characters), 'it'))).toBe('asn1-malformed');
  });
});

describe('booleans and bit strings', () => {
  it('reads only 00 and FF as a boolean', () => {
    expect(booleanOf(element('0101ff'), 'it')).toBe(true);
    expect(booleanOf(element('010100'), 'it')).toBe(false);
    expect(refusalOf(() => booleanOf(element('010101'), 'it'))).toBe('asn1-malformed');
  });

  it('reads the octets of a bit string and how many bits are padding', () => {
    expect(bitsOf(element('030205a0'), 'it')).toEqual({ octets: fromHex('a0'), unusedBits: 5 });
  });

  it.each([
    ['no octets', '0300'],
    ['eight bits of padding', '030208a0'],
    ['padding without octets', '030105'],
    ['padding that is set', '030205bf'],
  ])('refuses a bit string with %s', (_, hex) => {
    expect(refusalOf(() => bitsOf(element(hex), 'it'))).toBe('asn1-malformed');
  });
});
