import { beforeAll, describe, expect, it } from '@jest/globals';
import { exchangeEvents, registryEvents } from '@certlane/contracts';
import { Visitor, words } from '../../../demo/visitor.js';
import { eventually } from '../../../support/eventually.js';
import { auditOf } from '../audit-of.js';
import { PASSWORD } from '../end.js';
import { Relation } from '../relation.js';
import { alterDocument } from '../store-tampering.js';
import type { TwoCompanies } from '../two-companies.js';

const DAY = 86_400_000;
const REASON = 'the first exchange was cut off, Ms Example called';

/** How far the bypass reaches. */
export function bypassLimits(two: () => TwoCompanies): void {
  describe('the limits of the bypass', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  beforeAll(() => two().followTheTrustList());

  /** A stranger to B that is expected; what B says to its call. */
  const expected = async (name: string, ...limits: readonly string[]) => {
    const { b } = await Relation.introduce(two(), { name });
    const entry = ['--subject', 'oftp2.company-a.example', '--issuer', 'Company A OFTP2 CA', '--usage', 'all'];
    await two().b.ok('partner', 'identify', b.other, ...entry);
    await two().b.ok('partner', 'set', b.other, ...limits);
    const knock = async (): Promise<string> => {
      const visitor = await Visitor.tcp(b.site.tcpPort);
      const said = await visitor.start({ code: b.other, password: PASSWORD });
      if (said.command === 'SSID') visitor.leave();
      else visitor.hangUp();
      return words(said);
    };
    return { b, knock };
  };

  describe('a bypass for so many sessions', () => {
    it('ends with the last of them, tells each use and the refusal, and is reopened by a person with a reason', async () => {
      const { b, knock } = await expected('ATTEMPT', '--bypass-attempts', '2');
      const before = await counted(two());
      expect([await knock(), await knock()]).toEqual(['SSID', 'SSID']);
      expect(await knock()).toMatch(/^ESID 12 /);
      const { out } = await two().b.run('anna', 'partner', 'show', b.other);
      expect(out).toMatch(/^Trust bypass +used up: 2 sessions of 2 have run in it; certlane partner bypass reopen/m);
      const used = await b.told(exchangeEvents.bypassUsed);
      expect(used.map(({ uses, direction }) => [uses, direction])).toEqual([
        [1, 'inbound'],
        [2, 'inbound'],
      ]);
      expect(await b.told(exchangeEvents.bypassRefused)).toMatchObject([{ reason: 'bypass-exhausted', refused: 1 }]);
      const after = await counted(two());
      expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([2, 1]);

      await two().b.ok('partner', 'bypass', 'reopen', b.other, '--reason', REASON);
      expect(await b.told(registryEvents.bypassReopened)).toMatchObject([{ by: 'operator:anna', reason: REASON }]);
      expect(await knock()).toBe('SSID');
      expect((await b.told(exchangeEvents.bypassUsed)).at(-1)).toMatchObject({ uses: 1 });
      const audited = await eventually(
        () => auditOf(two().b, b.other),
        (entries) => entries.some(({ reason, phase }) => reason === REASON && phase === 'done'),
      );
      expect(audited.filter(({ reason }) => reason === REASON)).toMatchObject([
        { phase: 'intended', actor: 'operator:anna' },
        { phase: 'done', actor: 'operator:anna' },
      ]);
    });
  });

  describe('a bypass for some days', () => {
    it('is over when they are, says so, and is reopened by a person', async () => {
      const { b, knock } = await expected('DAYS', '--bypass-days', '2');
      expect(await knock()).toBe('SSID');
      const [refusals, set] = [refused(two(), 'bypass-expired'), (await b.partner()).createdAt];
      const before = await refusals;
      // No clock of a running station can be set: the partner was set up earlier instead.
      const earlier = new Date(Date.parse(set) - 2 * DAY).toISOString();
      const partnerAsSet = { what: `"createdAt":"${set}"`, instead: `"createdAt":"${earlier}"` };
      const key = await alterDocument(two().b.station, {
        service: 'partner-registry',
        collection: 'partner',
        ...partnerAsSet,
      });
      expect(key).toBeDefined();
      expect(await knock()).toMatch(/^ESID 12 /);
      expect(await b.told(exchangeEvents.bypassRefused)).toMatchObject([{ reason: 'bypass-expired', refused: 1 }]);
      expect((await refused(two(), 'bypass-expired')) - before).toBe(1);
      const end = `${set.slice(0, 10)} ${set.slice(11, 16)}Z`;
      expect((await two().b.run('anna', 'partner', 'show', b.other)).out).toMatch(
        new RegExp(`^Trust bypass +over since ${end}: no session may run in it; certlane partner bypass reopen`, 'm'),
      );
      await two().b.ok('partner', 'bypass', 'reopen', b.other, '--reason', REASON);
      expect(await knock()).toBe('SSID');
    });
  });

  describe('a bypass for some addresses', () => {
    it('is closed to others, and what is refused does not use it up', async () => {
      const { b, knock } = await expected('ADDRESS', '--bypass-address', '192.0.2.0/24', '--bypass-attempts', '1');
      expect(await knock()).toMatch(/^ESID 12 /);
      expect(await b.told(exchangeEvents.bypassRefused)).toMatchObject([
        { reason: 'bypass-address', remoteAddress: expect.stringContaining('127.0.0.1') as unknown },
      ]);
      expect(await b.told(exchangeEvents.bypassUsed)).toEqual([]);
      await two().b.ok('partner', 'set', b.other, '--bypass-address', '127.0.0.0/8');
      expect(await knock()).toBe('SSID');
    });
  });
}

/** Uses of the bypass at B, and sessions refused because it was used up. */
async function counted({ b }: TwoCompanies): Promise<number[]> {
  const uses = b.metric('cert-exchange', 'certlane_bypass_uses_total', { direction: 'inbound' });
  return Promise.all([uses, refused({ b }, 'bypass-exhausted')]);
}

/** Sessions refused at B for a reason. */
function refused({ b }: Pick<TwoCompanies, 'b'>, reason: string): Promise<number> {
  return b.metric('cert-exchange', 'certlane_bypass_refusals_total', { reason });
}
