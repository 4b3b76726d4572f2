import { beforeAll, describe, expect, it } from '@jest/globals';
import { ca, type ParsedReplyOf } from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import type { Publication } from '../../../support/interoperability/publication.js';
import { base64 } from '../end.js';
import type { PartedSite } from '../parted-site.js';
import { LIST } from '../two-companies.js';

type Verdict = ParsedReplyOf<typeof ca.certificateValidate>['verdict'];

/** So many questions at once that each replica gets some. */
const QUESTIONS = 12;
const LAST_EDITION = 9;

/** Two replicas of ca-store, and lists that change under them. */
export function caStoreReplicas(site: () => PartedSite, publication: () => Publication): void {
  describe('two replicas of ca-store', () => {
    beforeAll(async () => {
      while (site().replicas('ca-store').length < 2) await site().start('ca-store');
    });

    const judge = async (): Promise<Verdict> => {
      const certificate = base64(publication().set.member('CA02'));
      return (await site().operator.bus.request(ca.certificateValidate, { certificate })).verdict;
    };
    const judgeAtOnce = () => Promise.all(Array.from({ length: QUESTIONS }, judge));

    it('never mix two editions of a trust list, and know the newest as soon as it is taken', async () => {
      const { bus } = site().operator;
      let over = false;
      const watch = async (): Promise<Verdict[]> => {
        const seen: Verdict[] = [];
        while (!over) seen.push(await judge());
        return seen;
      };
      const watchers = Array.from({ length: 3 }, watch);
      try {
        for (let edition = 2; edition <= LAST_EDITION; edition += 1) {
          const listed = edition % 2 === 1;
          publication().publishTrustList({ sequenceNumber: edition, ...(listed ? {} : { without: ['A'] }) });
          const { trustList } = await bus.request(ca.trustListRefresh, { name: LIST });
          expect(trustList.sequenceNumber).toBe(edition);
          const verdicts = await judgeAtOnce();
          expect(verdicts.map(({ trusted }) => trusted)).toEqual(verdicts.map(() => listed));
        }
      } finally {
        over = true;
      }
      const seen = await Promise.all(watchers);
      for (const inOrder of seen) {
        const versions = inOrder.map(({ standsOn }) => standsOn.version);
        expect(versions).toEqual([...versions].sort((one, other) => one - other));
      }
      const told = Map.groupBy(seen.flat(), ({ standsOn }) => standsOn.version);
      for (const [version, verdicts] of told) {
        const different = new Set(verdicts.map(wordsFor));
        expect([version, [...different]]).toEqual([version, [expect.any(String)]]);
      }
      const editions = seen.flat().filter(({ trusted }) => trusted);
      for (const { standsOn } of editions) {
        expect(standsOn.trustLists).toMatchObject([{ name: LIST }]);
        expect((standsOn.trustLists[0]?.sequenceNumber ?? 0) % 2).toBe(1);
      }
      const shares = await Promise.all(
        site()
          .replicas('ca-store')
          .map((replica) => replica.metric('certlane_request_duration_seconds_count')),
      );
      expect(shares.filter((share) => share > 0)).toHaveLength(2);
    });

    it('both know what is revoked as soon as the list is taken, and name the list', async () => {
      const good = await eventually(judge, ({ revocation }) => revocation.status === 'good');
      expect(good).toMatchObject({ trusted: true, revocation: { status: 'good' } });
      publication().revoke('CA02');
      await site().operator.bus.request(ca.revocationListRefresh, {});
      for (const verdict of await judgeAtOnce()) {
        expect(verdict).toMatchObject({
          trusted: false,
          reason: 'revoked',
          standsOn: { revocationLists: [{ kind: 'list' }] },
        });
        expect(verdict.standsOn.revocationLists).not.toEqual(good.standsOn.revocationLists);
        expect(verdict.standsOn.version).toBeGreaterThan(good.standsOn.version);
      }
    });
  });
}

/** What a verdict says, without when. */
function wordsFor({ trusted, reason, path, revocation, standsOn }: Verdict): string {
  return JSON.stringify({ trusted, reason, path, status: revocation.status, standsOn });
}
