import { unreachableReasons, type TrustListView } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { readingExit, readingOutcome, readingsOutcome, type ReadingOutcome } from './reading-outcome.js';

type Try = NonNullable<TrustListView['lastTry']>;
const good: Try = { at: '2026-11-23T12:00:00Z', ok: true, message: 'taken' };
const bad = (reason?: string): Try => ({
  ...good,
  ok: false,
  message: 'no',
  ...(reason === undefined ? {} : { reason }),
});
type Row = [string, Try | undefined, boolean, ReadingOutcome, number];
const each = (...tries: Try[]) => tries.map((lastTry) => ({ lastTry }));

describe('what came of reading a list', () => {
  it.each<Row>([
    ['it was read', good, false, 'read', 0],
    ['its server has not answered, whatever came of the try before', good, true, 'pending', 7],
    ['no try has come to an end', undefined, false, 'pending', 7],
    ...unreachableReasons.map((reason): Row => [`nothing came (${reason})`, bad(reason), false, 'unreachable', 7]),
    ['a page for people came', bad('html'), false, 'refused', 5],
    ['another one signed it', bad('trust-list-signer-unknown'), false, 'refused', 5],
    ['it failed for no reason that is told', bad(), false, 'refused', 5],
  ])('is the exit status: %s', (_what, lastTry, queued, outcome, status) => {
    expect(readingOutcome(lastTry, queued)).toBe(outcome);
    expect(readingExit(outcome)).toBe(status);
  });

  it.each<[string, ReturnType<typeof each>, number, ReadingOutcome]>([
    ['nothing was to be read', [], 0, 'read'],
    ['all were read', each(good, good), 0, 'read'],
    ['one goes on', each(good), 1, 'pending'],
    ['all go on', [], 3, 'pending'],
    ['what came of one is not good, and another goes on', each(good, bad('older')), 1, 'refused'],
    ['nothing came of one', each(bad('older'), bad('status'), good), 1, 'unreachable'],
  ])('of several is the gravest: %s', (_what, lists, queued, outcome) => {
    expect(readingsOutcome(lists, queued)).toBe(outcome);
  });
});
