import { describe, expect, it } from '@jest/globals';
import type { AuditEntry, ServiceName } from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import { auditOf, verifyAudit } from '../audit-of.js';
import { alterAudit } from '../audit-tampering.js';
import { BERT } from '../company.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const AUDITED = ['partner-registry', 'cert-exchange', 'ca-store'];

/** What the audit says once everything before it has happened. */
export function wholeAudit(two: () => TwoCompanies): void {
  it('leaves audit trails behind that are whole, with an end to everything that was begun', async () => {
    for (const company of [two().a, two().b]) {
      const { status, services } = await eventually(
        () => verifyAudit(company),
        (seen) => seen.services.every(({ open }) => open.length === 0),
      );
      expect(status).toBe(0);
      expect(services.map(({ service, ok, open }) => [service, ok, open]).sort()).toEqual(
        AUDITED.map((service) => [service, true, []]).sort(),
      );
      expect(services.reduce((sum, { entries }) => sum + entries, 0)).toBeGreaterThan(0);
    }
  });
}

/** Who did what, and that nobody can change it unseen. The trail is broken afterwards. */
export function auditedActs(two: () => TwoCompanies): void {
  describe('the audit', () => {
    it('has each irreversible act twice, before and after, with whom it was caused by', async () => {
      await two().followTheTrustList();
      const { a, b } = await Relation.acquaint(two(), { name: 'AUDIT', atB: { acceptance: 'manual' } });
      await a.use('CA02');
      const sent = await a.send('deliver', 'CA02');
      const held = await b.received(sent, 'held');
      await two().b.okAs(BERT, 'approval', 'accept', held.id, '--note', 'compared by telephone');
      expect(await a.becomes(sent.id, 'acknowledged')).toMatchObject({ state: 'acknowledged' });

      const { serialNumber, fingerprint } = two().set.member('CA02').certificate;
      const entries = await eventually(
        () => auditOf(two().b, b.other),
        (seen) => SERVICES.every((service) => takeOvers(seen, service).length === 2),
      );
      for (const service of SERVICES) {
        const [intended, done] = takeOvers(entries, service);
        expect(intended?.phase).toBe('intended');
        expect(intended?.serialNumbers).toContain(serialNumber);
        expect(intended?.about).toMatchObject({ partner: b.other, exchange: held.id, certificate: fingerprint });
        expect(done).toMatchObject({ phase: 'done', intent: intended?.number });
      }
      const byBert = entries.filter(({ actor }) => actor === `operator:${BERT}`);
      expect(byBert.map(({ reason }) => reason)).toContain('compared by telephone');
    });

    it('shows a block that somebody changed in the store', async () => {
      const { b } = two();
      const altered = await alterAudit(b.station, 'cert-exchange', `operator:${BERT}`, 'operator:nobody');
      expect(altered).toBeDefined();
      const { status, services } = await verifyAudit(b);
      expect(status).toBe(10);
      expect(services.filter(({ ok }) => !ok)).toMatchObject([
        { service: 'cert-exchange', broken: { fault: 'altered', message: expect.stringMatching(/\w/) as unknown } },
      ]);
      const shown = await b.run('anna', 'audit', 'verify');
      expect(shown.out).toMatch(/cert-exchange/);
    });
  });
}

/** Who decides, and who files what was decided. */
const SERVICES = ['cert-exchange', 'partner-registry'] as const;

/** Take-overs as a service tells them. */
function takeOvers(entries: readonly AuditEntry[], service: ServiceName): AuditEntry[] {
  return entries.filter((entry) => entry.service === service && entry.act.endsWith('take-over'));
}
