import { describe, expect, it } from '@jest/globals';
import { fixedClock } from '../testing/fixed-clock.js';
import { TimeOrderedIds } from './ids.js';

describe('TimeOrderedIds', () => {
  it('are UUIDs of version 7 that begin with the time', () => {
    const clock = fixedClock(new Date(0x0123456789ab));
    expect(new TimeOrderedIds(clock).next()).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['within one millisecond', () => undefined],
    ['while time goes on', (clock: ReturnType<typeof fixedClock>) => clock.advance(1)],
    ['when the clock is set back', (clock: ReturnType<typeof fixedClock>) => clock.advance(-1_000)],
  ])('sort in the order they were made %s', (_when, tick) => {
    const clock = fixedClock();
    const ids = new TimeOrderedIds(clock);
    const made = Array.from({ length: 10_000 }, () => {
      tick(clock);
      return ids.next();
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });
});
