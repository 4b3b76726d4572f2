import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '../service/clock.js';
import { TimeOrderedIds } from '../service/ids.js';
import type { DocumentStore } from '../store/documents.js';
import { MemoryRecords } from '../store/memory-table.js';
import { NatsTable } from '../store/nats-table.js';
import { OutboxStore } from '../store/outbox-store.js';
import { memoryStore } from '../testing/memory-store.js';
import { testNats } from '../testing/test-nats.js';
import { until } from '../testing/until.js';
import { Lease } from './lease.js';
import { LeasedTask } from './leased-task.js';

const ids = new TimeOrderedIds();
const logger = pino({ level: 'silent' });
/** Long enough for a busy machine to renew in time. */
const DURATION_MS = 900;

describe('a leased task', () => {
  let records: MemoryRecords;
  const stores: DocumentStore[] = [];
  const tasks: LeasedTask[] = [];
  /** Who ran, in order. */
  let runs: string[];
  let running: number;
  let most: number;

  beforeEach(() => {
    records = new MemoryRecords();
    runs = [];
    running = 0;
    most = 0;
  });

  afterEach(async () => {
    await Promise.all(tasks.splice(0).map((task) => task.stop()));
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  const opened = (): DocumentStore => {
    const store = memoryStore({ records });
    stores.push(store);
    return store;
  };
  const leaseOver = (store: DocumentStore): Lease =>
    new Lease({ store, name: 'refresh', clock: systemClock, ids, durationMs: DURATION_MS });
  type Work = (signal: AbortSignal) => Promise<void>;
  const replica = (
    name: string,
    {
      everyMs = 20,
      work = () => Promise.resolve(),
      store = opened(),
    }: { everyMs?: number; work?: Work; store?: DocumentStore } = {},
  ): LeasedTask => {
    const task = new LeasedTask({
      lease: leaseOver(store),
      name,
      everyMs,
      logger,
      work: async (signal) => {
        runs.push(name);
        running += 1;
        most = Math.max(most, running);
        try {
          await work(signal);
        } finally {
          running -= 1;
        }
      },
    });
    tasks.push(task);
    task.start();
    return task;
  };
  const untilAborted: Work = async (signal) => {
    await sleep(60_000, undefined, { signal, ref: false });
  };
  const lease = () => opened().collection({ name: 'lease', schema: z.looseObject({ holder: z.string() }) });

  it('runs soon after its start, and again and again', async () => {
    const began = performance.now();
    replica('a');
    await until('it has run', () => runs.length > 0);
    expect(performance.now() - began).toBeLessThan(DURATION_MS / 2);
    await until('it has run often', () => runs.length > 5);
  });

  it('runs in one of the replicas, never twice at once, its own runs included', async () => {
    const work = () => sleep(50);
    for (const name of ['a', 'b', 'c']) replica(name, { work, everyMs: 5 });
    await until('it has run often', () => runs.length > 30);
    expect(new Set(runs).size).toBe(1);
    expect(most).toBe(1);
  });

  it('goes on in another replica at once when the first is stopped, whose run is told to give up', async () => {
    let aborted = false;
    const first = replica('a', {
      work: async (signal) => {
        await untilAborted(signal).catch(() => undefined);
        aborted = signal.aborted;
      },
    });
    await until('the first runs', () => runs.length > 0);
    replica('b');
    await first.stop();
    expect(aborted).toBe(true);
    const began = performance.now();
    await until('the second runs', () => runs.includes('b'));
    expect(performance.now() - began).toBeLessThan(DURATION_MS);
    expect(most).toBe(1);
  });

  it('goes on in another replica when its holder was killed', async () => {
    const killed = leaseOver(opened());
    await killed.take();
    replica('b');
    await sleep(DURATION_MS / 2);
    expect(runs).toEqual([]);
    await until('the other runs', () => runs.length > 0);
    expect(killed.leftMs).toBeLessThanOrEqual(0);
  });

  it('tells its run to give up when the lease is lost, and asks for it again', async () => {
    const signals: AbortSignal[] = [];
    replica('a', { work: (signal) => (signals.push(signal), untilAborted(signal)) });
    await until('it runs', () => signals.length > 0);
    const documents = lease();
    const stored = await documents.get('refresh');
    const stolen = { ...stored!.value, holder: 'thief' };
    const revision = await documents.update('refresh', stored!.revision, stolen);
    await until('the run is told', () => signals[0]!.aborted);
    expect(signals).toHaveLength(1);
    await documents.remove('refresh', revision);
    await until('it runs again', () => signals.length > 1);
  });

  it('tells its run to give up when the store does not answer until the lease has ended', async () => {
    let away = false;
    const store = opened();
    const hanging: DocumentStore = Object.assign(Object.create(store) as DocumentStore, {
      collection: (definition: Parameters<DocumentStore['collection']>[0]) => {
        const documents = store.collection(definition);
        const never = new Promise<never>(() => undefined);
        return Object.assign(Object.create(documents) as typeof documents, {
          get: (key: string) => (away ? never : documents.get(key)),
          create: (key: string, value: unknown) => documents.create(key, value),
          update: (key: string, revision: string, value: unknown) =>
            away ? never : documents.update(key, revision, value),
        });
      },
    });
    const signals: AbortSignal[] = [];
    const task = replica('a', { store: hanging, work: (signal) => (signals.push(signal), untilAborted(signal)) });
    tasks.splice(tasks.indexOf(task), 1);
    await until('it runs', () => signals.length > 0);
    away = true;
    const began = performance.now();
    await until('the run is told', () => signals[0]!.aborted);
    expect(performance.now() - began).toBeLessThanOrEqual(DURATION_MS + 300);
  });

  it('is run again after it failed', async () => {
    replica('a', { work: () => Promise.reject(new Error('broken')) });
    await until('it has run often', () => runs.length > 3);
  });

  it('can be stopped before it began, and twice', async () => {
    const task = new LeasedTask({ lease: leaseOver(opened()), name: 'a', everyMs: 1, work: untilAborted, logger });
    await task.stop();
    await task.stop();
    const other = replica('b', { everyMs: 60_000 });
    await until('it has run', () => runs.length > 0);
    await other.stop();
    expect(await lease().get('refresh')).toBeUndefined();
  });

  it('runs in one of two replicas over NATS, and in the other when the first is stopped', async () => {
    const nats = await testNats();
    try {
      const overNats = async () => {
        const connection = await nats.connect('ca-store');
        const table = await NatsTable.open({ connection, prefix: nats.prefix, service: 'ca-store', logger });
        const store = new OutboxStore({ table, publish: () => Promise.resolve(), logger });
        stores.push(store);
        return store;
      };
      const first = replica('a', { store: await overNats() });
      await until('the first has run', () => runs.length > 3);
      replica('b', { store: await overNats() });
      await sleep(DURATION_MS);
      expect(new Set(runs)).toEqual(new Set(['a']));
      await first.stop();
      await until('the second has run', () => runs.includes('b'));
      expect(most).toBe(1);
      await Promise.all(tasks.splice(0).map((task) => task.stop()));
      await Promise.all(stores.splice(0).map((store) => store.close()));
    } finally {
      await nats.stop();
    }
  });
});
