import type { Usage } from '@certlane/contracts';
import { expect, it } from '@jest/globals';
import { aCertificate, ALL, anEntry, aPartner, aTakeOver, day } from '../testing/records.js';
import { bypassOpen, broughtBy } from './bypass.js';
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
  expect(bypassOpen(partner)).toBe(open);
});
