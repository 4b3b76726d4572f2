import { describe, expect, it } from '@jest/globals';
import {
  exchangeEvents,
  gatewayEvents,
  type Exchange,
  type Issuer,
  type Partner,
  type RevocationListView,
  type TrustListView,
} from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import { STATIONS } from '../../../support/interoperability/roles.js';
import type { Company } from '../company.js';
import { PASSWORD } from '../end.js';
import { Relation } from '../relation.js';
import { LIST, type TwoCompanies } from '../two-companies.js';

const { A0, B0 } = STATIONS;

/**
 * Both companies follow a trust list, know each other by identification data alone, and exchange CA01 and CB01 through the bypass.
 * Everything is done at the command line. What follows in a file may go on with the stations A0 and B0.
 */
export function firstExchange(two: () => TwoCompanies): void {
  describe('the first exchange on a trust list', () => {
    it('follows the list at its address, with the signer that was given, and knows its authorities', async () => {
      const { a, b, publication, set } = two();
      for (const company of [a, b]) {
        const signer = await company.write('signer.pem', set.signers.current.certificatePem);
        const words = ['tsl', 'add', LIST, '--url', publication.trustListUrl(), '--signer', signer];
        const { trustList } = await company.ok<{ trustList: TrustListView }>(...words);
        expect(trustList).toMatchObject({ level: 'oftp2', state: 'current', sequenceNumber: 1, authorities: 2 });
        expect(trustList).toMatchObject({ broken: [], lastTry: { ok: true } });
        expect(trustList.signers).toMatchObject([{ pinned: 'given', by: 'operator:anna' }]);
        const { issuers } = await company.ok<{ issuers: Issuer[] }>('issuer', 'list', '--usable-by-partners');
        const named = issuers.map(({ fingerprint, lists }) => ({ fingerprint, lists }));
        // The authorities themselves: what the roots above them issued is not vouched for.
        const listed = [set.companyA, set.companyB].map(({ authority: { certificate } }) => ({
          fingerprint: certificate.fingerprint,
          lists: [{ name: LIST, level: 'oftp2' }],
        }));
        expect(named).toHaveLength(listed.length);
        expect(named).toEqual(expect.arrayContaining(listed));
      }
    });

    it('identifies the other by subject and listed issuer: the bypass is open, nothing is on file', async () => {
      const { a, b } = two();
      await introduce(a, {
        us: A0,
        them: B0,
        port: b.tlsPort,
        subject: 'oftp2.company-b.example',
        issuer: 'Company B',
      });
      await introduce(b, {
        us: B0,
        them: A0,
        port: a.tlsPort,
        subject: 'oftp2.company-a.example',
        issuer: 'Company A',
      });
      const { partner } = await b.ok<{ partner: Partner }>('partner', 'show', A0);
      expect(partner).toMatchObject({ certificates: [], bypass: { open: true } });
      expect(partner.entries).toMatchObject([{ subject: 'CN=oftp2.company-a.example', enteredBy: 'operator:anna' }]);
    });

    it('takes CA01 and CB01 over, each because the list vouches for its issuer, and closes the bypass', async () => {
      const { a } = two();
      const { a: atA, b: atB } = Relation.between(two(), A0, B0);
      const { exchanges } = await a.ok<{ exchanges: Exchange[] }>('send', B0, 'request');
      expect(exchanges).toMatchObject([{ state: 'acknowledged' }]);
      const all = await eventually(
        () => atA.exchanges(),
        (seen) =>
          seen.some(({ direction, state, answered }) => direction === 'inbound' && state === 'accepted' && answered),
      );
      expect(all.map(({ direction, kind, state }) => [direction, kind, state])).toEqual(
        expect.arrayContaining([
          ['outbound', 'request', 'acknowledged'],
          ['inbound', 'deliver', 'accepted'],
        ]),
      );
      expect([await atA.states(), await atB.states()]).toEqual([{ CB01: 'current' }, { CA01: 'current' }]);
      expect([(await atA.partner()).bypass.open, (await atB.partner()).bypass.open]).toEqual([false, false]);
    });

    it('explains the decision: the entry it fits, the list and its edition, each check with its result', async () => {
      const { b, set } = two();
      const { b: atB } = Relation.between(two(), A0, B0);
      const [received] = (await atB.exchanges()).filter(({ direction }) => direction === 'inbound');
      const { exchange } = await b.ok<{ exchange: Exchange }>('exchange', 'show', received?.id ?? '');
      const { decision } = exchange;
      expect(decision).toMatchObject({ outcome: 'accepted', by: 'service:cert-exchange', match: { by: 'entry' } });
      expect(decision?.checks.map(({ ok }) => ok)).not.toContain(false);
      const { fingerprint } = set.companyA.authority.certificate;
      expect(decision?.validation).toMatchObject({
        trusted: true,
        anchor: { fingerprint, by: 'trust-list', list: LIST, level: 'oftp2' },
        standsOn: { trustLists: [{ name: LIST, sequenceNumber: 1 }] },
      });
      const text = (await b.run('anna', 'exchange', 'show', received?.id ?? '')).out;
      expect(text).toMatch(/Company A OFTP2 CA/);
      expect(text).toMatch(/oftp2/);
    });

    it('tells each use of the bypass, once', async () => {
      const { a: atA, b: atB } = Relation.between(two(), A0, B0);
      for (const [end, direction] of [
        [atA, 'outbound'],
        [atB, 'inbound'],
      ] as const) {
        const used = await end.told(exchangeEvents.bypassUsed);
        expect(used[0]).toMatchObject({
          direction,
          remoteAddress: expect.stringMatching(/127\.0\.0\.1|::1/) as unknown,
        });
        // One session does, unless the turn did not come back to A in it.
        expect(used.map(({ uses }) => uses)).toEqual(used.map((_, index) => index + 1));
        expect(new Set(used.map(({ session }) => session)).size).toBe(used.length);
      }
    });

    it('authenticates the next session both ways, and everything may pass', async () => {
      const { a: atA, b: atB } = Relation.between(two(), A0, B0);
      const before = (await atB.told(gatewayEvents.sessionEnded)).length;
      expect(await atA.hand('deliver', 'CA01')).toMatchObject({ state: 'acknowledged' });
      const sessions = await eventually(
        () => atB.told(gatewayEvents.sessionEnded),
        (ended) => ended.length > before,
      );
      expect(sessions.slice(before)).toMatchObject([
        { secureAuthentication: true, mode: 'full', transport: 'tls', end: { outcome: 'completed' } },
      ]);
      expect(await atB.states()).toEqual({ CA01: 'current' });
    });

    it('reads the revocation lists that the certificates name, in the background', async () => {
      const { a, b, publication } = two();
      for (const [company, name] of [
        [a, 'B'],
        [b, 'A'],
      ] as const) {
        const url = publication.revocationListUrl(name);
        const { revocationLists } = await eventually(
          () => company.ok<{ revocationLists: RevocationListView[] }>('crl', 'list'),
          (seen) => seen.revocationLists.some((list) => list.url === url && list.state === 'current'),
        );
        expect(revocationLists.find((list) => list.url === url)).toMatchObject({ kind: 'full', origin: 'fetched' });
      }
    });
  });
}

interface Expected {
  readonly us: string;
  readonly them: string;
  readonly port: number;
  readonly subject: string;
  readonly issuer: string;
}

async function introduce(company: Company, { us, them, port, subject, issuer }: Expected): Promise<void> {
  const reach = ['--host', 'localhost', '--port', String(port), '--tls', '--acx', '--secure-authentication'];
  await company.ok('partner', 'add', '--station', us, '--id', them, '--password', PASSWORD, ...reach);
  const expected = ['--subject', subject, '--issuer', `${issuer} OFTP2 CA`, '--usage', 'all'];
  await company.ok('partner', 'identify', them, ...expected);
}
