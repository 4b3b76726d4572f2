import { describe, expect, it } from '@jest/globals';
import { fitText, forLog } from './text.js';

describe('fitText', () => {
  it.each([
    ['a short text as it is', 'Grüße', 'Grüße'],
    ['999 octets as they are', 'x'.repeat(999), 'x'.repeat(999)],
    ['one octet too many', 'x'.repeat(1000), 'x'.repeat(999)],
    ['no half of a two-octet character', `${'x'.repeat(998)}ß`, 'x'.repeat(998)],
    ['no half of a four-octet character', `${'x'.repeat(996)}😀`, 'x'.repeat(996)],
    ['a four-octet character that just fits', `${'x'.repeat(995)}😀y`, `${'x'.repeat(995)}😀`],
    ['half a surrogate pair, replaced', 'a\ud83d', 'a\ufffd'],
  ])('gives %s', (_case, text, fitted) => {
    expect(fitText(text)).toBe(fitted);
  });
});

describe('forLog', () => {
  it('takes out what could move the cursor, forge a line or turn the text round', () => {
    expect(forLog('a\u001b[2Jb\r\nc\u0000d\u007fe\u0085f\u202eg\u2028h')).toBe('a[2Jbcdefgh');
  });

  it('leaves letters of any language alone', () => {
    expect(forLog('Größe 車 é')).toBe('Größe 車 é');
  });
});
