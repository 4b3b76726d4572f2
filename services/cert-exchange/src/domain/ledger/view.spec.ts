import { describe, expect, it } from '@jest/globals';
import { exchange } from '@certlane/contracts';
import { cannotDial, reportDial } from './dial.js';
import { fileDelivered, fileRefused, queueFiles } from './outbound.js';
import { receiveFile } from './inbound.js';
import { emptyLedger, type Ledger } from './record.js';
import { viewOf } from './view.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, seconds));
const iso = (seconds: number) => at(seconds).toISOString();
const certificate = {
  fingerprint: 'a'.repeat(64),
  subject: 'CN=acme',
  issuer: 'CN=ca',
  serialNumber: '0a',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  extendedKeyUsage: [],
};
const draft = { kind: 'deliver', certificate, octets: 'BBBB', description: '', usages: ['tls'] } as const;
const queued = queueFiles(emptyLedger('O0013ACME', 'O0177BETA'), [draft], at(0)).ledger;
const { id, file } = queued.open[0]!;
const unreached = (ledger: Ledger, seconds: number) =>
  reportDial(ledger, { holder: 'g', ok: false, message: 'nobody listens there' }, at(seconds)).change.ledger;
const refuse = (ledger: Ledger, reason: number, retry: boolean, seconds: number) =>
  fileRefused(ledger, id, { by: 'sfna', reason, text: '', retry }, at(seconds)).ledger;
const received = receiveFile(
  emptyLedger('O0013ACME', 'O0177BETA'),
  { id: 'in-1', kind: 'deliver', file, description: '', octets: 'BBBB', inBypass: false },
  at(7),
).ledger;

describe('an exchange as callers see it', () => {
  it.each<[string, Ledger, object]>([
    ['just queued', queued, { awaits: 'our-call', since: iso(0), attempts: 0 }],
    [
      'whose partner was not reached',
      unreached(unreached(queued, 1), 6),
      {
        awaits: 'our-call',
        since: iso(0),
        attempts: 2,
        lastFailure: { at: iso(6), message: 'nobody listens there', next: iso(16) },
      },
    ],
    ['whose partner has no address', cannotDial(queued, 'g').ledger, { awaits: 'partner-call', since: iso(0) }],
    [
      'refused for now',
      refuse(queued, 12, true, 3),
      { awaits: 'our-call', since: iso(0), attempts: 1, lastFailure: { at: iso(3), message: 'SFNA 12', next: iso(8) } },
    ],
    [
      'refused for now, then not reached',
      unreached(refuse(queued, 12, true, 3), 9),
      { attempts: 2, lastFailure: { at: iso(9), message: 'nobody listens there' } },
    ],
    ['sent', fileDelivered(queued, id, at(4)).ledger, { state: 'sent', awaits: 'answer', since: iso(4) }],
    [
      'refused as a duplicate',
      refuse(queued, 13, false, 5),
      { state: 'sent', reason: 'sfna-13', awaits: 'answer', since: iso(5) },
    ],
    ['not decided yet', received, { awaits: 'decision', since: iso(7) }],
  ])('%s: what it waits for, since when, and what the last try met', (_what, ledger, shown) => {
    const view = viewOf(ledger, ledger.open[0]!, ledger);
    expect(view).toMatchObject(shown);
    expect(exchange.parse(view)).toEqual(view);
  });

  it('that is over waits for nothing', () => {
    const over = fileRefused(queued, id, { by: 'efna', reason: 1, text: '', retry: false }, at(2)).closed[0]!;
    const view = viewOf(queued, over);
    expect(view).toMatchObject({ state: 'rejected', reason: 'efna-1', since: iso(2) });
    expect('awaits' in view).toBe(false);
  });

  it('names no failed call for a file that the partner has already', () => {
    const sent = fileDelivered(queued, id, at(1)).ledger;
    const view = viewOf(sent, sent.open[0]!, unreached(sent, 3));
    expect('lastFailure' in view).toBe(false);
  });
});
