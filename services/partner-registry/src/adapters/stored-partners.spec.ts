import { createMessages } from '@certlane/runtime';
import { countingIds, fixedClock, memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aPartner } from '../testing/records.js';
import { StoredPartners } from './stored-partners.js';

const station = 'O0013000000ACME';
const other = 'O0099OTHER';
const partner = 'O0177BETA';

describe('partners in a store', () => {
  let store: MemoryStore;
  let partners: StoredPartners;

  beforeEach(() => {
    store = memoryStore();
    partners = new StoredPartners(
      store,
      createMessages({ prefix: 'certlane', clock: fixedClock(), ids: countingIds() }),
    );
  });
  afterEach(() => store.close());

  const add = (at: string) =>
    partners.change({ station: at, partner }, () => ({ record: aPartner({ station: at, id: partner }), facts: [] }));

  it('finds every station that knows a partner', async () => {
    await add(station);
    await add(other);
    expect(await partners.stationsOf(partner)).toEqual([station, other]);
    expect(await partners.stationsOf('nobody.*')).toEqual([]);
  });

  it('finds a partner that was removed and added again', async () => {
    await add(station);
    await partners.remove({ station, partner }, () => Promise.resolve([]));
    expect(await partners.get({ station, partner })).toBeUndefined();
    await add(station);
    expect(await partners.stationsOf(partner)).toEqual([station]);
  });

  it('finds it from both stations when two replicas add it at once', async () => {
    await Promise.all([add(station), add(other)]);
    expect(await partners.stationsOf(partner)).toEqual([station, other]);
  });
});
