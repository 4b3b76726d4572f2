import { describe, expect, it } from '@jest/globals';
import { registryEvents, type Exchange } from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import { ALL_USAGES } from '../../../support/operator.js';
import { STATIONS } from '../../../support/interoperability/roles.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const { A0, B0 } = STATIONS;

interface Sent {
  readonly exchanges: readonly Exchange[];
}

/** CA02 and CA03 after CA01, at the command line; goes on with what the first exchange has left. */
export function successorsOfTheFirst(two: () => TwoCompanies): void {
  describe('what comes after CA01', () => {
    const send = async (...words: readonly string[]): Promise<Exchange | undefined> =>
      (await two().a.ok<Sent>('send', B0, ...words)).exchanges[0];

    it('is CA02 by roll-over: both are good, and A uses the new one towards B as soon as B has it', async () => {
      const { a, b } = Relation.between(two(), A0, B0);
      const fingerprint = await a.use('CA02', ALL_USAGES);
      expect(await a.serving('session-authentication')).toEqual({ theirs: 'CB01', ours: 'CA01' });
      expect(await send('deliver', '--certificate', fingerprint)).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'accepted', CA02: 'current' });
      expect(await a.serving('session-authentication')).toEqual({ theirs: 'CB01', ours: 'CA02' });
      const row = (await b.partner()).usages.find(({ usage }) => usage === 'file-encryption');
      const ca01 = two().set.member('CA01').certificate;
      expect(row?.accepted).toEqual([{ fingerprint: ca01.fingerprint, until: ca01.notAfter.toISOString() }]);
    });

    it('is CA03 by replacement: CA01 is out of use at once, CA02 stays good', async () => {
      const { a, b } = Relation.between(two(), A0, B0);
      const [fingerprint, ca01] = [await a.use('CA03', ALL_USAGES), two().set.member('CA01').certificate.fingerprint];
      const sent = await send('replace', '--certificate', fingerprint, '--replaces', ca01);
      expect(sent).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'replaced', CA02: 'accepted', CA03: 'current' });
      expect(await b.told(registryEvents.certificateReplaced)).toMatchObject([{ fingerprint: ca01, by: fingerprint }]);
    });

    it('does not come back once it is recalled', async () => {
      const { a, b } = Relation.between(two(), A0, B0);
      const before = await b.states();
      await a.use('CA01', ['eerp-signature']);
      const again = await a.hand('deliver', 'CA01');
      await a.use('CA03', ['eerp-signature']);
      expect(again).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(again.message).toMatch(/recalled/);
      expect(await b.states()).toEqual(before);
    });
  });
}

/** The line of CA04: the same under its own subject, and then under another one, which only SFIDDESC ties to it. */
export function successorsUnderAnotherSubject(two: () => TwoCompanies): void {
  describe('what comes after CA04', () => {
    let a: Relation['a'];
    let b: Relation['b'];

    it('is not CA01 to anybody: CA04 comes beside it, by an entry of its own', async () => {
      await two().followTheTrustList();
      ({ a, b } = await Relation.acquaint(two(), {
        name: 'FILES',
        ours: [['CA01', ['session-authentication']]],
      }));
      const words = ['--subject', 'files.company-a.example', '--issuer', 'Company A OFTP2 CA'];
      const usages = ['--usage', 'file-encryption,file-signature,eerp-signature'];
      await two().b.ok('partner', 'identify', b.other, ...words, ...usages);
      await a.use('CA04', FILES);
      expect(await a.hand('deliver', 'CA04')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'current', CA04: 'current' });
      expect([await b.serving('session-authentication'), await b.serving('file-signature')]).toMatchObject([
        { theirs: 'CA01' },
        { theirs: 'CA04' },
      ]);
    });

    it('is CA07 by roll-over', async () => {
      await a.use('CA07', FILES);
      expect(await a.hand('deliver', 'CA07')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'current', CA04: 'accepted', CA07: 'current' });
    });

    it('is CA08 by replacement', async () => {
      await a.use('CA08', FILES);
      expect(await a.hand('replace', 'CA08', 'CA07')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'current', CA04: 'accepted', CA07: 'replaced', CA08: 'current' });
    });

    it('is CA13 under another subject only because SFIDDESC names CA04', async () => {
      const file = await two().b.write('ca13.der', two().set.member('CA13').certificate.der);
      const { clid } = two().set.member('CA04');
      const decide = (...words: readonly string[]) =>
        two().b.run(
          'anna',
          '--json',
          'decide',
          '--partner',
          b.other,
          '--certificate',
          file,
          '--kind',
          'replace',
          ...words,
        );
      const without = await decide();
      expect(JSON.parse(without.out)).toMatchObject({ decision: { outcome: 'held', reason: 'no-match' } });
      const named = await decide('--description', clid);
      expect(JSON.parse(named.out)).toMatchObject({ decision: { outcome: 'accepted', match: { by: 'clid' } } });

      await a.use('CA13', FILES);
      const sent = await a.hand('replace', 'CA13', 'CA04');
      expect(sent).toMatchObject({ state: 'acknowledged', description: clid });
      expect(await b.received(sent, 'accepted')).toMatchObject({ decision: { match: { by: 'clid' } } });
      expect(await b.states()).toEqual({
        CA01: 'current',
        CA04: 'replaced',
        CA07: 'replaced',
        CA08: 'accepted',
        CA13: 'current',
      });
    });

    it('is CA14 after CA13, by its subject again', async () => {
      await a.use('CA14', FILES);
      expect(await a.hand('replace', 'CA14', 'CA13')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toMatchObject({ CA08: 'accepted', CA13: 'replaced', CA14: 'current', CA01: 'current' });
      const { theirs } = await eventually(
        () => b.serving('file-encryption'),
        (serving) => serving.theirs === 'CA14',
      );
      expect(theirs).toBe('CA14');
    });
  });
}

const FILES = ['file-encryption', 'file-signature', 'eerp-signature'] as const;
