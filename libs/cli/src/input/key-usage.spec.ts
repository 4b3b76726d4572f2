import { describe, expect, it } from '@jest/globals';
import { extendedKeyUsageFrom, extendedKeyUsageWords, keyUsageFrom, keyUsageWords } from './key-usage.js';

describe('key usages on the command line', () => {
  it.each([
    ['digitalSignature,keyEncipherment', 'a0', 'digitalSignature, keyEncipherment'],
    ['A0', 'a0', 'digitalSignature, keyEncipherment'],
    ['digitalsignature', '80', 'digitalSignature'],
    ['keyCertSign, cRLSign', '06', 'keyCertSign, cRLSign'],
    ['decipherOnly,keyAgreement', '0880', 'keyAgreement, decipherOnly'],
  ])('reads %s as the octets %s of the BIT STRING', (text, hex, words) => {
    expect(keyUsageFrom(text, '--key-usage')).toBe(hex);
    expect(keyUsageWords(hex)).toBe(words);
  });

  it.each([
    ['signing', "--key-usage is 'signing': choose some of digitalSignature, nonRepudiation"],
    [',', "--key-usage is ',': name at least one key usage"],
  ])('refuses %j', (text, sentence) => {
    expect(() => keyUsageFrom(text, '--key-usage')).toThrow(sentence);
  });

  it('reads extended key usages by name or OID, and writes them by name', () => {
    expect(extendedKeyUsageFrom('serverAuth,1.2.840.5', '--e')).toEqual(['1.3.6.1.5.5.7.3.1', '1.2.840.5']);
    expect(extendedKeyUsageWords(['1.3.6.1.5.5.7.3.2', '1.2.840.5'])).toBe('clientAuth, 1.2.840.5');
    expect(() => extendedKeyUsageFrom('serverauthentication', '--e')).toThrow(
      "--e is 'serverauthentication': name serverAuth",
    );
    expect(() => extendedKeyUsageFrom(' , ', '--e')).toThrow('name at least one');
  });
});
