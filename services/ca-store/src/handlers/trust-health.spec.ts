import { createHealth, createLogger } from '@certlane/runtime';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import type { TrustState } from '../ports/trust-state.js';
import { anIssuer, aTrustList, aTrustView, type Holding } from '../testing/a-trust-view.js';
import { TrustHealth } from './trust-health.js';

const { root, authority } = testCa();
const logger = createLogger({ service: 'ca-store', instance: 'test', level: 'silent' });
const list = aTrustList('odette', 'oftp2', [[authority.certificate, root.certificate]]);
const { edition: _taken, ...unread } = list;

describe('the readiness of what is trusted', () => {
  it.each<[string, Holding, boolean, string]>([
    ['nothing at all: then nothing is trusted', {}, true, 'ok: 0'],
    ['an issuer', { issuers: [anIssuer(root.certificate)] }, true, 'ok: 1'],
    ['an issuer for verification only', { issuers: [anIssuer(root.certificate, 'verification-only')] }, true, 'ok: 0'],
    ['a list', { trustLists: [list] }, true, 'ok: 1'],
    [
      'a list that was never read beside an issuer',
      { trustLists: [unread], issuers: [anIssuer(root.certificate)] },
      true,
      'ok: 1',
    ],
    [
      'a list that was never read',
      { trustLists: [unread] },
      false,
      '0: no edition of a followed trust list (odette) names an authority, and no issuer is installed; certlane tsl show NAME says why, certlane tsl set NAME --url URL corrects an address',
    ],
    [
      'a list without an authority',
      { trustLists: [aTrustList('odette', 'oftp2', [])] },
      false,
      '0: no edition of a followed trust list (odette) names an authority, and no issuer is installed; certlane tsl show NAME says why, certlane tsl set NAME --url URL corrects an address',
    ],
  ])('with %s', async (_name, holding, ready, said) => {
    const view = aTrustView(holding);
    const state: TrustState = {
      current: () => Promise.resolve(view),
      change: () => Promise.reject(new Error('not asked')),
    };
    const health = createHealth();
    await new TrustHealth(state, health, logger).onApplicationBootstrap();
    expect(await health.report()).toEqual({ ready, checks: { 'trust-anchors': said } });
  });
});
