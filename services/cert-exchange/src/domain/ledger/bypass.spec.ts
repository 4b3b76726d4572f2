import { describe, expect, it } from '@jest/globals';
import type { Partner } from '@certlane/contracts';
import { closesBypass, finishesByCalling, unfinishedInBypass } from './bypass.js';
import { reopen } from './inbound.js';
import { emptyLedger, type ExchangeRecord, type Ledger } from './record.js';

type Filed = Pick<Partner['certificates'][number], 'usages' | 'origin'>;
const partner = (certificates: Filed[], secureAuthentication = true) =>
  ({ secureAuthentication, certificates }) as unknown as Partner;
const filedBy = (exchange: string): Filed => ({
  usages: ['session-authentication'],
  origin: { by: 'exchange', exchange, kind: 'request' },
});
const ALL = ['tls', 'session-authentication'];

const open = (direction: 'inbound' | 'outbound', kind: string, state: string, closes = true) =>
  ({ direction, kind, state, ...(closes ? { closesBypass: true } : {}) }) as unknown as ExchangeRecord;
const ledger = (attempts: number, ...records: ExchangeRecord[]): Ledger => ({
  ...emptyLedger('O0013ACME', 'O0177BETA'),
  open: records,
  dial: { attempts },
});

describe('the exchange that closes the bypass', () => {
  it.each<[string, Partner, readonly string[], boolean]>([
    ['is the first', partner([]), ALL, true],
    ['is still the first when its own take-over is done already', partner([filedBy('in-1')]), ALL, true],
    ['is not one that comes after another exchange', partner([filedBy('in-0')]), ALL, false],
    [
      'is not one that comes after an operator put a certificate on file',
      partner([{ usages: ['session-authentication'], origin: { by: 'operator' } }]),
      ALL,
      false,
    ],
    [
      'may come after a certificate for other usages',
      partner([{ usages: ['file-encryption'], origin: { by: 'operator' } }]),
      ALL,
      true,
    ],
    ['is not one for other usages', partner([]), ['file-encryption'], false],
    ['does not exist where no authentication is configured', partner([], false), ALL, false],
  ])('%s', (_name, known, usages, expected) => {
    expect(closesBypass(known, 'in-1', usages)).toBe(expected);
  });

  it.each<[string, ExchangeRecord[], number]>([
    ['our answer waits', [open('inbound', 'request', 'accepted')], 1],
    ['our certificate waits', [open('outbound', 'deliver', 'queued')], 1],
    ['our certificate has been received', [open('outbound', 'deliver', 'sent')], 0],
    ['something else waits', [open('inbound', 'deliver', 'accepted', false)], 0],
    ['nothing waits', [], 0],
  ])('is unfinished or not: %s', (_name, records, expected) => {
    expect(unfinishedInBypass(ledger(0, ...records))).toHaveLength(expected);
  });

  it('does not open it again when its file comes again after all', () => {
    const over = { ...open('inbound', 'request', 'accepted'), id: 'in-1', answered: true };
    const again = reopen(emptyLedger('O0013ACME', 'O0177BETA'), over, new Date()).ledger;
    expect(again.open).toMatchObject([{ id: 'in-1', answered: false }]);
    expect(unfinishedInBypass(again)).toEqual([]);
  });

  it.each<[string, ExchangeRecord[], boolean[]]>([
    ['a partner that asked for ours', [open('inbound', 'request', 'accepted')], [true, false, true]],
    ['a partner that has not received ours', [open('outbound', 'deliver', 'queued')], [true, false, true]],
    ['a partner that answered our request', [open('inbound', 'deliver', 'accepted')], [false, true, false]],
    ['a partner with whom all is done', [], [false, false, false]],
  ])('is finished by calling in turns: %s', (_name, records, expected) => {
    expect([0, 1, 2].map((attempts) => finishesByCalling(ledger(attempts, ...records)))).toEqual(expected);
  });
});
