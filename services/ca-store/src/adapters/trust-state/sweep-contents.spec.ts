import { testCa, testRevocationList } from '@certlane/pki/testing';
import { createLogger, LeasedTasks, TimeOrderedIds } from '@certlane/runtime';
import {
  fixedClock,
  memoryStore,
  MemoryRecords,
  until,
  type FixedClock,
  type MemoryStore,
} from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { anIssuer, aRevocationList, aTrustList } from '../../testing/a-trust-view.js';
import { contentsOf, trustStateOf } from '../../testing/replicas.js';
import { StoredUploads } from '../stored-uploads.js';
import { SweepContents } from './sweep-contents.js';
import type { StoredTrustState } from './stored-trust-state.js';

const HOUR = 3_600_000;
const logger = createLogger({ service: 'ca-store', instance: 'test', level: 'silent' });
const now = fixedClock().now();
const acme = testCa({ now });
const octets = Buffer.from('a list that somebody has handed over');

describe('the sweep of contents', () => {
  let records: MemoryRecords;
  let clock: FixedClock;
  let state: StoredTrustState;
  let sweep: SweepContents;
  let tasks: LeasedTasks;
  let uploads: StoredUploads;
  const stores: MemoryStore[] = [];
  const replica = () => {
    const store = memoryStore({ records });
    stores.push(store);
    return store;
  };
  const kept = (): number =>
    [...records.rows].filter(([key, { row }]) => key.startsWith('large') && row.removed !== true).length;
  const change = (number: number) =>
    state.change(() => ({
      issuers: { put: [anIssuer(acme.root.certificate)] },
      trustLists: { put: [aTrustList('odette', 'oftp2', [[acme.authority.certificate]], number)] },
      revocationLists: { put: [aRevocationList(testRevocationList(acme.authority, { number }), 'http://crl')] },
      result: undefined,
    }));

  beforeEach(() => {
    records = new MemoryRecords();
    clock = fixedClock();
    const store = replica();
    const contents = contentsOf(store, clock);
    state = trustStateOf(store, clock);
    uploads = new StoredUploads(store, contents, clock);
    tasks = new LeasedTasks({ store, clock, ids: new TimeOrderedIds(clock), logger });
    sweep = new SweepContents(contents, uploads, state, clock, logger, tasks);
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it('leaves what is in force, however old it is, and removes what is no longer after an hour', async () => {
    await change(1);
    const inForce = kept();
    clock.advance(10 * HOUR);
    await sweep.run();
    expect(kept()).toBe(inForce);
    await change(2);
    // An edition, a revocation list and its page; the rest is the same.
    expect(kept()).toBe(inForce + 3);
    await sweep.run();
    expect(kept()).toBe(inForce);
    expect((await trustStateOf(replica(), clock).current()).trustLists.get('odette')?.edition?.sequenceNumber).toBe(2);
  });

  it('leaves what was put within the hour, whether somebody names it by now or not', async () => {
    await change(1);
    await change(2);
    const before = kept();
    clock.advance(HOUR);
    await sweep.run();
    expect(kept()).toBe(before);
    clock.advance(1);
    await sweep.run();
    expect(kept()).toBe(before - 3);
  });

  it('forgets what was handed over and not used', async () => {
    const content = createHash('sha256').update(octets).digest('hex');
    expect(await uploads.take({ content, parts: 1, part: 0, octets })).toBe(true);
    clock.advance(HOUR);
    await sweep.run();
    expect(await contentsOf(replica(), clock).get(content)).toEqual(octets);
    clock.advance(1);
    await sweep.run();
    expect(await contentsOf(replica(), clock).get(content)).toBeUndefined();
    expect(await uploads.take({ content, parts: 1, part: 0, octets })).toBe(true);
    expect(await contentsOf(replica(), clock).get(content)).toEqual(octets);
  });

  it('runs as long as the service does', async () => {
    await change(1);
    await change(2);
    clock.advance(2 * HOUR);
    const before = kept();
    tasks.onApplicationBootstrap();
    await until('the rest is removed', () => kept() === before - 3);
    await tasks.onModuleDestroy();
  });
});
