import { describe, expect, it } from '@jest/globals';
import { emptyLedger, MOST_OPEN, type ExchangeRecord, type Ledger } from './record.js';
import { countIntake, withRoom } from './room.js';

const now = new Date('2026-06-01T12:00:00Z');
const open = (id: number, state: ExchangeRecord['state']) =>
  ({ id: `out-${id}`, direction: 'outbound', kind: 'deliver', state, file: {} }) as unknown as ExchangeRecord;
const ledger = (...records: ExchangeRecord[]): Ledger => ({ ...emptyLedger('O0013ACME', 'O0177BETA'), open: records });
const many = (count: number, state: ExchangeRecord['state']) =>
  Array.from({ length: count }, (_, id) => open(id, state));

describe('room for more exchanges', () => {
  it('is there while few are open', () => {
    const few = ledger(...many(MOST_OPEN - 1, 'sent'));
    expect(withRoom(few, 1, now)).toEqual({ ledger: few, closed: [], events: [] });
  });

  it('is made by giving up the oldest that were never answered, visibly', () => {
    const { ledger: left, closed, events } = withRoom(ledger(open(100, 'queued'), ...many(MOST_OPEN, 'sent')), 1, now);
    expect(closed).toMatchObject([
      { id: 'out-0', state: 'failed', reason: 'no-answer' },
      { id: 'out-1', state: 'failed', reason: 'no-answer' },
    ]);
    expect(events.map(({ data }) => data)).toMatchObject([{ reason: 'no-answer' }, { reason: 'no-answer' }]);
    expect(left.open).toHaveLength(MOST_OPEN - 1);
    expect(left.open[0]?.id).toBe('out-100');
  });

  it('is refused where everything that is open still has something to do', () => {
    expect(() => withRoom(ledger(open(100, 'sent'), ...many(MOST_OPEN - 1, 'accepted')), 2, now)).toThrow(
      expect.objectContaining({ code: 'failed-precondition' }),
    );
  });
});

describe('the files of a partner', () => {
  const after = (files: number): Ledger => {
    let counted = ledger();
    for (let n = 0; n < files; n += 1) counted = countIntake(counted, now);
    return counted;
  };

  it('are taken up to a number within an hour, and again when it is over', () => {
    const full = after(500);
    expect(() => countIntake(full, now)).toThrow(/500 new certificate files since 2026-06-01T12:00:00.000Z/);
    const later = new Date(now.getTime() + 3_600_000);
    expect(countIntake(full, later).intake).toEqual({ since: later.toISOString(), files: 1 });
  });
});
