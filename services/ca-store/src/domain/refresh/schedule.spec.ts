import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { listState, nextReading, type ReadingHistory } from './schedule.js';
import { usualRefresh } from './settings.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-11-20T12:00:00Z');
const at = (hours: number) => new Date(now.getTime() + hours * HOUR);
const FIRST = '0'.repeat(64);
const LAST = 'f'.repeat(64);
const hoursUntil = (history: Partial<ReadingHistory>) =>
  (nextReading({ id: FIRST, failures: 0, ...history }, 24 * HOUR).getTime() - now.getTime()) / HOUR;

describe('a list is read again', () => {
  it.each<[string, Partial<ReadingHistory>, number]>([
    ['a day after it was read', { readAt: now }, 24],
    ['earlier by up to a tenth, so that not all are due together', { readAt: now, id: LAST }, 21.6],
    ['when the next one is promised, if that is earlier', { readAt: now, nextUpdate: at(6) }, 6],
    ['a day after it was read, if the next one is promised later', { readAt: now, nextUpdate: at(100) }, 24],
    ['after five minutes at least', { readAt: now, nextUpdate: at(-1) }, 5 / 60],
    ['five minutes after a failure', { triedAt: now, failures: 1 }, 5 / 60],
    ['ten minutes after the second in a row', { readAt: at(-1), triedAt: now, failures: 2 }, 10 / 60],
    ['twenty after the third', { triedAt: now, failures: 3 }, 20 / 60],
    ['six hours after many', { triedAt: now, failures: 9 }, 6],
    ['six hours after very many', { triedAt: now, failures: 100_000 }, 6],
  ])('%s', (_when, history, hours) => {
    expect(hoursUntil(history)).toBeCloseTo(hours, 5);
  });

  it('at once when it never was', () => {
    expect(nextReading({ id: FIRST, failures: 0 }, HOUR)).toEqual(new Date(0));
  });

  it('at times spread evenly over a tenth of the interval', () => {
    const places = Array.from({ length: 2_000 }, (_, n) =>
      hoursUntil({ readAt: now, id: createHash('sha256').update(String(n)).digest('hex') }),
    );
    expect(Math.min(...places)).toBeGreaterThan(21.5);
    expect(Math.max(...places)).toBeLessThanOrEqual(24);
    const tenths = places.map((place) => Math.floor((place - 21.6) / 0.24));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      expect(tenths.filter((one) => one === tenth).length).toBeGreaterThan(120);
    }
  });
});

describe('a list', () => {
  const list = { thisUpdate: at(-1), nextUpdate: at(200), readAt: at(-1) };
  it.each([
    ['is missing where none was ever read', undefined, 'missing'],
    ['is current within a day', list, 'current'],
    ['is current until a day and some minutes have passed', { ...list, readAt: at(-24) }, 'current'],
    ['is old when it was not read for more than a day', { ...list, readAt: at(-25) }, 'old'],
    ['is old for some minutes behind its next update', { ...list, nextUpdate: at(-1 / 60) }, 'old'],
    ['is too old behind its next update', { ...list, nextUpdate: at(-1) }, 'too-old'],
    ['is too old after 15 days, whatever it says', { ...list, thisUpdate: at(-24 * 15 - 1) }, 'too-old'],
    ['is not too old just before', { ...list, thisUpdate: at(-24 * 15 + 1) }, 'current'],
    ['is too old when it does not say until when it holds', { ...list, nextUpdate: undefined }, 'too-old'],
  ] as const)('%s', (_what, known, state) => {
    expect(listState(known, usualRefresh, now)).toBe(state);
  });

  it('has the age that is set', () => {
    const settings = { ...usualRefresh, listMaximumAgeDays: 1, listIntervalMs: HOUR };
    expect(listState({ ...list, thisUpdate: at(-25) }, settings, now)).toBe('too-old');
    expect(listState({ ...list, readAt: at(-2) }, settings, now)).toBe('old');
  });
});
