import { createMessages } from '@certlane/runtime';
import { countingIds, fixedClock, memoryStore, type FixedClock, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoredPartners } from '../adapters/stored-partners.js';
import { LIMITS } from '../domain/records.js';
import { aPartner } from '../testing/records.js';
import { SubStations } from './sub-stations.js';

const station = 'O0013000000ACME';
const gate = { station, partner: 'O0177GATE' };
const line = { station, id: 'O0177LINE', via: gate.partner };

describe('sub-stations after a kill', () => {
  let store: MemoryStore;
  let clock: FixedClock;
  let partners: StoredPartners;
  let subStations: SubStations;

  beforeEach(async () => {
    store = memoryStore();
    clock = fixedClock();
    partners = new StoredPartners(store, createMessages({ prefix: 'certlane', clock, ids: countingIds() }));
    subStations = new SubStations(partners, clock, countingIds('claim'));
    await write(gate.partner);
  });
  afterEach(() => store.close());

  const write = (id: string, via?: string) =>
    partners.change({ station, partner: id }, () => ({
      record: aPartner({ station, id, ...(via === undefined ? {} : { via }) }),
      facts: [],
    }));
  const record = async () => {
    const kept = await partners.get(gate);
    if (kept === undefined) throw new Error('the partner is gone');
    return kept.record;
  };
  const listed = async () => (await record()).subStations.map(({ id }) => id);
  const alive = async () => (await subStations.alive(await record())).map(({ id }) => id);

  it('that came before one was written hold their partner for a minute and no longer', async () => {
    await subStations.claim(line);
    expect(await alive()).toEqual([line.id]);
    clock.advance(60_000);
    expect(await alive()).toEqual([]);
    await subStations.tidy(await record());
    expect(await listed()).toEqual([]);
  });

  it('are not taken out while they are there, nor when they were claimed anew', async () => {
    await subStations.claim(line);
    await write(line.id, line.via);
    const claim = await subStations.claimOf(line);
    clock.advance(60_000);
    await subStations.tidy(await record());
    expect(await listed()).toEqual([line.id]);
    await subStations.claim(line);
    await subStations.release(gate, claim ?? '');
    expect(await listed()).toEqual([line.id]);
    await subStations.release(gate, (await subStations.claimOf(line)) ?? '');
    expect(await listed()).toEqual([]);
  });

  it('make room when there is none left', async () => {
    for (let n = 0; n < LIMITS.subStations; n += 1) await subStations.claim({ ...line, id: `O0177L${n}` });
    await expect(subStations.claim(line)).rejects.toMatchObject({ code: 'failed-precondition' });
    clock.advance(60_000);
    await subStations.claim(line);
    expect(await listed()).toEqual([line.id]);
  });

  it('are no matter where their partner is gone', async () => {
    await subStations.claim(line);
    const claim = (await subStations.claimOf(line)) ?? '';
    await partners.remove(gate, () => Promise.resolve([]));
    await subStations.release(gate, claim);
    expect(await subStations.claimOf(line)).toBeUndefined();
  });
});
