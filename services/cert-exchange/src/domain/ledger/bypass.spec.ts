import { describe, expect, it } from '@jest/globals';
import type { Partner } from '@certlane/contracts';
import { closesBypass, finishesByCalling, passesInBypass, unfinishedInBypass } from './bypass.js';
import { reopen } from './inbound.js';
import { emptyLedger, type ExchangeRecord, type Ledger } from './record.js';

type Filed = Pick<Partner['certificates'][number], 'fingerprint' | 'usages' | 'origin'>;
const partner = (certificates: Filed[], secureAuthentication = true) =>
  ({ secureAuthentication, certificates }) as unknown as Partner;
const filed = (
  fingerprint: string,
  by: 'exchange' | 'operator',
  usages: Filed['usages'] = ['session-authentication'],
) => ({ fingerprint, usages, origin: by === 'operator' ? { by } : { by, exchange: 'in-1', kind: 'request' } }) as Filed;
const BEGUN = '2026-03-01T12:00:00.000Z';
const NOW = new Date('2026-03-05T12:00:00.000Z');
const ALL = ['tls', 'session-authentication'];

const open = (direction: 'inbound' | 'outbound', kind: string, state: string, closes = true) =>
  ({
    direction,
    kind,
    state,
    createdAt: BEGUN,
    ...(closes ? { closesBypass: true } : {}),
  }) as unknown as ExchangeRecord;
const ledger = (attempts: number, ...records: ExchangeRecord[]): Ledger => ({
  ...emptyLedger('O0013ACME', 'O0177BETA'),
  open: records,
  dial: { attempts },
});

describe('the exchange that closes the bypass', () => {
  it.each<[string, Partner, readonly string[], boolean]>([
    ['is the first', partner([]), ALL, true],
    ['is still the first when its take-over is done already', partner([filed('this', 'exchange')]), ALL, true],
    ['is not one that comes after another certificate', partner([filed('other', 'exchange')]), ALL, false],
    [
      'is not one that comes after an operator put a certificate on file',
      partner([filed('other', 'operator')]),
      ALL,
      false,
    ],
    [
      'may come after a certificate for other usages',
      partner([filed('other', 'operator', ['file-encryption'])]),
      ALL,
      true,
    ],
    ['is not one that an operator put on file himself', partner([filed('this', 'operator')]), ALL, false],
    ['is not one for other usages', partner([]), ['file-encryption'], false],
    ['does not exist where no authentication is configured', partner([], false), ALL, false],
  ])('%s', (_name, known, usages, expected) => {
    expect(closesBypass(known, { inBypass: true }, { fingerprint: 'this', usages })).toBe(expected);
  });

  it('is none where the partner has proven itself', () => {
    expect(closesBypass(partner([]), {}, { fingerprint: 'this', usages: ALL })).toBe(false);
  });

  it.each<[string, ExchangeRecord, boolean]>([
    ['its own answer', open('inbound', 'request', 'accepted'), true],
    ['the certificate it asked for', open('outbound', 'deliver', 'queued'), true],
    ['the refusal of what came with it', { ...open('inbound', 'deliver', 'refused', false), inBypass: true }, true],
    ['the answer to what came from the proven partner', open('inbound', 'deliver', 'accepted', false), false],
    ['another certificate of ours', open('outbound', 'deliver', 'queued', false), false],
  ])('lets or does not let %s pass before it is finished', (_name, record, passes) => {
    const closing = open('inbound', 'deliver', 'accepted');
    expect(passesInBypass(ledger(0, closing, record))(record)).toBe(passes);
    expect(passesInBypass(ledger(0, { ...record, closesBypass: false }))(record)).toBe(true);
  });

  it.each<[string, ExchangeRecord[], number]>([
    ['our answer waits', [open('inbound', 'request', 'accepted')], 1],
    ['our certificate waits', [open('outbound', 'deliver', 'queued')], 1],
    ['our certificate has been received', [open('outbound', 'deliver', 'sent')], 0],
    ['something else waits', [open('inbound', 'deliver', 'accepted', false)], 0],
    ['nothing waits', [], 0],
  ])('is unfinished or not: %s', (_name, records, expected) => {
    expect(unfinishedInBypass(ledger(0, ...records), NOW)).toHaveLength(expected);
  });

  it('is finishable for thirty days from its decision and no longer', () => {
    const cutOff = ledger(0, open('inbound', 'request', 'accepted'));
    const after = (milliseconds: number) => new Date(Date.parse(BEGUN) + milliseconds);
    const days = 30 * 86_400_000;
    expect(unfinishedInBypass(cutOff, after(days))).toHaveLength(1);
    expect(finishesByCalling(cutOff, after(days))).toBe(true);
    expect(unfinishedInBypass(cutOff, after(days + 1))).toEqual([]);
    expect(finishesByCalling(cutOff, after(days + 1))).toBe(false);
    const lateDecided = { ...cutOff.open[0], decision: { at: after(days).toISOString() } } as ExchangeRecord;
    expect(unfinishedInBypass(ledger(0, lateDecided), after(2 * days))).toHaveLength(1);
    expect(unfinishedInBypass(ledger(0, lateDecided), after(2 * days + 1))).toEqual([]);
  });

  it('is none of a bypass that was reopened since: that one is as open as the first', () => {
    const [former, ordered] = [open('outbound', 'deliver', 'sent'), open('outbound', 'request', 'queued', false)];
    const reopened = (since: string): Ledger => ({
      ...ledger(0, former, { ...former, state: 'queued' }, ordered),
      bypass: { since, uses: 1, sessions: [] },
    });
    const found = ['2026-02-01T12:00:00.000Z', BEGUN, '2026-03-04T12:00:00.000Z'].map((since) => [
      passesInBypass(reopened(since))(ordered),
      unfinishedInBypass(reopened(since), NOW).length,
    ]);
    expect(found).toEqual([
      [false, 1],
      [false, 1],
      [true, 0],
    ]);
  });

  it('is finished in the bypass although that was reopened between its file and its decision', () => {
    const decided = {
      ...open('inbound', 'request', 'accepted'),
      decision: { at: NOW.toISOString() },
    } as ExchangeRecord;
    const bypass = { since: '2026-03-04T12:00:00.000Z', uses: 1, sessions: [] };
    expect(unfinishedInBypass({ ...ledger(0, decided), bypass }, NOW)).toEqual([decided]);
  });

  it('does not open it again when its file comes again after all', () => {
    const over = { ...open('inbound', 'request', 'accepted'), id: 'in-1', answered: true };
    const again = reopen(emptyLedger('O0013ACME', 'O0177BETA'), over, new Date()).ledger;
    expect(again.open).toMatchObject([{ id: 'in-1', answered: false }]);
    expect(unfinishedInBypass(again, NOW)).toEqual([]);
  });

  it.each<[string, ExchangeRecord[], boolean[]]>([
    ['a partner that asked for ours', [open('inbound', 'request', 'accepted')], [true, false, true]],
    ['a partner that has not received ours', [open('outbound', 'deliver', 'queued')], [true, false, true]],
    ['a partner that answered our request', [open('inbound', 'deliver', 'accepted')], [false, true, false]],
    ['a partner with whom all is done', [], [false, false, false]],
  ])('is finished by calling in turns: %s', (_name, records, expected) => {
    expect([0, 1, 2].map((attempts) => finishesByCalling(ledger(attempts, ...records), NOW))).toEqual(expected);
  });
});
