import { describe, expect, it } from '@jest/globals';
import { timeFrom } from './time.js';

describe('a time on the command line', () => {
  it.each([
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-23T17:30Z', '2026-11-23T17:30:00.000Z'],
    ['2026-11-23T17:30:05.123Z', '2026-11-23T17:30:05.123Z'],
    ['2026-11-23T17:30:05+01:00', '2026-11-23T16:30:05.000Z'],
  ])('%s is %s', (text, time) => {
    expect(timeFrom(text, '--at')).toBe(time);
  });

  it.each([
    '',
    'now',
    '23.11.2026',
    '2026-13-01',
    '2026-02-30',
    '2026-02-30T10:00Z',
    '2026-11-23T25:00Z',
    '2026-11-23T17:30',
    '2026-11-23 17:30Z',
    '+002026-11-23',
    '2026',
  ])('%j is none', (text) => {
    expect(() => timeFrom(text, '--at')).toThrow(
      `--at is '${text}': give a day (2026-11-23) or a time with its zone (2026-11-23T17:30:00Z)`,
    );
  });
});
