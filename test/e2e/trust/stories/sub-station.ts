import { beforeAll, describe, expect, it } from '@jest/globals';
import { exchangeEvents, registryEvents, type Exchange, type RevocationListView } from '@certlane/contracts';
import { writeClid } from '@certlane/pki';
import { eventually } from '../../../support/eventually.js';
import { STATIONS, type Label } from '../../../support/interoperability/roles.js';
import { carry, type CarriedFile } from '../carrier.js';
import { End } from '../end.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const { A1 } = STATIONS;
const AUTHORITY = 'Company A OFTP2 CA';

/** Station A1 behind A: its certificates come in the sessions of A and are its alone; one of them is revoked. */
export function certificatesOfASubStation(two: () => TwoCompanies): void {
  describe('a station behind another', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  /** A at B. */
  let b: End;
  /** A1 at B. */
  let sub: End;
  const bring = (...files: readonly CarriedFile[]) => carry(b, two().set, files);
  const of = (from: string, label: Label): CarriedFile => ({
    kind: 'deliver',
    from,
    identity: two().set.member(label),
  });

  beforeAll(async () => {
    await two().followTheTrustList();
    ({ b } = await Relation.acquaint(two(), { name: 'SUB' }));
    sub = new End(two().b, { station: b.station, partner: A1 }, two().set);
    await two().b.ok('partner', 'add', '--station', b.station, '--id', A1, '--via', b.other, '--acx');
    const usages = { CA10: 'eerp-signature', CA11: 'file-signature', CA12: 'file-encryption' } as const;
    for (const [label, usage] of Object.entries(usages)) {
      const { commonName } = two().set.member(label as Label).role;
      const words = ['--subject', commonName, '--issuer', AUTHORITY, '--usage', usage];
      await two().b.ok('partner', 'identify', A1, ...words);
    }
  });

  describe('its certificates', () => {
    it('come in the sessions of that one, and are answered to their owner', async () => {
      const before = await b.knowledge();
      expect(await bring(of(A1, 'CA10'), of(A1, 'CA11'))).toEqual([`EERP to ${A1}`, `EERP to ${A1}`]);
      expect(await sub.states()).toEqual({ CA10: 'current', CA11: 'current' });
      expect(await b.knowledge()).toEqual(before);
    });

    it('are not touched by files of the station that carries them', async () => {
      const { companyA } = two().set;
      const { CA10 } = companyA.certificates;
      const { subject, keyUsage } = CA10.certificate;
      const renewed = companyA.authority.issue({ subject, keyUsage: keyUsage?.flags ?? 'none', host: 'localhost' });
      const before = await sub.knowledge();
      const recall = { kind: 'replace', identity: renewed, description: writeClid(CA10.certificate) } as const;
      // Nothing of A's is known that it could be: a person has to look, and no answer goes out meanwhile.
      expect(await bring({ ...recall, from: b.other })).toEqual([]);
      expect(await sub.knowledge()).toEqual(before);
      expect(await b.told(exchangeEvents.held)).toMatchObject([{ approval: 'no-match' }]);

      expect(await bring({ ...recall, from: A1 })).toEqual([`EERP to ${A1}`]);
      expect(await sub.states()).toMatchObject({ CA10: 'replaced', CA11: 'current' });
    });

    it('do not come from a station that nobody entered', async () => {
      const stranger = of('O0013COMPANYA9', 'CA11');
      expect(await bring(stranger)).toEqual(['SFNA 03 The originator is not known for this partner']);
    });
  });

  describe('a certificate that its authority has revoked', () => {
    it('is refused as soon as the list says so: the NERP has the reason, nothing is changed', async () => {
      const file = await two().b.write('ca12.pem', two().set.member('CA12').certificatePem);
      expect((await two().b.run('anna', 'validate', file)).status).toBe(0);
      two().publication.revoke('CA12', { reason: 'keyCompromise' });
      const { revocationLists } = await two().b.ok<{ revocationLists: RevocationListView[] }>(
        'crl',
        'refresh',
        AUTHORITY,
      );
      expect(revocationLists).toMatchObject([{ state: 'current', entries: 1, lastTry: { ok: true } }]);
      const judged = await two().b.run('anna', 'validate', file);
      expect(judged.status).toBe(10);
      expect(judged.out).toMatch(/revoked/);

      const before = await sub.knowledge();
      const [answer, ...more] = await bring(of(A1, 'CA12'));
      expect(answer).toMatch(/^NERP 34 .*revoked.* to O0013COMPANYA1$/);
      expect(more).toEqual([]);
      expect(await sub.knowledge()).toEqual(before);
      const refused = (await b.exchanges()).find(
        ({ file: { originator }, state }) => originator === A1 && state === 'refused',
      );
      const { exchange } = await two().b.ok<{ exchange: Exchange }>('exchange', 'show', refused?.id ?? '');
      expect(exchange).toMatchObject({
        reason: 'revoked',
        decision: {
          validation: { reason: 'revoked', revocation: { status: 'revoked', reason: 'keyCompromise' } },
        },
      });
      expect((await b.told(exchangeEvents.refused)).at(-1)).toMatchObject({ exchange: refused?.id, reason: 'revoked' });
    });

    it('falls where it is on file already, and is out of use', async () => {
      const { fingerprint } = two().set.member('CA11').certificate;
      two().publication.revoke('CA11', { reason: 'cessationOfOperation' });
      await two().b.ok('crl', 'refresh', AUTHORITY);
      const fell = await eventually(
        () => sub.told(registryEvents.certificateFell),
        (told) => told.length > 0,
      );
      expect(fell).toMatchObject([{ certificate: { fingerprint }, standing: { trusted: false, reason: 'revoked' } }]);
      const known = (await sub.partner()).certificates.find((one) => one.fingerprint === fingerprint);
      expect(known?.standing).toMatchObject({ trusted: false, reason: 'revoked' });
      // It keeps its place, and serves nothing.
      expect(await sub.states()).toMatchObject({ CA11: 'revoked' });
      expect(await sub.serving('file-signature')).toMatchObject({ theirs: 'none' });
      const shown = await two().b.run('anna', 'partner', 'show', A1);
      expect(shown.out).toMatch(/revoked/);
    });
  });
}
