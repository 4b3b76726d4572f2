import { describe, expect, it } from '@jest/globals';
import type { ListState } from './schedule.js';
import { failureToTell } from './told.js';

type Step = readonly [state: ListState, trouble: string | undefined];

/** What is told in the course of some tries, by reason; `-`: nothing. */
function course(...steps: readonly Step[]): string[] {
  let told: string | undefined;
  let failures = 0;
  return steps.map(([state, reason]) => {
    failures = reason === undefined ? 0 : failures + 1;
    const trouble = reason === undefined ? undefined : { reason, message: `because of ${reason}` };
    const result = failureToTell(told, { state, failures, trouble });
    told = result.told;
    return result.tell?.reason ?? '-';
  });
}

describe('a failure is told', () => {
  it.each<[string, readonly Step[], string[]]>([
    ['at once where there is no list', [['missing', 'time']], ['time']],
    [
      'once',
      [
        ['missing', 'time'],
        ['missing', 'time'],
        ['missing', 'status'],
      ],
      ['time', '-', '-'],
    ],
    [
      'after the third one where the list in use still counts',
      [
        ['current', 'time'],
        ['current', 'time'],
        ['old', 'time'],
        ['old', 'time'],
      ],
      ['-', '-', 'time', '-'],
    ],
    [
      'again when the list no longer counts',
      [
        ['old', 'time'],
        ['old', 'time'],
        ['old', 'time'],
        ['too-old', 'time'],
        ['too-old', 'time'],
      ],
      ['-', '-', 'time', 'too-old', '-'],
    ],
    [
      'anew after it was good',
      [
        ['missing', 'time'],
        ['current', undefined],
        ['current', undefined],
        ['too-old', 'time'],
      ],
      ['time', '-', '-', 'too-old'],
    ],
    [
      'of a list that was too old when it came',
      [
        ['too-old', 'too-old'],
        ['too-old', 'too-old'],
      ],
      ['too-old', '-'],
    ],
    ['of a list that time made too old', [['too-old', undefined]], ['too-old']],
  ])('%s', (_when, steps, expected) => {
    expect(course(...steps)).toEqual(expected);
  });
});
