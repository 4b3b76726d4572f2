import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Usage } from '@certlane/contracts';
import { ALL_USAGES } from '../../../support/operator.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

/** Which certificate of A serves what. CA01, CA05 and CA06 have one subject and one issuer: only their key usage differs. */
const PURPOSES = [
  ['CA01', ['tls']],
  ['CA05', ['file-signature', 'eerp-signature']],
  ['CA06', ['file-encryption']],
  ['CA09', ['session-authentication']],
] as const satisfies readonly (readonly [string, readonly Usage[]])[];

/** A certificate for each purpose: one that is renewed or replaced leaves the others alone. */
export function certificatesForPurposes(two: () => TwoCompanies): void {
  describe('certificates for one purpose each', () => {
    let a: Relation['a'];
    let b: Relation['b'];
    beforeAll(async () => {
      await two().followTheTrustList();
      // The first one proves who A is; the others come by exchange.
      ({ a, b } = await Relation.acquaint(two(), { name: 'PURPOSE', ours: [['CA09', ['session-authentication']]] }));
      const full = 'CN=oftp2.company-a.example,serialNumber=O0013COMPANYA0,O=Company A,C=DE';
      const entries = [
        // CA01 may sign and encrypt, so it would do for the others as well: the more exact entry wins.
        [full, 'digitalSignature,keyEncipherment', 'tls'],
        ['oftp2.company-a.example', 'digitalSignature', 'file-signature,eerp-signature'],
        ['oftp2.company-a.example', 'keyEncipherment', 'file-encryption'],
      ] as const;
      for (const [subject, keyUsage, usages] of entries) {
        const words = ['--subject', subject, '--issuer', 'Company A OFTP2 CA', '--key-usage', keyUsage];
        await two().b.ok('partner', 'identify', b.other, ...words, '--usage', usages);
      }
    });

    const serving = async () =>
      Object.fromEntries(
        await Promise.all(ALL_USAGES.map(async (usage) => [usage, (await b.serving(usage)).theirs] as const)),
      );
    const USED = {
      tls: 'CA01',
      'session-authentication': 'CA09',
      'file-encryption': 'CA06',
      'file-signature': 'CA05',
      'eerp-signature': 'CA05',
    };

    it('are told apart by what they may be used for', async () => {
      for (const [label, usages] of PURPOSES.slice(0, 3)) {
        await a.use(label, usages);
        expect(await a.hand('deliver', label)).toMatchObject({ state: 'acknowledged' });
      }
      expect(await serving()).toEqual(USED);
    });

    it('are left alone when one rolls over', async () => {
      await a.use('CA02', ['tls']);
      expect(await a.hand('deliver', 'CA02')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({
        CA01: 'accepted',
        CA02: 'current',
        CA05: 'current',
        CA06: 'current',
        CA09: 'current',
      });
      expect(await serving()).toEqual({ ...USED, tls: 'CA02' });
    });

    it('are left alone when one is recalled', async () => {
      await a.use('CA03', ['tls']);
      expect(await a.hand('replace', 'CA03')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({
        CA01: 'accepted',
        CA02: 'replaced',
        CA03: 'current',
        CA05: 'current',
        CA06: 'current',
        CA09: 'current',
      });
      expect(await serving()).toEqual({ ...USED, tls: 'CA03' });
    });
  });
}
