import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '@certlane/contracts';
import { decision } from '../testing/records.js';
import { nextStep, standingOf } from './exchange-standing.js';
import { exchangeTable, exchangeView } from './exchange-view.js';
import { exitStatusOf, outcomesOf } from './send-outcome.js';
import { styleFor } from './style.js';

const now = new Date('2026-03-01T10:16:00.000Z');
const exchange = (parts: Partial<Exchange>): Exchange => ({
  id: 'out-1',
  station: 'O0013ACME',
  partner: 'O0177BETA',
  direction: 'outbound',
  kind: 'deliver',
  state: 'queued',
  file: {
    datasetName: 'ODETTE_CERTIFICATE_DELIVER',
    date: '20260301',
    time: '1015300001',
    originator: 'O0013ACME',
    destination: 'O0177BETA',
  },
  message: 'waits to be sent',
  since: '2026-03-01T10:15:30.123Z',
  checks: [],
  answered: false,
  attempts: 0,
  createdAt: '2026-03-01T10:15:30.123Z',
  updatedAt: '2026-03-01T10:15:30.123Z',
  ...parts,
});
const failure = (next?: string) => ({
  at: '2026-03-01T10:15:50.000Z',
  message: 'beta:6619: nobody listens there (ECONNREFUSED)',
  ...(next === undefined ? {} : { next }),
});

const acknowledged = exchange({ state: 'acknowledged', message: 'taken over by the partner (EERP)' });
const rejected = exchange({ state: 'rejected', reason: 'nerp-34', message: 'NERP 34: nothing\u001b fits' });
const failed = exchange({ state: 'failed', reason: 'unsendable', message: 'SFIDDESC is too long' });
const sent = exchange({ state: 'sent', awaits: 'answer', message: 'received by the partner; its answer is awaited' });
const duplicate = exchange({
  state: 'sent',
  awaits: 'answer',
  reason: 'sfna-13',
  message: 'refused as a duplicate (SFNA 13): the partner has received it before; its answer is awaited',
});
const calling = exchange({ awaits: 'our-call' });
const unreached = exchange({ awaits: 'our-call', attempts: 3, lastFailure: failure('2026-03-01T10:16:10.000Z') });
const due = exchange({ awaits: 'our-call', attempts: 1, lastFailure: failure('2026-03-01T10:15:59.000Z') });
const tomorrow = exchange({ awaits: 'our-call', attempts: 9, lastFailure: failure('2026-03-02T00:01:00.000Z') });
const before = exchange({ awaits: 'our-call', lastFailure: failure('2026-03-01T10:16:10.000Z') });
const held = exchange({
  direction: 'inbound',
  state: 'held',
  awaits: 'approval',
  approval: 'ambiguous',
  message: 'two entries fit equally well',
  decision: decision({
    outcome: 'held',
    reason: 'ambiguous',
    match: { by: 'entry', entries: ['e1', 'e2'], usages: ['tls'], predecessors: [], message: 'two fit' },
  }),
});
const calledBy = exchange({ awaits: 'partner-call' });

describe('where an exchange stands', () => {
  it.each<[string, Exchange, string, string, number, string]>([
    ['taken over', acknowledged, 'done', 'acknowledged: taken over by the partner (EERP)', 0, '-'],
    ['rejected', rejected, 'rejected', 'rejected: NERP 34: nothing? fits', 8, '-'],
    ['given up', failed, 'failed', 'failed: given up, nothing more is tried: SFIDDESC is too long', 5, '-'],
    [
      'delivered',
      sent,
      'answer-awaited',
      'sent: delivered at 10:15:30Z, O0177BETA has not answered yet (EERP or NERP)',
      9,
      'its EERP or NERP',
    ],
    [
      'refused as a duplicate',
      duplicate,
      'duplicate',
      'sent: refused as a duplicate (SFNA 13): the partner has received it before; its answer is awaited since 10:15:30Z',
      9,
      'its EERP or NERP',
    ],
    [
      'being called',
      calling,
      'not-delivered',
      'queued: not connected yet: O0177BETA is being called',
      7,
      'we call now',
    ],
    [
      'not reached',
      unreached,
      'not-delivered',
      'queued: not delivered yet (3 tries, the last one at 10:15:50Z): beta:6619: nobody listens there (ECONNREFUSED); tried again at 10:16:10Z',
      7,
      'we call at 10:16:10Z',
    ],
    [
      'due to be tried again',
      due,
      'not-delivered',
      'queued: not delivered yet (1 try, the last one at 10:15:50Z): beta:6619: nobody listens there (ECONNREFUSED); being tried again now',
      7,
      'we call now',
    ],
    [
      'to be tried tomorrow',
      tomorrow,
      'not-delivered',
      'queued: not delivered yet (9 tries, the last one at 10:15:50Z): beta:6619: nobody listens there (ECONNREFUSED); tried again at 2026-03-02 00:01:00Z',
      7,
      'we call at 2026-03-02 00:01:00Z',
    ],
    [
      'queued while the partner is not reached',
      before,
      'not-delivered',
      'queued: not delivered yet (the last call before at 10:15:50Z): beta:6619: nobody listens there (ECONNREFUSED); tried again at 10:16:10Z',
      7,
      'we call at 10:16:10Z',
    ],
    [
      'left for the partner to fetch',
      calledBy,
      'partner-calls',
      'queued: not delivered yet: O0177BETA has no address here and gets it when it calls',
      7,
      'it calls us',
    ],
    [
      'decided, and the partner has to fetch our answer',
      exchange({ direction: 'inbound', state: 'accepted', awaits: 'partner-call' }),
      'partner-calls',
      'accepted: our answer is not delivered yet: O0177BETA has no address here and gets it when it calls',
      7,
      'it calls us',
    ],
    [
      'held for a person',
      held,
      'held',
      'held: two entries fit equally well; decide it with: certlane approval accept out-1, or approval reject',
      7,
      'a person decides',
    ],
  ])('%s: a word, a sentence, an exit status, and what comes next', (_what, one, outcome, sentence, status, next) => {
    expect(standingOf(one, now)).toEqual({ outcome, sentence });
    const outcomes = outcomesOf([one], now);
    expect(outcomes).toEqual([{ exchange: 'out-1', outcome, sentence }]);
    expect(exitStatusOf(outcomes)).toBe(status);
    expect(nextStep(one, now)).toBe(next);
  });

  it.each<[Exchange[], number]>([
    [[], 0],
    [[acknowledged, duplicate], 9],
    [[duplicate, unreached], 7],
    [[unreached, failed], 5],
    [[failed, rejected, sent], 8],
  ])('of several the gravest gives the exit status: %#', (exchanges, status) => {
    expect(exitStatusOf(outcomesOf(exchanges, now))).toBe(status);
  });
});

describe('lists and views of exchanges', () => {
  const plain = styleFor(false);
  const theirs = exchange({ id: 'in-1', direction: 'inbound', state: 'received', awaits: 'decision', kind: 'request' });

  it('show state, since when, failed tries, what comes next and why in a row', () => {
    const rows = exchangeTable(plain, [unreached, theirs, failed], now).split('\n');
    expect(rows.map((row) => row.split(/ {2,}/).slice(-5))).toEqual([
      ['STATE', 'SINCE', 'FAILED', 'NEXT', 'WHY'],
      ['queued', '2026-03-01 10:15Z', '3', 'we call at 10:16:10Z', 'beta:6619: nobody listens there (ECONNREFUSED)'],
      ['received', '2026-03-01 10:15Z', '0', 'our decision', '-'],
      ['failed', '2026-03-01 10:15Z', '0', '-', 'unsendable'],
    ]);
  });

  it('show the same of one exchange, line by line', () => {
    const view = exchangeView(plain, unreached, now);
    expect(view).toMatch(/^Next +we call at 10:16:10Z$/m);
    expect(view).toMatch(/^In this state since +2026-03-01 10:15Z$/m);
    expect(view).toMatch(/^Failed tries +3$/m);
    expect(view).toMatch(/^Last failure +10:15:50Z: beta:6619: nobody listens there \(ECONNREFUSED\)$/m);
  });

  it('show the whole decision, and what a person can do about what waits for one', () => {
    const view = exchangeView(plain, held, now);
    expect(view).toContain('  certlane approval accept out-1 --entry e1|e2  takes it over');
    expect(view).toContain('  certlane approval reject out-1 --reason TEXT  does not');
    expect(view).toMatch(/^ {2}Known by +identification entry: two fit$/m);
    expect(view).toMatch(/^ {4}Acceptance +known$/m);
    expect(exchangeView(plain, { ...held, state: 'accepted', awaits: 'partner-call' }, now)).not.toContain(
      'approval reject',
    );
  });

  it('show the checks alone where no decision is kept with them', () => {
    const checks = [{ check: 'readable', ok: false, message: 'no certificate' }];
    expect(exchangeView(plain, exchange({ checks }), now)).toMatch(/^ {2}no +readable +no certificate$/m);
  });
});
