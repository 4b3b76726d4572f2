import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  caEvents,
  eventType,
  registryEvents,
  type DataOf,
  type EventContract,
  type TrustListView,
} from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import { ANNA, BERT } from '../company.js';
import { Relation } from '../relation.js';
import { LIST, type TwoCompanies } from '../two-companies.js';

interface Shown {
  readonly trustList: TrustListView;
}

/** A trust list that changes under what stands on it. What the stories before it know of A falls and stands again. */
export function trustListChanges(two: () => TwoCompanies): void {
  describe('a trust list that changes', () => {
    let a: Relation['a'];
    let b: Relation['b'];
    beforeAll(async () => {
      await two().followTheTrustList();
      ({ a, b } = await Relation.acquaint(two(), { name: 'LISTS' }));
      await a.use('CA02');
      expect(await a.hand('deliver', 'CA02')).toMatchObject({ state: 'acknowledged' });
    });
    /** It came by exchange, so it stood when it was taken over. */
    const ca02 = () => ({ fingerprint: two().set.member('CA02').certificate.fingerprint });

    /** What B's ca-store told of this kind, the last of it. */
    const last = async <C extends EventContract>(contract: C): Promise<DataOf<C> | undefined> => {
      const told = (await two().b.operator.events()).filter(({ type }) => type === eventType(contract));
      const data = told.at(-1)?.data;
      return data === undefined ? undefined : (contract.data.parse(data) as DataOf<C>);
    };
    const refresh = () => two().b.ok<Shown>('tsl', 'refresh', LIST);
    const refusedRefresh = async (): Promise<TrustListView> => {
      const { status, out } = await two().b.run(ANNA, '--json', 'tsl', 'refresh', LIST);
      expect(status).toBe(5);
      return (JSON.parse(out) as Shown).trustList;
    };

    it('without an authority: what it issued falls, and nothing more of it is taken over', async () => {
      two().publication.publishTrustList({ sequenceNumber: 2, without: ['A'] });
      const { trustList } = await refresh();
      expect(trustList).toMatchObject({ state: 'current', sequenceNumber: 2, authorities: 1 });
      const { fingerprint } = two().set.companyA.authority.certificate;
      expect(await last(caEvents.trustListTaken)).toMatchObject({ added: [], removed: [{ fingerprint }] });
      const fell = await eventually(
        () => b.told(registryEvents.certificateFell),
        (told) => told.some(({ certificate }) => certificate.fingerprint === ca02().fingerprint),
      );
      expect(fell.find(({ certificate }) => certificate.fingerprint === ca02().fingerprint)).toMatchObject({
        standing: { trusted: false, reason: 'issuer-unknown' },
      });

      await a.use('CA03');
      const sent = await a.hand('deliver', 'CA03');
      expect(sent).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(sent.message).toContain('issuer-unknown');
      // What fell keeps its place: it is for an operator to decide what becomes of it.
      expect(await b.states()).toEqual({ CA01: 'accepted', CA02: 'current' });
    });

    it('that brings it back: the same stands again, and is taken over again', async () => {
      two().publication.publishTrustList({ sequenceNumber: 3 });
      expect((await refresh()).trustList).toMatchObject({ sequenceNumber: 3, authorities: 2 });
      const stood = await eventually(
        () => b.told(registryEvents.certificateStood),
        (told) => told.some(({ certificate }) => certificate.fingerprint === ca02().fingerprint),
      );
      expect(stood).toContainEqual(
        expect.objectContaining({
          certificate: expect.objectContaining(ca02()) as unknown,
          standing: expect.objectContaining({ trusted: true }) as unknown,
        }),
      );
      expect(await a.hand('deliver', 'CA03')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'accepted', CA02: 'accepted', CA03: 'current' });
    });

    it('under another signer is taken after a second person has confirmed the signer, and no sooner', async () => {
      const { publication, set } = two();
      publication.publishBadTrustList('wrong-signer', { sequenceNumber: 4 });
      const refused = await refusedRefresh();
      expect(refused).toMatchObject({ sequenceNumber: 3, lastTry: { ok: false, reason: 'trust-list-signer-unknown' } });
      expect(await last(caEvents.trustListRefused)).toMatchObject({ name: LIST, reason: 'trust-list-signer-unknown' });

      const next = await two().b.write('next-signer.pem', set.signers.next.certificatePem);
      await two().b.okAs(ANNA, 'tsl', 'signer', 'stage', LIST, next);
      const own = await two().b.run(ANNA, 'tsl', 'signer', 'confirm', LIST);
      expect([own.status, own.out]).toEqual([5, '']);
      expect(own.err).toMatch(/operator:anna has staged .* and cannot confirm it; another person confirms it/);
      expect(await refusedRefresh()).toMatchObject({ sequenceNumber: 3 });
      await two().b.okAs(BERT, 'tsl', 'signer', 'confirm', LIST);
      const { trustList } = await refresh();
      expect(trustList).toMatchObject({ sequenceNumber: 4, lastTry: { ok: true }, state: 'current' });
      expect(trustList.signers).toMatchObject([{ by: `operator:${ANNA}`, confirmedBy: `operator:${BERT}` }]);
    });
  });
}
