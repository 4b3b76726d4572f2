import { describe, expect, it } from '@jest/globals';
import { aCertificate, day } from '../testing/records.js';
import { announce, currentOf, newestFirst, phaseAt, prefer } from './usage-line.js';

const dated = (name: string, from: number, to = 365) => aCertificate(name, from, to).summary;
const names = (line: readonly { subject: string }[]) => line.map(({ subject }) => subject.slice(3)).join(' ');

describe('the phase of a certificate', () => {
  it.each([
    ['before its first instant', -1, 'scheduled'],
    ['at its first instant', 0, 'valid'],
    ['at its last instant', 10, 'valid'],
  ] as const)('%s is %s', (_name, at, phase) => {
    expect(phaseAt(dated('a', 0, 10), day(at))).toBe(phase);
  });

  it('after its last instant is expired', () => {
    expect(phaseAt(dated('a', 0, 10), new Date(day(10).getTime() + 1))).toBe('expired');
  });
});

describe('announcing a certificate', () => {
  const a = dated('a', -30);
  const b = dated('b', -20);
  const scheduled = dated('s', 50);

  it.each([
    ['goes into an empty line', [], dated('n', 0), 'n'],
    ['goes before older ones', [b, a], dated('n', 0), 'n b a'],
    ['goes behind the current one when it is older', [b, a], dated('n', -25), 'b n a'],
    ['goes before the current one when it begins at the same instant', [b], dated('n', -20), 'n b'],
    ['lets a scheduled one keep its turn', [scheduled, b], dated('n', 0), 's n b'],
    ['goes before a scheduled one when it begins later', [scheduled, b], dated('n', 60), 'n s b'],
    [
      'goes behind the current one although an older one stands before that',
      [dated('x', -90, -1), b],
      dated('n', -25),
      'x b n',
    ],
    ['goes before everything older when none is valid', [dated('x', -90, -1)], dated('n', -95), 'x n'],
  ])('%s', (_name, line, added, expected) => {
    expect(names(announce(line, added, day(0)))).toBe(expected);
  });
});

describe('preferring a certificate', () => {
  const current = dated('c', -20);
  const scheduled = dated('s', 50);

  it.each([
    ['goes before a newer one', [current], dated('n', -100), 'n c'],
    ['lets a scheduled one keep its turn', [scheduled, current], dated('n', -100), 's n c'],
    ['is scheduled itself when it begins later', [scheduled, current], dated('n', 20), 's n c'],
  ])('%s', (_name, line, added, expected) => {
    expect(names(prefer(line, added, day(0)))).toBe(expected);
  });
});

it('the current certificate of a line is the first valid one', () => {
  const line = [dated('scheduled', 5), dated('expired', -50, -5), dated('valid', -30), dated('older', -40)];
  expect(currentOf(line, day(0))).toBe(line[2]);
  expect(currentOf(line, day(5))).toBe(line[0]);
  expect(currentOf(line, day(-60))).toBeUndefined();
});

it('newest first goes by the start of validity and leaves its input alone', () => {
  const list = [dated('a', 1), dated('c', 3), dated('b', 2)];
  expect(names(newestFirst(list))).toBe('c b a');
  expect(names(list)).toBe('a c b');
});
