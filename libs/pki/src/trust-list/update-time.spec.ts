import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../testing/refusals.js';
import { readUpdateTime } from './update-time.js';

const octets = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('the time of the last change of a trust list', () => {
  it.each([
    ['2026-11-20T12:34:56Z', '2026-11-20T12:34:56Z'],
    ['2026-11-20T12:34:56+02:00\r\n', '2026-11-20T10:34:56Z'],
    ['2026-11-20 12:34:56', '2026-11-20T12:34:56Z'],
    ['2026-11-20 12:34:56 UTC', '2026-11-20T12:34:56Z'],
    ['\uFEFF20261120123456', '2026-11-20T12:34:56Z'],
    ['20.11.2026 12:34:56', '2026-11-20T12:34:56Z'],
  ])('is read from %j', (text, time) => {
    expect(readUpdateTime(octets(text))).toEqual(new Date(time));
  });

  it.each([
    '',
    'yesterday',
    '<html>404</html>',
    '2026-02-30T00:00:00Z',
    '2026-13-01 00:00:00',
    '2026-11-20T12:34:56+99:00',
    '2026-11-20',
    `2026-11-20T12:34:56Z${' '.repeat(300)}`,
  ])('is not read from %j', (text) => {
    expect(refusalOf(() => readUpdateTime(octets(text)))).toBe('trust-list-update-malformed');
  });
});
