import { describe, expect, it } from '@jest/globals';
import { day, fingerprintOf } from '../testing/records.js';
import { EVERYTHING, type ReviewScope } from './review-scope.js';
import { askFor, dueAt, finish, NEVER, type ReviewState } from './review-state.js';

const walked = { ...NEVER, walkedAt: day(0).toISOString() };
const some: ReviewScope = { anchors: [fingerprintOf('root')] };
const other: ReviewScope = { undetermined: true };
const noon = new Date(day(0).getTime() + 43_200_000);

describe('what is due', () => {
  it.each([
    ['everything, where nothing ever was reviewed', NEVER, day(0), EVERYTHING],
    ['nothing, where nothing was asked for', walked, noon, undefined],
    ['what was asked for', askFor(walked, some, ['e1']), noon, some],
    ['everything, after a day', walked, day(1), EVERYTHING],
    ['everything, after a day, whatever was asked for', askFor(walked, some, ['e1']), day(1), EVERYTHING],
  ])('is %s', (_name, state, now, scope) => {
    expect(dueAt(state, now)?.scope).toEqual(scope);
  });
});

describe('asking for a review', () => {
  it('by an event counts once, however many replicas have heard it', () => {
    const asked = askFor(walked, some, ['e1', 'e2']);
    expect(askFor(asked, some, ['e2'])).toBe(asked);
    expect(askFor(asked, other, ['e2', 'e3']).scope).toEqual({ ...some, ...other });
  });

  it('without an event counts every time', () => {
    const asked = askFor(walked, some, []);
    expect(askFor(asked, some, []).number).toBe(asked.number + 1);
  });

  it('remembers a bounded number of events', () => {
    const ids = Array.from({ length: 600 }, (_, n) => `e${n}`);
    const asked = ids.reduce<ReviewState>((state, id) => askFor(state, some, [id]), walked);
    expect(asked.heard).toHaveLength(512);
    expect(asked.heard.at(-1)).toBe('e599');
  });
});

describe('a review that is over', () => {
  const asked = askFor(walked, some, ['e1']);
  const due = { number: asked.number, scope: some };

  it('leaves nothing to do', () => {
    const after = finish(asked, due, noon);
    expect(dueAt(after, noon)).toBeUndefined();
    expect(after.walkedAt).toBe(walked.walkedAt);
    expect(askFor(after, some, ['e1'])).toBe(after);
  });

  it('leaves what was asked for while it ran', () => {
    const after = finish(askFor(asked, some, ['e2']), due, noon);
    expect(dueAt(after, noon)?.scope).toEqual(some);
  });

  it('counts for a day from its begin when it was over everything', () => {
    const after = finish(asked, { number: asked.number, scope: EVERYTHING }, day(3));
    expect(after).toMatchObject({ walkedAt: day(3).toISOString() });
    expect(dueAt(after, new Date(day(4).getTime() - 1))).toBeUndefined();
    expect(dueAt(after, day(4))).toEqual({ number: asked.number, scope: EVERYTHING });
  });
});
