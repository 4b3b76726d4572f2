import { describe, expect, it } from '@jest/globals';
import type { CertificateSummary, FileAnswer, VirtualFileIdentity } from '@certlane/contracts';
import type { LedgerChange } from './change.js';
import { cannotDial, claimDial, holdForSession, LEASE_MILLISECONDS, reportDial, withReach } from './dial.js';
import { decideFile } from './decide-file.js';
import { answerDelivered, receiveFile, reopen } from './inbound.js';
import { answerReceived, fileDelivered, fileRefused, queueFiles, type OutboundDraft } from './outbound.js';
import { isWaiting, nextItem } from './outbox.js';
import { emptyLedger, MOST_OPEN, type Ledger } from './record.js';
import { exchangeIdOf } from '../virtual-file.js';
import { accepted, decidedFile as made, refused } from '../../testing/decided.js';

const now = new Date('2026-03-01T10:15:30.123Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const empty = emptyLedger('O0013ACME', 'O0177BETA');

const summary: CertificateSummary = {
  fingerprint: 'a'.repeat(64),
  subject: 'CN=beta',
  issuer: 'CN=ca',
  serialNumber: '0a',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  extendedKeyUsage: [],
};
const inboundFile = (time = '1015300001'): VirtualFileIdentity => ({
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time,
  originator: 'O0177BETA',
  destination: 'O0013ACME',
});
const received = (file = inboundFile()) => ({
  id: exchangeIdOf('inbound', file),
  kind: 'deliver' as const,
  file,
  description: '',
  octets: 'AAAA',
});
const draft: OutboundDraft = {
  kind: 'deliver',
  certificate: summary,
  octets: 'BBBB',
  description: '',
  usages: ['tls'],
};

const names = ({ events }: LedgerChange) => events.map(({ contract }) => contract.name);
const only = (ledger: Ledger) => ledger.open.map(({ state }) => state);
const id = received().id;

describe('a received file', () => {
  const stored = receiveFile(empty, received(), now);

  it('is stored first, undecided and unanswered', () => {
    expect(only(stored.ledger)).toEqual(['received']);
    expect(names(stored)).toEqual(['exchange.received']);
    expect(nextItem(stored.ledger, new Set(), 'full')).toBeUndefined();
  });

  it('that comes again while it is open changes nothing', () => {
    const again = receiveFile(stored.ledger, received(), later(1000));
    expect(again.ledger).toBe(stored.ledger);
    expect(names(again)).toEqual([]);
  });

  it('is decided once: a second decision changes nothing', () => {
    const first = decideFile(stored.ledger, id, made(refused), now);
    expect(only(first.ledger)).toEqual(['refused']);
    expect(names(first)).toEqual(['exchange.refused']);
    const second = decideFile(first.ledger, id, made(accepted, summary), now);
    expect(second.ledger).toBe(first.ledger);
    expect(names(second)).toEqual([]);
  });

  it('accepted is answered with EERP until RTR, then it is over', () => {
    const decided = decideFile(stored.ledger, id, made(accepted, summary), now).ledger;
    expect(nextItem(decided, new Set(), 'full')).toEqual({
      type: 'answer',
      exchange: id,
      answer: { kind: 'eerp', file: inboundFile() },
    });
    const over = answerDelivered(decided, id, now);
    expect(over.ledger.open).toEqual([]);
    expect(over.closed.map(({ state, answered }) => [state, answered])).toEqual([['accepted', true]]);
    expect(names(over)).toEqual(['exchange.answered']);
    expect(answerDelivered(over.ledger, id, now).events).toEqual([]);
  });

  it('refused is answered with NERP 34, us as its creator and the sentence as its text', () => {
    const decided = decideFile(stored.ledger, id, made(refused), now).ledger;
    expect(nextItem(decided, new Set(), 'full')).toMatchObject({
      answer: {
        kind: 'nerp',
        reason: 34,
        text: expect.stringMatching(/^proven, no-match: no certificate on file/),
        creator: 'O0013ACME',
      },
    });
  });

  it('cuts a long text at 999 octets, never inside a character', () => {
    const long = { ...refused, message: `${'x'.repeat(980)}ß` };
    const decided = decideFile(stored.ledger, id, made(long), now).ledger;
    const item = nextItem(decided, new Set(), 'full');
    expect(item?.type === 'answer' && item.answer.text).toBe(`proven, no-match: ${'x'.repeat(980)}`);
  });

  it('that is over and comes again is answered again, without an event', () => {
    const over = answerDelivered(decideFile(stored.ledger, id, made(refused), now).ledger, id, now);
    const again = reopen(over.ledger, over.closed[0]!, now);
    expect(names(again)).toEqual([]);
    expect(nextItem(again.ledger, new Set(), 'full')).toMatchObject({ answer: { kind: 'nerp' } });
  });

  it('is refused when too much is open, and nothing is lost', () => {
    let full: Ledger = empty;
    for (let n = 0; n < MOST_OPEN; n += 1) {
      full = receiveFile(full, received(inboundFile(String(1_015_300_000 + n))), now).ledger;
    }
    expect(() => receiveFile(full, received(inboundFile('2359590000')), now)).toThrow(/64 exchanges are open/);
    expect(receiveFile(full, received(inboundFile('1015300000')), now).ledger).toBe(full);
  });
});

describe('a file of ours', () => {
  const queued = queueFiles(empty, [draft], now);
  const [ours] = queued.ids;
  const sentLedger = fileDelivered(queued.ledger, ours!, now).ledger;
  const answer = (kind: 'eerp' | 'nerp'): FileAnswer => ({
    kind,
    file: queued.ledger.open[0]!.file,
    reason: 34,
    text: 'no',
  });

  it('is queued under an identity of its own, stamped in UTC', () => {
    expect(queued.ledger.open[0]!.file).toEqual({
      datasetName: 'ODETTE_CERTIFICATE_DELIVER',
      date: '20260301',
      time: '1015301230',
      originator: 'O0013ACME',
      destination: 'O0177BETA',
    });
    expect(names(queued)).toEqual(['exchange.queued']);
  });

  it('is not queued twice while it waits', () => {
    const again = queueFiles(queued.ledger, [draft], later(5));
    expect(again.ids).toEqual(queued.ids);
    expect(again.ledger.open).toHaveLength(1);
  });

  it('gets an identity of its own even when many are queued in one millisecond', () => {
    const drafts = Array.from({ length: 25 }, (_, n) => ({ ...draft, description: `d${n}` }));
    const { ids, ledger } = queueFiles(empty, drafts, now);
    expect(new Set(ids).size).toBe(25);
    expect(new Set(ledger.open.map(({ file }) => file.time)).size).toBe(25);
  });

  it('has a stamp that may be sent also in the first millisecond of a second: the counter begins at 0001', () => {
    const { ledger } = queueFiles(
      empty,
      [draft, { ...draft, description: 'other' }],
      new Date('2026-03-01T10:15:30.000Z'),
    );
    expect(ledger.open.map(({ file }) => file.time)).toEqual(['1015300001', '1015300002']);
  });

  it('is sent once and then waits for its answer', () => {
    expect(only(sentLedger)).toEqual(['sent']);
    expect(isWaiting(sentLedger)).toBe(false);
    expect(fileDelivered(sentLedger, ours!, now).events).toEqual([]);
  });

  it.each([
    ['eerp', 'acknowledged', 'exchange.acknowledged'],
    ['nerp', 'rejected', 'exchange.rejected'],
  ] as const)('ends with %s as %s', (kind, state, event) => {
    for (const ledger of [sentLedger, queued.ledger]) {
      const over = answerReceived(ledger, ours!, answer(kind), now);
      expect(over.ledger.open).toEqual([]);
      expect(over.closed[0]?.state).toBe(state);
      expect(names(over)).toEqual([event]);
    }
  });

  it('leaves an answer to something unknown without effect', () => {
    expect(answerReceived(empty, ours!, answer('eerp'), now)).toEqual({ ledger: empty, closed: [], events: [] });
  });

  it('that the partner refuses for now waits for a later session', () => {
    const change = fileRefused(queued.ledger, ours!, { by: 'sfna', reason: 12, text: 'disk full', retry: true }, now);
    expect(only(change.ledger)).toEqual(['queued']);
    expect(change.ledger.open[0]).toMatchObject({
      attempts: 1,
      lastFailure: { message: 'SFNA 12: disk full', next: later(5_000).toISOString() },
    });
    expect(nextItem(change.ledger, new Set([ours!]), 'full')).toBeUndefined();
    expect(nextItem(change.ledger, new Set(), 'full')).toMatchObject({ type: 'file', exchange: ours });
  });

  it('that the partner refuses for good is over', () => {
    const change = fileRefused(queued.ledger, ours!, { by: 'sfna', reason: 14, text: '', retry: false }, now);
    expect(change.ledger.open).toEqual([]);
    expect(change.closed[0]).toMatchObject({ state: 'rejected', reason: 'sfna-14', message: 'SFNA 14' });
  });

  it.each([false, true])('that the partner has already (13, retry %s) waits for its answer, and says so', (retry) => {
    const refusal = { by: 'sfna', reason: 13, text: 'have it', retry } as const;
    const change = fileRefused(queued.ledger, ours!, refusal, now);
    expect(change.ledger.open).toMatchObject([
      { state: 'sent', reason: 'sfna-13', message: expect.stringContaining('duplicate (SFNA 13: have it)') as unknown },
    ]);
    expect(change.events).toMatchObject([{ data: { exchange: ours!, duplicate: true } }]);
    expect(isWaiting(change.ledger)).toBe(false);
    const over = answerReceived(change.ledger, ours!, answer('eerp'), later(1));
    expect(over.closed[0]).toMatchObject({ state: 'acknowledged', message: 'taken over by the partner (EERP)' });
    expect(over.closed[0]?.reason).toBeUndefined();
  });

  it('goes after the answers we owe', () => {
    const both = decideFile(
      receiveFile(queued.ledger, received(), later(1)).ledger,
      id,
      made(accepted, summary),
      now,
    ).ledger;
    expect(nextItem(both, new Set(), 'full')?.type).toBe('answer');
    expect(nextItem(both, new Set([id]), 'full')?.type).toBe('file');
    expect(nextItem(both, new Set([id, ours!]), 'full')).toBeUndefined();
  });
});

describe('the lease on dialling', () => {
  const waiting = queueFiles(empty, [draft], now).ledger;

  it('is one holder’s until it ends', () => {
    const first = claimDial(waiting, 'g1', now);
    expect(first.claim).toEqual({ granted: true, waiting: true, leaseMilliseconds: LEASE_MILLISECONDS });
    expect(claimDial(first.change.ledger, 'g2', later(1000)).claim.granted).toBe(false);
    expect(claimDial(first.change.ledger, 'g1', later(1000)).claim.granted).toBe(true);
    expect(claimDial(first.change.ledger, 'g2', later(LEASE_MILLISECONDS)).claim.granted).toBe(true);
  });

  it('is not written when nothing waits', () => {
    const { change, claim } = claimDial(empty, 'g1', now);
    expect(claim.waiting).toBe(false);
    expect(change.ledger).toBe(empty);
  });

  it('is held back for a while for a session that is running', () => {
    const held = holdForSession(waiting, 's1', now);
    expect(claimDial(held, 'g1', later(100)).claim.granted).toBe(false);
    expect(claimDial(held, 'g1', later(20_000)).claim.granted).toBe(true);
  });

  it('is given back with a report, and failures are tried again later and later', () => {
    let ledger = waiting;
    const pauses: (number | undefined)[] = [];
    for (let n = 0; n < 12; n += 1) {
      ledger = claimDial(ledger, 'g1', now).change.ledger;
      const { change, retryMilliseconds } = reportDial(ledger, { holder: 'g1', ok: false, message: 'refused' }, now);
      expect(names(change)).toEqual(['dial.failed']);
      ledger = change.ledger;
      pauses.push(retryMilliseconds);
    }
    expect(pauses.slice(0, 3)).toEqual([5000, 10_000, 20_000]);
    expect(pauses.at(-1)).toBe(3_600_000);
    expect(ledger.dial.holder).toBeUndefined();
    const { change, retryMilliseconds } = reportDial(ledger, { holder: 'g1', ok: true, message: '' }, now);
    expect(change.ledger.dial.attempts).toBe(0);
    expect(retryMilliseconds).toBe(5000);
  });

  it.each([true, false])('opens no ledger for a report (ok: %s) about a call that nobody claimed', (ok) => {
    const { change, ...rest } = reportDial(empty, { holder: 'g1', ok, message: 'refused' }, now);
    expect(change).toEqual({ ledger: empty, closed: [], events: [] });
    expect(rest).toEqual({});
  });

  it('waits longer and longer for a file that the partner refuses for now, although every session goes well', () => {
    let ledger = waiting;
    const pauses: (number | undefined)[] = [];
    for (let n = 0, at = now; n < 12; n += 1) {
      ledger = claimDial(ledger, 'g1', at).change.ledger;
      const refusal = { by: 'sfna', reason: 12, text: '', retry: true } as const;
      ledger = fileRefused(ledger, ledger.open[0]!.id, refusal, at).ledger;
      const { change, retryMilliseconds } = reportDial(ledger, { holder: 'g1', ok: true, message: '' }, at);
      ledger = change.ledger;
      pauses.push(retryMilliseconds);
      at = new Date(at.getTime() + (retryMilliseconds ?? 0));
    }
    expect(pauses.slice(0, 3)).toEqual([5000, 10_000, 20_000]);
    expect(pauses.at(-1)).toBe(3_600_000);
    expect(ledger.open[0]?.attempts).toBe(12);
    // What came up meanwhile is not held back by it.
    const both = queueFiles(ledger, [{ ...draft, description: 'other' }], later(1)).ledger;
    expect(reportDial(both, { holder: 'g1', ok: true, message: '' }, later(1)).retryMilliseconds).toBe(5000);
  });

  it('counts a call that failed for everything that waited for it, and for nothing else', () => {
    const sent = fileDelivered(waiting, waiting.open[0]!.id, now).ledger;
    const more = queueFiles(sent, [{ ...draft, description: 'other' }], later(1)).ledger;
    const { change } = reportDial(more, { holder: 'g1', ok: false, message: 'refused' }, later(2));
    expect(change.ledger.open.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 0],
      ['queued', 1],
    ]);
  });

  it('is given back for good where the partner has no address, until it gets one', () => {
    const claimed = claimDial(waiting, 'g1', now).change.ledger;
    const change = cannotDial(claimed, 'g1');
    expect(change).toMatchObject({ events: [], ledger: { dial: { attempts: 0, partnerCalls: true } } });
    expect(change.ledger.dial.holder).toBeUndefined();
    expect(withReach(change.ledger, false)).toBe(change.ledger);
    expect(withReach(change.ledger, true).dial).toEqual({ attempts: 0 });
    expect(withReach(waiting, true)).toBe(waiting);
  });
});
