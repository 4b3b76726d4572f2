import type { Usage } from '@certlane/contracts';
import { expect, it } from '@jest/globals';
import { aCertificate, ALL, anEntry, aPartner, aTakeOver, day } from '../testing/records.js';
import { bypassOpen, bypassState, broughtBy } from './bypass.js';
import { addByHand } from './hand-filing.js';
import { takeOver } from './take-over.js';

const withOne = (usages: readonly Usage[], from = -10, to = 365) =>
  addByHand(aPartner(), aCertificate('one', from, to), usages, day(from)).record;

const brought = takeOver(aPartner(), aTakeOver(aCertificate('first'), { usages: ['session-authentication'] }), day(0));

it.each([
  ['nothing, while none is on file', withOne(['tls']), undefined],
  ['the exchange, while it is the only one', brought.record, aTakeOver(aCertificate('first')).exchange],
  ['nothing, where an operator put it on file', withOne(['session-authentication']), undefined],
  [
    'the exchange, where an operator had put it on file for something else',
    takeOver(withOne(['tls']), aTakeOver(aCertificate('one')), day(0)).record,
    aTakeOver(aCertificate('one')).exchange,
  ],
  [
    'nothing, where an exchange had brought it for something else',
    addByHand(
      takeOver(aPartner(), aTakeOver(aCertificate('one'), { usages: ['tls'] }), day(0)).record,
      aCertificate('one'),
      ['session-authentication'],
      day(0),
    ).record,
    undefined,
  ],
  [
    'nothing, once an operator put another on file',
    addByHand(brought.record, aCertificate('second'), ['session-authentication'], day(0)).record,
    undefined,
  ],
])('what brought the certificate is %s', (_name, partner, exchange) => {
  expect(broughtBy(partner)).toBe(exchange);
});

const recalled = takeOver(
  withOne(['session-authentication']),
  aTakeOver(aCertificate('new'), {
    kind: 'replace',
    usages: ['tls'],
    predecessors: [aCertificate('one').summary.fingerprint],
  }),
  day(0),
).record;

it.each([
  ['open while nothing is on file', aPartner(), true],
  [
    'open while only certificates for other usages are on file',
    withOne(ALL.filter((usage) => usage !== 'session-authentication')),
    true,
  ],
  ['closed by a certificate for session authentication', withOne(['session-authentication']), false],
  ['closed by one that has expired long ago', withOne(['session-authentication'], -900, -800), false],
  ['closed by one that is valid only later', withOne(['session-authentication'], 900, 1000), false],
  ['closed by one that was recalled', recalled, false],
  ['not there without identification', aPartner({ entries: [] }), false],
  ['not there with identification for other usages', aPartner({ entries: [{ ...anEntry, usages: ['tls'] }] }), false],
  ['not there without automatic exchange', aPartner({ acx: false }), false],
  ['not there without secure authentication', aPartner({ secureAuthentication: false }), false],
])('the bypass is %s', (_name, partner, open) => {
  expect(bypassOpen(partner, day(1000))).toBe(open);
});

const limited = (days: number | null, changes = {}) =>
  aPartner({
    bypassLimits: { days, attempts: 3, addresses: ['192.0.2.0/24'] },
    createdAt: day(0).toISOString(),
    ...changes,
  });
const reopened = { bypassReopenedAt: day(40).toISOString() };
const closed = { certificates: withOne(['session-authentication']).certificates };

it.each([
  ['from when the partner was set up', limited(30), day(1), { open: true, since: day(0), until: day(30) }],
  [
    'to its last millisecond',
    limited(30),
    new Date(day(30).getTime() - 1),
    { open: true, since: day(0), until: day(30) },
  ],
  ['and not longer', limited(30), day(30), { open: false, since: day(0), until: day(30) }],
  ['without an end where no days are set', limited(null), day(9000), { open: true, since: day(0) }],
  ['from when it was reopened', limited(30, reopened), day(69), { open: true, since: day(40), until: day(70) }],
  ['whatever closes it', limited(30, closed), day(1), { open: false, since: day(0), until: day(30) }],
])('the time of the bypass counts %s', (_name, partner, at, { open, since, ...rest }) => {
  const until = 'until' in rest ? { until: rest.until.toISOString() } : {};
  expect(bypassState(partner, at)).toEqual({ open, since: since.toISOString(), ...until });
});
