import type { Usage } from '@certlane/contracts';
import { expect, it } from '@jest/globals';
import { aCertificate, ALL, anEntry, aPartner, aTakeOver, day } from '../testing/records.js';
import { bypassOpen } from './bypass.js';
import { addByHand } from './hand-filing.js';
import { takeOver } from './take-over.js';

const withOne = (usages: readonly Usage[], from = -10, to = 365) =>
  addByHand(aPartner(), aCertificate('one', from, to), usages, day(from)).record;

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
