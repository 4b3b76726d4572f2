import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Publication } from '../../support/interoperability/publication.js';
import { Company } from './company.js';
import { PartedSite } from './parted-site.js';
import { caStoreAway } from './stories/ca-store-away.js';
import { caStoreReplicas } from './stories/ca-store-replicas.js';
import { follow, settle } from './two-companies.js';

describe('a station that depends on its ca-store', () => {
  let folder: string;
  let publication: Publication;
  let a: Company;
  let b: PartedSite;
  const open: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certlane-ca-store-'));
    publication = await Publication.open({ now: new Date(), host: 'localhost' });
    open.push(publication);
    open.push((a = await Company.open(join(folder, 'a'))));
    open.push((b = await PartedSite.open(join(folder, 'b'))));
    await Promise.all([settle(a, publication, 'CA01'), settle(b, publication, 'CB01')]);
    await Promise.all([follow(a, publication), follow(b, publication)]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(open.map((one) => one.close()));
    await rm(folder, { recursive: true, force: true });
  });

  caStoreAway(() => ({ a, b, set: publication.set }));
  caStoreReplicas(
    () => b,
    () => publication,
  );
});
