import { describe, expect, it } from '@jest/globals';
import type { CertificateSummary, VirtualFileIdentity } from '@certlane/contracts';
import { fingerprintOf } from '../fingerprint.js';
import { exchangeIdOf } from '../virtual-file.js';
import { decidedFile, refused } from '../../testing/decided.js';
import type { LedgerChange } from './change.js';
import { giveUpUnsendable, itemUnsendable, partnerRemoved } from './give-up.js';
import { decideFile } from './decide-file.js';
import { answerDelivered, receiveFile, reopen } from './inbound.js';
import { fileDelivered, queueFiles } from './outbound.js';
import { isWaiting, nextItem } from './outbox.js';
import { toldToPartner } from '../acceptance/told-to-partner.js';
import { emptyLedger, type ExchangeRecord, type Ledger } from './record.js';

const now = new Date('2026-03-01T10:15:30.123Z');
const later = new Date('2026-03-01T10:20:00.000Z');
const octets = Buffer.from('a certificate').toString('base64');
const certificate: CertificateSummary = {
  fingerprint: fingerprintOf(octets),
  subject: 'CN=acme',
  issuer: 'CN=ca',
  serialNumber: '0a',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  extendedKeyUsage: [],
};
const draft = { kind: 'deliver', certificate, octets, description: '', usages: ['tls'] } as const;
const queued = queueFiles(emptyLedger('O0013ACME', 'O0177BETA'), [draft], now).ledger;
const [ours] = queued.open as [ExchangeRecord];
const changed = (parts: Partial<ExchangeRecord>): Ledger => ({ ...queued, open: [{ ...ours, ...parts }] });
const file: VirtualFileIdentity = {
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time: '1015300001',
  originator: 'O0177BETA',
  destination: 'O0013ACME',
};
const theirs = exchangeIdOf('inbound', file);
const withTheirs = receiveFile(
  queued,
  { id: theirs, kind: 'deliver', file, description: '', octets, inBypass: false },
  now,
).ledger;
const owed = decideFile(withTheirs, theirs, decidedFile(refused), now).ledger;

const told = ({ events }: LedgerChange) =>
  events.map(({ contract, data }) => [contract.name, 'exchange' in data ? data.exchange : undefined]);

describe('a file that can never be sent', () => {
  it.each<[string, Partial<ExchangeRecord>, RegExp]>([
    ['whose octets are no base64', { octets: '%%%' }, /does not fit what can be sent: octets/],
    ['without octets', { octets: '' }, /certificate it was to carry is gone/],
    ['without a certificate', { certificate: undefined }, /certificate it was to carry is gone/],
    ['that holds something else', { octets: 'BBBB' }, /not the certificate it was queued for/],
    ['beyond 64 KiB', { octets: 'A'.repeat(87_388) }, /octets a certificate has 64 KiB at most/],
    ['with too long a description', { description: 'ß'.repeat(500) }, /SFIDDESC would have 1000 octets, 999/],
    ['with a date that is none', { file: { ...ours.file, date: 'today' } }, /identity\.date/],
    ['with a time that is none', { file: { ...ours.file, time: '1' } }, /identity\.time/],
    ['with a name too long', { file: { ...ours.file, datasetName: 'X'.repeat(27) } }, /identity\.datasetName/],
    ['to nobody that fits', { file: { ...ours.file, destination: 'X'.repeat(26) } }, /identity\.destination/],
  ])('%s ends visibly, and nobody is called for it', (_what, parts, why) => {
    const change = giveUpUnsendable(changed(parts), later);
    expect(change.ledger.open).toEqual([]);
    expect(isWaiting(change.ledger)).toBe(false);
    expect(change.closed).toMatchObject([
      { id: ours.id, state: 'failed', reason: 'unsendable', updatedAt: later.toISOString() },
    ]);
    expect(change.closed[0]?.message).toMatch(why);
    expect(change.events).toMatchObject([
      {
        contract: { name: 'exchange.failed' },
        data: { exchange: ours.id, direction: 'outbound', reason: 'unsendable' },
      },
    ]);
    expect(giveUpUnsendable(change.ledger, later).events).toEqual([]);
  });

  it('does not take along what can be sent', () => {
    expect(giveUpUnsendable(queued, now).ledger).toBe(queued);
    const bad: ExchangeRecord = { ...ours, id: 'out-bad', octets: 'BBBB' };
    const change = giveUpUnsendable({ ...queued, open: [bad, ours] }, now);
    expect(change.ledger.open).toEqual([ours]);
    expect(nextItem(change.ledger, new Set(), 'full')).toMatchObject({ type: 'file', exchange: ours.id });
  });

  it('is left alone once the partner has it', () => {
    const sent = fileDelivered(changed({ description: 'x'.repeat(1000) }), ours.id, now).ledger;
    expect(giveUpUnsendable(sent, now).ledger).toBe(sent);
    expect(itemUnsendable(sent, ours.id, 'SFIDDSN does not fit', now).ledger).toBe(sent);
  });

  it('as a session found out ends the same way, once', () => {
    const change = itemUnsendable(queued, ours.id, 'SFIDDSN cannot hold that', now);
    expect(change.closed).toMatchObject([
      { state: 'failed', reason: 'unsendable', message: 'SFIDDSN cannot hold that' },
    ]);
    expect(told(change)).toEqual([['exchange.failed', ours.id]]);
    expect(itemUnsendable(change.ledger, ours.id, 'again', now)).toEqual({
      ledger: change.ledger,
      closed: [],
      events: [],
    });
  });
});

describe('an answer that can never be sent', () => {
  it('ends the waiting, visibly; the decision stands, and is owed again when the file comes again', () => {
    const change = itemUnsendable(owed, theirs, 'NERPDSN cannot hold that', later);
    expect(change.ledger.open).toEqual([ours]);
    expect(change.closed).toMatchObject([
      {
        state: 'refused',
        answered: false,
        message: refused.message,
        lastFailure: { message: 'NERPDSN cannot hold that' },
      },
    ]);
    expect(change.events).toMatchObject([{ data: { direction: 'inbound', reason: 'unsendable' } }]);
    const again = reopen(change.ledger, change.closed[0]!, later).ledger;
    expect(nextItem(again, new Set(), 'full')).toMatchObject({
      type: 'answer',
      answer: { kind: 'nerp', text: toldToPartner(refused) },
    });
    expect(again.open.at(-1)?.lastFailure).toBeUndefined();
    expect(answerDelivered(again, theirs, later).closed).toMatchObject([{ answered: true }]);
  });
});

describe('the removal of a partner', () => {
  it('ends everything that was open with it, and nothing a second time', () => {
    const sent = fileDelivered(withTheirs, ours.id, now).ledger;
    const all = queueFiles(sent, [draft], now).ledger;
    const change = partnerRemoved(all, later);
    expect(change.ledger.open).toEqual([]);
    expect(change.closed.map(({ direction, state, reason }) => [direction, state, reason])).toEqual([
      ['outbound', 'failed', 'partner-removed'],
      ['inbound', 'failed', 'partner-removed'],
      ['outbound', 'failed', 'partner-removed'],
    ]);
    expect(told(change)).toEqual(all.open.map(({ id }) => ['exchange.failed', id]));
    expect(partnerRemoved(change.ledger, later)).toEqual({ ledger: change.ledger, closed: [], events: [] });
  });
});
