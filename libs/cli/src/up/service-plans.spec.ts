import { describe, expect, it } from '@jest/globals';
import { lackingIn } from './service-plans.js';

const anchors = '0: no edition of a followed trust list (odette) is in use, and no issuer is installed';

describe('a service that says it is not ready', () => {
  it.each<[string, unknown, string | undefined]>([
    [
      'lacks what only an operator can give it',
      { ready: false, checks: { nats: 'ok', store: 'ok: 3', 'trust-anchors': anchors } },
      `trust-anchors: ${anchors}`,
    ],
    ['is still to come', { ready: false, checks: { nats: 'not connected', 'trust-anchors': 'ok: 7' } }, undefined],
    ['is still to come', { ready: false, checks: { nats: 'not connected', 'trust-anchors': anchors } }, undefined],
    ['is still to come', { ready: false, checks: { nats: 'okay?' } }, undefined],
    ['says nothing that is understood', undefined, undefined],
    ['says nothing that is understood', { checks: 'none' }, undefined],
  ])('%s', (_what, report, lacking) => {
    expect(lackingIn(report)).toBe(lacking);
  });
});
