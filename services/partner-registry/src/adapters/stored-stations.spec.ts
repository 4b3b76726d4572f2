import { createMessages } from '@certlane/runtime';
import { countingIds, fixedClock, memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aStation, day } from '../testing/records.js';
import { StoredStations } from './stored-stations.js';

const host = `${'a.'.repeat(125)}com`;
const [one, other] = ['O0013000000ACME', 'O0099OTHER'];

describe('host names of stations in a store', () => {
  let store: MemoryStore;
  let stations: StoredStations;

  beforeEach(() => {
    store = memoryStore();
    stations = new StoredStations(
      store,
      createMessages({ prefix: 'certlane', clock: fixedClock(), ids: countingIds() }),
    );
  });
  afterEach(() => store.close());

  const claim = (station: string) => stations.claimHost({ host, station }, day(0));

  it('go to one of two that are added at once', async () => {
    const claimed = await Promise.allSettled([claim(one), claim(other)]);
    expect(claimed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(claimed).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'conflict' }) });
  });

  it('stay with the station that exists', async () => {
    await claim(one);
    await stations.change(one, () => ({ record: aStation({ id: one, host }), facts: [] }));
    await expect(claim(other)).rejects.toMatchObject({ code: 'already-exists' });
    await claim(one);
  });
});
