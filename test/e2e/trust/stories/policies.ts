import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '@certlane/contracts';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

/** What the policies `known`, `trusted` and `off` take over without a person. */
export function policies(two: () => TwoCompanies): void {
  describe('the policy of a partner', () => {
    let a: Relation['a'];
    let b: Relation['b'];
    const set = (acceptance: string) => two().b.ok('partner', 'set', b.other, '--acceptance', acceptance);

    beforeAll(async () => {
      await two().followTheTrustList();
      ({ a, b } = await Relation.acquaint(two(), { name: 'POLICY', ours: [['CA01', ['session-authentication']]] }));
      await a.use('CA05', ['file-signature', 'eerp-signature']);
      await a.use('CA06', ['file-encryption']);
    });

    it('known: a certificate that nobody described waits for a person', async () => {
      const held = await b.received(await a.send('deliver', 'CA06'), 'held');
      expect(held).toMatchObject({ approval: 'no-match' });
      expect(await b.states()).toEqual({ CA01: 'current' });
    });

    it('trusted: it is taken over where an authority of a trust list issued it, for what it can serve', async () => {
      await set('trusted');
      const sent = await a.hand('deliver', 'CA05');
      expect(sent).toMatchObject({ state: 'acknowledged' });
      expect(await b.received(sent, 'accepted')).toMatchObject({ decision: { match: { by: 'trust-list' } } });
      const { certificates } = await b.partner();
      const ca05 = certificates.find(({ fingerprint }) => b.name(fingerprint) === 'CA05');
      expect(ca05?.usages).toEqual(['tls', 'file-signature', 'eerp-signature']);
    });

    it('off: nothing is taken over, not even a renewal', async () => {
      await set('off');
      const before = await b.knowledge();
      await a.use('CA02', ['session-authentication']);
      const sent: Exchange = await a.hand('deliver', 'CA02');
      expect(sent).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(sent.message).toContain('acceptance-off');
      expect(await b.received(sent, 'refused')).toMatchObject({ reason: 'acceptance-off' });
      expect(await b.knowledge()).toEqual(before);
    });
  });
}
