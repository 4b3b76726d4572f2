import { describe, expect, it } from '@jest/globals';
import type { CertificateSummary, VirtualFileIdentity } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import { base, by, first, now, undetermined } from '../../testing/acceptance.js';
import { accepted, decidedFile, held, recordOf, refused } from '../../testing/decided.js';
import { decideAcceptance, type AcceptanceDecision } from '../acceptance/decide.js';
import { exchangeIdOf } from '../virtual-file.js';
import type { LedgerChange } from './change.js';
import { decideFile } from './decide-file.js';
import { partnerRemoved } from './give-up.js';
import { receiveFile } from './inbound.js';
import { isWaiting, nextItem } from './outbox.js';
import { dropWord, noteWord } from './persons-word.js';
import { emptyLedger, MOST_OPEN, type Ledger } from './record.js';
import { MOST_FILE_CHARACTERS } from './room.js';
import { viewOf } from './view.js';

const later = new Date(now.getTime() + 60_000);
const certificate: CertificateSummary = summaryOf(first);
const fileAt = (time: string): VirtualFileIdentity => ({
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time,
  originator: 'O0177BETA',
  destination: 'O0013ACME',
});
const arriving = (time = '1015300001', octets = 'AAAA') => {
  const file = fileAt(time);
  return { id: exchangeIdOf('inbound', file), kind: 'deliver' as const, file, description: '', octets };
};
const { id } = arriving();
const stored = receiveFile(emptyLedger('O0013ACME', 'O0177BETA'), arriving(), now).ledger;
const made = (decision: AcceptanceDecision, more = {}) => ({ ...decidedFile(decision, certificate), ...more });
const names = ({ events }: LedgerChange) => events.map(({ contract }) => contract.name);
const waiting = decideFile(stored, id, made(held, { excluded: ['operator:anna'] }), now);
const word = { accept: true, by: 'operator:bert', at: later.toISOString() };
const told = noteWord(waiting.ledger, id, word).ledger;
const unknown = decideAcceptance({ ...base, rules: by({ revocation: 'fail' }), verdict: undetermined });

describe('a certificate that is held', () => {
  it('is told, with everything a person needs, and answered by nothing', () => {
    expect(names(waiting)).toEqual(['exchange.held']);
    expect(waiting.events[0]?.data).toMatchObject({
      approval: 'manual',
      certificate,
      decision: { outcome: 'held', reason: 'manual' },
    });
    expect(nextItem(waiting.ledger, new Set(), 'full')).toBeUndefined();
    expect(isWaiting(waiting.ledger)).toBe(false);
  });

  it('shows why it waits, since when, and its whole decision only to who asks for it', () => {
    const [record] = waiting.ledger.open;
    const shown = viewOf(waiting.ledger, record!, waiting.ledger);
    expect(shown).toMatchObject({
      state: 'held',
      awaits: 'approval',
      approval: 'manual',
      reason: 'manual',
      since: now.toISOString(),
    });
    expect('decision' in shown).toBe(false);
    expect(viewOf(waiting.ledger, record!, waiting.ledger, { decision: true }).decision).toEqual(recordOf(held));
  });

  it('changes by the same file again as little as by the same decision again', () => {
    expect(receiveFile(waiting.ledger, arriving(), later).ledger).toBe(waiting.ledger);
    const again = decideFile(waiting.ledger, id, made(held, { excluded: ['operator:anna'] }), later);
    expect(again).toEqual({ ledger: waiting.ledger, closed: [], events: [] });
  });

  it('is told again where it waits for something else, and has waited from the beginning', () => {
    const other = decideFile(waiting.ledger, id, made(unknown), later);
    expect(names(other)).toEqual(['exchange.held']);
    expect(other.ledger.open[0]).toMatchObject({
      reason: 'revocation-undetermined',
      held: { kinds: ['revocation-undetermined'], since: now.toISOString() },
    });
  });

  it.each([
    ['accepted', accepted, 'eerp'],
    ['refused', refused, 'nerp'],
  ] as const)('is %s like one that was not, and owes its answer', (state, decision, answer) => {
    const over = decideFile(told, id, made(decision), later);
    expect(names(over)).toEqual([`exchange.${state}`]);
    const [record] = over.ledger.open;
    expect(record).toMatchObject({ state, decision: { outcome: state } });
    expect('held' in record!).toBe(false);
    expect(nextItem(over.ledger, new Set(), 'full')).toMatchObject({ answer: { kind: answer } });
    // The slower of two replicas changes nothing any more.
    expect(decideFile(over.ledger, id, made(held), later).ledger).toBe(over.ledger);
  });

  it('ends with its partner', () => {
    expect(partnerRemoved(waiting.ledger, later).closed).toMatchObject([{ id, state: 'failed' }]);
  });

  it('takes room: a partner that filled it with such files is refused another, which says what to do', () => {
    let full: Ledger = emptyLedger('O0013ACME', 'O0177BETA');
    for (let n = 0; n < MOST_OPEN; n += 1) {
      const one = arriving(String(1_015_300_000 + n));
      full = decideFile(receiveFile(full, one, now).ledger, one.id, made(held), now).ledger;
    }
    expect(() => receiveFile(full, arriving('2359590000'), now)).toThrow(/64 of them wait for a person.*approval list/);
    expect(JSON.stringify(full).length).toBeLessThan(900_000);
  });

  it('takes room by its octets too', () => {
    let full: Ledger = emptyLedger('O0013ACME', 'O0177BETA');
    const take = (n: number) => receiveFile(full, arriving(String(1_015_300_000 + n), 'A'.repeat(87_384)), now).ledger;
    for (let n = 0; n < Math.floor(MOST_FILE_CHARACTERS / 87_384); n += 1) full = take(n);
    expect(() => take(99)).toThrow(expect.objectContaining({ code: 'failed-precondition' }));
  });
});

describe('the word of a person', () => {
  it('is kept until it is carried out; the first one stands', () => {
    expect(told.open[0]?.held?.word).toEqual(word);
    expect(noteWord(told, id, { ...word, by: 'operator:anna' }).ledger).toBe(told);
    expect(noteWord(stored, id, word).ledger).toBe(stored);
  });

  it('is kept by a decision that was made without it, and gone after one that was made with it', () => {
    expect(decideFile(told, id, made(unknown), later).ledger.open[0]?.held?.word).toEqual(word);
    const after = decideFile(told, id, made(held, { word }), later);
    expect(after.ledger.open[0]?.held?.word).toBeUndefined();
    expect(after.events).toEqual([]);
  });

  it('is taken back by who gave it, not by another', () => {
    expect(dropWord(told, id, { ...word, at: now.toISOString() }).ledger).toBe(told);
    expect(dropWord(told, id, word).ledger.open[0]?.held?.word).toBeUndefined();
  });
});
