import { describe, expect, it } from '@jest/globals';
import type { FollowedList, TrustListEdition } from '../../ports/trust-state.js';
import { usualRefresh } from '../refresh/settings.js';
import { afterTime, afterTry, movedTo, stateOfTrustList, type ListTry } from './following.js';

const now = new Date('2026-11-20T12:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
const edition = (nextUpdate: Date): TrustListEdition => ({
  content: '0'.repeat(64),
  digest: '1'.repeat(64),
  sequenceNumber: 7,
  issuedAt: hours(-48).toISOString(),
  nextUpdate: nextUpdate.toISOString(),
  takenAt: hours(-24).toISOString(),
  authorities: [],
  broken: [],
});
const list: FollowedList = {
  name: 'odette',
  level: 'oftp2',
  url: 'https://tsl.example/list.xml',
  failures: 0,
  signers: [],
  edition: edition(hours(1_000)),
};
const good: ListTry = { ok: true, message: 'taken' };
const bad = (reason: string): ListTry => ({ ok: false, trouble: { reason, message: `because of ${reason}` } });
const run = (before: FollowedList, ...attempts: ListTry[]) => {
  const told: (string | undefined)[] = [];
  let followed = before;
  for (const attempt of attempts) {
    const after = afterTry(followed, attempt, { settings: usualRefresh, now });
    told.push(after.tell?.reason);
    followed = after.followed;
  }
  return { told, followed };
};

describe('a trust list that is followed', () => {
  it.each<[string, FollowedList, string]>([
    ['never read', { ...list, edition: undefined }, 'never-read'],
    ['current', list, 'current'],
    ['out of date', { ...list, edition: edition(hours(-1)) }, 'out-of-date'],
  ])('is %s', (_state, followed, expected) => {
    expect(stateOfTrustList(followed, now)).toBe(expected);
  });

  it('tells a refusal once for each reason, until it was good again', () => {
    const { told } = run(list, bad('time'), bad('time'), bad('malformed'), bad('time'), good, bad('time'));
    expect(told).toEqual(['time', undefined, 'malformed', undefined, undefined, 'time']);
  });

  it('keeps its edition and what it knows of it when a try fails', () => {
    const { followed } = run({ ...list, etag: '"a"' }, bad('time'));
    expect(followed).toMatchObject({ edition: list.edition, etag: '"a"', failures: 1 });
    expect(followed.lastTry).toEqual({ at: now.toISOString(), ok: false, reason: 'time', message: 'because of time' });
  });

  it.each<[string, FollowedList, ListTry, [least: number, most: number]]>([
    ['a day after it was good', list, good, [21, 24]],
    ['an hour after it was good where a small text tells of changes', list, { ...good, updateTime: 'x' }, [0.9, 1]],
    ['when the next one is due', { ...list, edition: edition(hours(5)) }, good, [4.5, 5]],
    ['some minutes after it failed', list, bad('time'), [0.07, 0.09]],
    ['hours after it failed again and again', { ...list, failures: 20 }, bad('time'), [5.4, 6]],
  ])('is read again %s', (_when, followed, attempt, [least, most]) => {
    const next = new Date(run(followed, attempt).followed.nextTry ?? 0).getTime();
    expect(next).toBeGreaterThanOrEqual(hours(least).getTime());
    expect(next).toBeLessThanOrEqual(hours(most).getTime());
  });

  it('keeps edition and signers at another address, and nothing that the former server said', () => {
    const { followed } = run({ ...list, etag: '"a"', lastModified: 'then', updateTime: 'x' }, bad('time'));
    expect(movedTo(followed, 'https://other.example/tsl.xml')).toEqual({
      name: 'odette',
      level: 'oftp2',
      url: 'https://other.example/tsl.xml',
      signers: list.signers,
      edition: list.edition,
      failures: 0,
    });
  });

  it('is not read by itself when it comes by hand', () => {
    expect(run({ ...list, url: undefined }, good).followed.nextTry).toBeUndefined();
  });

  it('tells once that it has gone out of date, whatever else was told', () => {
    const late = { ...list, edition: edition(hours(-1)), told: 'time' };
    const told = afterTime(late, now);
    expect(told?.tell?.reason).toBe('out-of-date');
    expect(told === undefined ? 'nothing' : afterTime(told.followed, now)).toBeUndefined();
    expect(afterTime(list, now)).toBeUndefined();
    expect(run(told?.followed ?? list, bad('time')).told).toEqual([undefined]);
  });
});
