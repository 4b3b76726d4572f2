import { beforeAll, describe, expect, it } from '@jest/globals';
import { exchangeEvents, type Approval, type DecisionRecord, type Exchange } from '@certlane/contracts';
import { ANNA, BERT } from '../company.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

interface Shown {
  readonly approval: Approval;
  readonly exchange: Exchange;
  readonly decision: DecisionRecord;
}

/** What waits for a person: the policy `manual`, two persons, and data that fits twice. */
export function approvals(two: () => TwoCompanies): void {
  describe('approvals', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  beforeAll(() => two().followTheTrustList());

  describe('a partner whose certificates all wait for a person', () => {
    let a: Relation['a'];
    let b: Relation['b'];
    beforeAll(async () => {
      ({ a, b } = await Relation.acquaint(two(), { name: 'MANUAL', atB: { acceptance: 'manual' } }));
    });

    it('is held and shown to a person, and gets its EERP in the session after the decision', async () => {
      await a.use('CA02');
      const sent = await a.send('deliver', 'CA02');
      const held = await b.received(sent, 'held');
      expect(held).toMatchObject({ approval: 'manual', awaits: 'approval', answered: false });
      expect(await a.becomes(sent.id, 'sent')).toMatchObject({ state: 'sent', awaits: 'answer' });
      expect(await b.states()).toEqual({ CA01: 'current' });

      const { approvals: waiting } = await two().b.ok<{ approvals: Approval[] }>(
        'approval',
        'list',
        '--partner',
        b.other,
      );
      expect(waiting).toMatchObject([{ id: held.id, kind: 'manual', excluded: [] }]);
      const shown = await two().b.ok<Shown>('approval', 'show', held.id);
      expect(shown).toMatchObject({ approval: waiting[0], decision: { outcome: 'held', reason: 'manual' } });
      // All that could speak against it was looked at before a person is asked.
      expect(shown.decision.checks.filter(({ ok }) => !ok)).toMatchObject([{ check: 'unattended' }]);

      const words = ['approval', 'accept', held.id, '--note', 'fingerprint compared by telephone'];
      await two().b.okAs(BERT, ...words);
      expect(await a.becomes(sent.id, 'acknowledged')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'accepted', CA02: 'current' });
      const accepted = await b.received(sent, 'accepted');
      expect(accepted.decision).toMatchObject({ by: `operator:${BERT}`, note: 'fingerprint compared by telephone' });
      expect((await b.told(exchangeEvents.held)).map(({ exchange }) => exchange)).toEqual([held.id]);
      expect(await two().b.ok('approval', 'list', '--partner', b.other)).toEqual({ approvals: [] });
    });

    it('gets a NERP with the reason that the person gives', async () => {
      const before = await b.states();
      await a.use('CA03');
      const sent = await a.send('deliver', 'CA03');
      const held = await b.received(sent, 'held');
      await two().b.okAs(BERT, 'approval', 'reject', held.id, '--reason', 'nobody announced it');
      const rejected = await a.becomes(sent.id, 'rejected');
      expect(rejected).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(rejected.message).toContain('nobody announced it');
      expect(await b.states()).toEqual(before);
      expect((await b.told(exchangeEvents.refused)).at(-1)).toMatchObject({
        reason: 'rejected',
        decision: { by: `operator:${BERT}` },
      });
    });
  });

  describe('a partner whose certificates take two persons', () => {
    it('is accepted by another person than the one who said what to expect', async () => {
      const { a, b } = await Relation.acquaint(two(), {
        name: 'PAIR',
        ours: [['CA01', ['session-authentication']]],
        atB: { acceptance: 'manual', twoPerson: true },
      });
      await identify(two(), b.other, 'files.company-a.example', 'file-encryption');
      await a.use('CA04', ['file-encryption']);
      const sent = await a.send('deliver', 'CA04');
      const { id } = await b.received(sent, 'held');
      const { approval } = await two().b.ok<Shown>('approval', 'show', id);
      expect(approval.excluded).toEqual([`operator:${ANNA}`]);

      const own = await two().b.run(ANNA, 'approval', 'accept', id);
      expect(own.status).toBe(5);
      expect(own.err).toMatch(/operator:anna entered identification entry .* another person must accept/);
      expect(await b.states()).toEqual({ CA01: 'current' });
      await two().b.okAs(BERT, 'approval', 'accept', id);
      expect(await a.becomes(sent.id, 'acknowledged')).toMatchObject({ state: 'acknowledged' });
      expect(await b.states()).toEqual({ CA01: 'current', CA04: 'current' });
    });
  });

  describe('a certificate that two entries expect equally', () => {
    it('serves what the entry says that a person chooses', async () => {
      const { a, b } = await Relation.acquaint(two(), {
        name: 'TWICE',
        ours: [['CA01', ['session-authentication']]],
      });
      await identify(two(), b.other, 'CN=files.company-a.example,C=DE', 'file-encryption');
      const chosen = await identify(two(), b.other, 'CN=files.company-a.example,O=Company A', 'file-signature');
      await a.use('CA04', ['file-encryption', 'file-signature']);
      const sent = await a.send('deliver', 'CA04');
      const { id, approval } = await b.received(sent, 'held');
      expect(approval).toBe('ambiguous');
      const shown = await two().b.ok<Shown>('approval', 'show', id);
      expect(shown.approval.entries).toHaveLength(2);

      await two().b.ok('approval', 'accept', id, '--entry', chosen);
      expect(await a.becomes(sent.id, 'acknowledged')).toMatchObject({ state: 'acknowledged' });
      const { certificates } = await b.partner();
      const usages = certificates.map((one) => [b.name(one.fingerprint), one.usages]);
      expect(usages).toEqual([
        ['CA01', ['session-authentication']],
        ['CA04', ['file-signature']],
      ]);
    });
  });
}

/** Says which certificate to expect, as {@link ANNA}; the id of the entry. */
async function identify(two: TwoCompanies, partner: string, subject: string, usage: string): Promise<string> {
  const words = ['--subject', subject, '--issuer', 'Company A OFTP2 CA', '--usage', usage];
  const { entry } = await two.b.ok<{ entry: { id: string } }>('partner', 'identify', partner, ...words);
  return entry.id;
}
