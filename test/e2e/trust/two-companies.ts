import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { ca } from '@certlane/contracts';
import { Publication } from '../../support/interoperability/publication.js';
import { base64, PASSWORD } from './end.js';
import { Company, type Site } from './company.js';

/** The name under which both follow the trust list. */
export const LIST = 'oftp2';

/** Company A and Company B of the Odette set with a running station each, and all that is published about their certificates. */
export class TwoCompanies {
  private constructor(
    private readonly folder: string,
    readonly publication: Publication,
    readonly a: Company,
    readonly b: Company,
  ) {}

  /** Both have their main station, whose certificate TLS shows, CA01 and CB01. Neither knows of the other or of any authority. */
  static async open(): Promise<TwoCompanies> {
    const folder = await mkdtemp(join(tmpdir(), 'certlane-trust-'));
    const publication = await Publication.open({ now: new Date(), host: 'localhost' });
    try {
      const [a, b] = await Promise.all([Company.open(join(folder, 'a')), Company.open(join(folder, 'b'))]);
      await Promise.all([settle(a, publication, 'CA01'), settle(b, publication, 'CB01')]);
      return new TwoCompanies(folder, publication, a, b);
    } catch (thrown) {
      await publication.close();
      throw thrown;
    }
  }

  get set(): Publication['set'] {
    return this.publication.set;
  }

  /** Both follow the trust list, whatever they did before. */
  async followTheTrustList(): Promise<void> {
    await Promise.all([this.a, this.b].map((company) => follow(company, this.publication)));
  }

  async close(): Promise<void> {
    await Promise.all([this.a.close(), this.b.close(), this.publication.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The main station of a company: what TLS shows to whoever calls `localhost`. */
export async function settle({ operator }: Site, { set }: Publication, label: 'CA01' | 'CB01'): Promise<void> {
  const { odetteId, ...identity } = set.member(label);
  await operator.addStation(odetteId, PASSWORD, 'localhost');
  await operator.useCertificate(odetteId, identity);
}

/** Has a company follow the trust list of a publication, its signer given. */
export async function follow({ operator }: Pick<Site, 'operator'>, publication: Publication): Promise<void> {
  const { trustLists } = await operator.bus.request(ca.trustListList, {});
  if (trustLists.some(({ name }) => name === LIST)) return;
  const signers = [base64(publication.set.signers.current)];
  await operator.bus.request(ca.trustListAdd, { name: LIST, url: publication.trustListUrl(), signers });
}

/** Two companies for all tests of a file. */
export function twoCompanies(): () => TwoCompanies {
  let two: TwoCompanies | undefined;
  beforeAll(async () => {
    two = await TwoCompanies.open();
  }, 120_000);
  afterAll(() => two?.close());
  return () => {
    if (two === undefined) throw new Error('the two companies did not start');
    return two;
  };
}
