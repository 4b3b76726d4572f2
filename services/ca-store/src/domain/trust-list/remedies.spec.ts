import { unreachableReasons } from '@certlane/contracts';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import type { PinnedSigner } from '../../ports/trust-state.js';
import { aTrustList } from '../../testing/a-trust-view.js';
import { trustListRemedy, type AilingList, type CameBy } from './remedies.js';

const { authority } = testCa();
const given: PinnedSigner = { certificate: authority.certificate, pinned: 'given', at: '2026-11-01T00:00:00Z' };
const inUse: AilingList = { ...aTrustList('odette', 'oftp2', []), signers: [given] };
const unread: AilingList = { name: 'odette', signers: [given] };

describe('what can be done about a trust list', () => {
  it.each<[string, AilingList, CameBy, RegExp]>([
    [
      'trust-list-signer-unknown',
      inUse,
      'address',
      /announced this signer: certlane tsl signer stage odette CERT, then another person: certlane tsl signer confirm odette$/,
    ],
    ['signer-not-pinned', inUse, 'file', /certlane tsl signer stage odette CERT/],
    [
      'trust-list-signer-unknown',
      unread,
      'address',
      /stage odette CERT.*; if the wrong one was given: certlane tsl remove odette, then certlane tsl add odette … --signer CERT$/,
    ],
    ['trust-list-signer-unknown', { name: 'odette', signers: [] }, 'first', /fingerprint .* --signer$/],
    [
      'sequence-number-lower',
      inUse,
      'address',
      /newest edition; if its numbers began anew: certlane tsl remove odette/,
    ],
    ['issued-before-current', inUse, 'file', /newest edition; if its numbers began anew/],
    [
      'next-update-passed',
      inUse,
      'address',
      /^ask the publisher for a current edition; certlane tsl import odette FILE/,
    ],
    ['next-update-passed', inUse, 'file', /^ask the publisher for a current edition$/],
    ['out-of-date', inUse, 'address', /^ask the publisher for a current edition; certlane tsl import odette FILE/],
    [
      'trust-list-unsafe',
      unread,
      'address',
      /^if the address is wrong: certlane tsl set odette --url URL; otherwise ask/,
    ],
    ['trust-list-malformed', unread, 'first', /^give the list as its publisher signed it$/],
    [
      'trust-list-signature-invalid',
      inUse,
      'address',
      /^ask the publisher .*; one that came another way .* tsl import odette FILE$/,
    ],
    ['issued-in-future', inUse, 'address', /^compare the clock of this machine/],
    [
      'address',
      unread,
      'address',
      /^certlane up --fetch-allow NETWORK .*; if the address is wrong: certlane tsl set odette/,
    ],
    ['tls', unread, 'address', /^CERTLANE_FETCH_CA_FILE /],
    [
      'html',
      unread,
      'address',
      /^if the address is wrong: certlane tsl set odette --url URL; .*certlane tsl import odette/,
    ],
  ])('refused as %s', (reason, list, by, remedy) => {
    expect(trustListRemedy(reason, list, by)).toMatch(remedy);
  });

  it.each([...unreachableReasons])('that could not be read (%s) is another address, or a file', (reason) => {
    expect(trustListRemedy(reason, unread, 'address')).toMatch(
      /certlane tsl set odette --url URL; .*certlane tsl import odette FILE$/,
    );
  });

  it('is not made up where nothing is known', () => {
    expect(trustListRemedy('constructor', unread, 'address')).toBeUndefined();
    expect(trustListRemedy(undefined, unread, 'address')).toBeUndefined();
  });
});
