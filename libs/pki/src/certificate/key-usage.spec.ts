import { describe, expect, it } from '@jest/globals';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { parseKeyPurposes } from './key-purpose.js';
import { keyUsageFromHex, keyUsageOf, parseKeyUsage } from './key-usage.js';

describe('parseKeyUsage', () => {
  it.each([
    ['a0', 'a0', ['digitalSignature', 'keyEncipherment']],
    ['A000', 'a0', ['digitalSignature', 'keyEncipherment']],
    ['digitalSignature,keyEncipherment', 'a0', ['digitalSignature', 'keyEncipherment']],
    [' keyencipherment , DIGITALSIGNATURE ', 'a0', ['digitalSignature', 'keyEncipherment']],
    ['nonRepudiation', '40', ['nonRepudiation']],
    ['keyCertSign,cRLSign', '06', ['keyCertSign', 'cRLSign']],
    ['decipherOnly', '0080', ['decipherOnly']],
  ])('reads %j as %s', (text, hex, flags) => {
    expect(parseKeyUsage(text)).toEqual({ hex, flags });
  });

  it.each(['', 'digitalSignatur', 'a', 'digitalSignature;keyEncipherment', ','])('refuses %j', (text) => {
    expect(refusalOf(() => parseKeyUsage(text))).toBe('key-usage-malformed');
  });

  it('names what it did not know and what it knows', () => {
    expect(messageOf(() => parseKeyUsage('digitalSignature,signing'))).toMatch(
      /"signing" is unknown; use digitalSignature, /,
    );
  });

  it('refuses hex that is none', () => {
    expect(keyUsageFromHex('').flags).toEqual([]);
    expect(refusalOf(() => keyUsageFromHex('a'))).toBe('key-usage-malformed');
    expect(refusalOf(() => keyUsageFromHex('xy'))).toBe('key-usage-malformed');
    expect(keyUsageOf([]).hex).toBe('');
  });
});

describe('parseKeyPurposes', () => {
  it('reads names and numbers', () => {
    expect(parseKeyPurposes('serverAuth, CLIENTAUTH,1.2.3')).toEqual([
      '1.3.6.1.5.5.7.3.1',
      '1.3.6.1.5.5.7.3.2',
      '1.2.3',
    ]);
  });

  it.each(['', 'server', '1', '1.40.1'])('refuses %j', (text) => {
    expect(refusalOf(() => parseKeyPurposes(text))).toBe('key-usage-malformed');
  });
});
