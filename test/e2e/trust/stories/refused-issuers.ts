import { describe, expect, it } from '@jest/globals';
import { exchangeEvents, type Exchange } from '@certlane/contracts';
import { ALL_USAGES } from '../../../support/operator.js';
import { STATIONS } from '../../../support/interoperability/roles.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const { A0, B0 } = STATIONS;

/** CB05 and CB06 instead of CB01: whom the list does not vouch for is refused, and B reads why. Goes on with A0 and B0. */
export function refusedIssuers(two: () => TwoCompanies): void {
  describe('a replacement of CB01', () => {
    it.each([
      ['CB05', 'by the root of the listed authority', 'not-by-listed-authority'],
      ['CB06', 'by an authority outside of the list', 'issuer-unknown'],
    ] as const)('%s, issued %s, is refused, and B reads the reason', async (label, _issued, reason) => {
      const { a, b } = Relation.between(two(), A0, B0);
      const before = await a.knowledge();
      const cb01 = two().set.member('CB01').certificate.fingerprint;
      // For one usage, so that TLS goes on showing CB01.
      const fingerprint = await b.use(label, ['file-signature']);

      const words = ['send', A0, 'replace', '--certificate', fingerprint, '--replaces', cb01];
      const ran = await two().b.run('anna', '--json', ...words);
      expect(ran.status).toBe(8);
      const [sent] = (JSON.parse(ran.out) as { exchanges: Exchange[] }).exchanges;
      expect(sent).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(sent?.message).toContain(reason);
      const shown = await two().b.run('anna', 'exchange', 'show', sent?.id ?? '');
      expect(shown.out).toContain(reason);

      const refused = await a.received(sent!, 'refused');
      expect(refused).toMatchObject({ reason, decision: { outcome: 'refused', reason, validation: { reason } } });
      expect(refused.decision?.checks.at(-1)).toMatchObject({ check: 'trusted', ok: false });
      const read = await two().a.run('anna', 'exchange', 'show', refused.id);
      expect(read.out).toContain(reason);
      expect((await a.told(exchangeEvents.refused)).at(-1)).toMatchObject({ exchange: refused.id, reason });
      expect(await a.knowledge()).toEqual(before);
    });

    it('is CB04, issued by the listed authority itself', async () => {
      const { a, b } = Relation.between(two(), A0, B0);
      await b.use('CB04', ALL_USAGES);
      expect(await b.hand('replace', 'CB04', 'CB01')).toMatchObject({ state: 'acknowledged' });
      expect(await a.states()).toEqual({ CB01: 'replaced', CB04: 'current' });
    });
  });
}
