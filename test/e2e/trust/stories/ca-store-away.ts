import { describe, expect, it } from '@jest/globals';
import { ca, type Exchange } from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import type { Impostor, PartedSite } from '../parted-site.js';
import { Relation, type Sites } from '../relation.js';

interface Case {
  readonly how: string;
  /** Names the stations. */
  readonly name: string;
  /** Who answers in its place; nobody when left out. */
  readonly impostor?: Impostor;
}

const CASES: readonly Case[] = [
  { how: 'is gone', name: 'GONE' },
  { how: 'says nothing', name: 'SILENT', impostor: () => undefined },
  { how: 'talks nonsense', name: 'NONSENSE', impostor: () => 'certainly!' },
  { how: 'says yes and nothing else', name: 'YES', impostor: () => JSON.stringify({ verdict: { trusted: true } }) },
  { how: 'answers with nothing in it', name: 'EMPTY', impostor: () => '' },
];

interface Unfinished {
  readonly relation: Relation;
  readonly sent: Exchange;
}

/** What becomes of an exchange while nobody can say whether a certificate is trusted. */
export function caStoreAway(sites: () => Sites & { readonly b: PartedSite }): void {
  describe('while ca-store', () => {
    const unfinished: Unfinished[] = [];

    it.each(CASES)('$how, nothing is accepted and nothing is lost', async ({ name, impostor }) => {
      const { b } = sites();
      if (b.replicas('ca-store').length === 0) await b.start('ca-store');
      const relation = await Relation.acquaint(sites(), { name });
      await relation.a.use('CA02');
      await b.stop('ca-store');
      const inItsPlace = impostor === undefined ? undefined : await b.impersonate(ca.certificateValidate, impostor);

      const sent = await relation.a.send('deliver', 'CA02');
      // The file was received whole, so a decision was tried.
      expect(await relation.a.becomes(sent.id, 'sent')).toMatchObject({ state: 'sent', awaits: 'answer' });
      if (inItsPlace !== undefined) {
        // It is tried again by itself, with the same success.
        await eventually(inItsPlace.asked, (times) => times > 1);
        expect(inItsPlace.asked()).toBeGreaterThan(1);
      }
      const received = await relation.b.received(sent, 'received', 'accepted', 'refused', 'held');
      expect(received).toMatchObject({ state: 'received', awaits: 'decision' });
      expect(await relation.b.states()).toEqual({ CA01: 'current' });
      inItsPlace?.leave();
      unfinished.push({ relation, sent });
    });

    it('is back, all of it goes on by itself', async () => {
      const { b } = sites();
      if (b.replicas('ca-store').length === 0) await b.start('ca-store');
      expect(unfinished).toHaveLength(CASES.length);
      for (const { relation, sent } of unfinished) {
        const over = await relation.a.becomes(sent.id, 'acknowledged', 'rejected');
        expect([relation.b.station, over.state]).toEqual([relation.b.station, 'acknowledged']);
        expect(await relation.b.states()).toEqual({ CA01: 'accepted', CA02: 'current' });
        expect(await relation.b.exchanges()).toHaveLength(1);
      }
    });
  });
}
