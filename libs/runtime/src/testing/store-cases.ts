import { isCertlaneError } from '@certlane/contracts';
import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Documents, DocumentStore } from '../store/documents.js';
import type { OutboxMessage } from '../store/messages.js';
import { mutate } from '../store/mutate.js';
import type { StoreTiming } from '../store/outbox-store.js';
import { until } from './until.js';

/** A database the cases run on: every case gets one that is empty. */
export interface StoreHarness {
  /** A replica of the service over the database; the harness closes what a case leaves open. */
  open(publish: (message: OutboxMessage) => Promise<void>, timing: StoreTiming): Promise<DocumentStore>;
}

/** One thing every adapter has to do. */
export interface StoreCase {
  readonly name: string;
  run(harness: StoreHarness): Promise<void>;
}

const station = z.strictObject({
  name: z.string(),
  size: z.number(),
  tags: z.record(z.string(), z.string()).optional(),
});
type Station = z.output<typeof station>;

/** Fast enough for a test to wait for, slow enough not to come before it. */
const QUICK: StoreTiming = { clearAfterMs: 50, graceMs: 200 };
const NEVER: StoreTiming = { clearAfterMs: 60_000, graceMs: Infinity };

const message = (id: string): OutboxMessage => ({
  id,
  kind: 'event',
  subject: `certlane.events.v1.test.done.${id}`,
  payload: { id },
});
const value = (name: string, size = 1): Station => ({ name, size });
const code = (wanted: string) => (thrown: unknown) => isCertlaneError(thrown) && thrown.code === wanted;

/** What was published, in order, ids that came twice once: as a stream with duplicate detection has it. */
class Log {
  readonly all: string[] = [];
  failing = false;
  readonly publish = async ({ id }: OutboxMessage): Promise<void> => {
    await sleep(1);
    if (this.failing) throw new Error('the bus is away');
    this.all.push(id);
  };
  get ids(): string[] {
    return [...new Set(this.all)];
  }
}

async function opened(harness: StoreHarness, timing = NEVER, log = new Log()) {
  const store = await harness.open(log.publish, timing);
  return { store, log, stations: store.collection({ name: 'station', schema: station }) };
}

async function keysOf(documents: Documents<Station>, pattern: string, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let after: string | undefined; ;) {
    const page = await documents.list(pattern, { limit, ...(after === undefined ? {} : { after }) });
    pages.push(page.documents.map(({ key }) => key));
    if (page.next === undefined) return pages;
    after = page.next;
  }
}

/** The conformance suite of {@link DocumentStore}. */
export const storeCases: readonly StoreCase[] = [
  {
    name: 'gives back what was created, and nothing for another key',
    run: async (harness) => {
      const { stations } = await opened(harness);
      const given = {
        name: 'Ä "quoted" \u0000 end',
        size: -1.5,
        tags: { 'a.b': '1', $where: '2', '': '3', '%2e': '4' },
      };
      const revision = await stations.create('O0013.ACME', given);
      deepEqual(await stations.get('O0013.ACME'), { key: 'O0013.ACME', value: given, revision });
      equal(await stations.get('O0013'), undefined);
      equal(await stations.get('O0013.ACME.X'), undefined);
    },
  },
  {
    name: 'refuses to create a document that exists',
    run: async (harness) => {
      const { stations } = await opened(harness);
      await stations.create('a', value('first'));
      await rejects(stations.create('a', value('second'), [message('never')]), code('already-exists'));
      equal((await stations.get('a'))?.value.name, 'first');
    },
  },
  {
    name: 'updates on the right revision only, which is another one afterwards',
    run: async (harness) => {
      const { stations, log } = await opened(harness);
      const first = await stations.create('a', value('one'));
      const second = await stations.update('a', first, value('two'));
      notEqual(first, second);
      await rejects(stations.update('a', first, value('three'), [message('never')]), code('conflict'));
      await rejects(stations.update('b', first, value('three'), [message('never')]), code('conflict'));
      deepEqual(await stations.get('a'), { key: 'a', value: value('two'), revision: second });
      deepEqual(log.all, []);
    },
  },
  {
    name: 'removes on the right revision only, and lets the key be used again',
    run: async (harness) => {
      const { stations } = await opened(harness);
      const first = await stations.create('a', value('one'));
      const second = await stations.update('a', first, value('two'));
      await rejects(stations.remove('a', first), code('conflict'));
      await stations.remove('a', second);
      equal(await stations.get('a'), undefined);
      await rejects(stations.remove('a', second), code('conflict'));
      await rejects(stations.update('a', second, value('back')), code('conflict'));
      notEqual(await stations.create('a', value('three')), second);
    },
  },
  {
    name: 'lets exactly one of many writers through',
    run: async (harness) => {
      const [one, other] = [await opened(harness), await opened(harness)];
      const revision = await one.stations.create('a', value('start'));
      await other.stations.get('a');
      const writers = [one, other, one, other, one, other];
      const results = await Promise.allSettled(
        writers.map(({ stations }, n) => stations.update('a', revision, value(`w${n}`))),
      );
      equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      const created = await Promise.allSettled(writers.map(({ stations }, n) => stations.create('b', value(`w${n}`))));
      equal(created.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  },
  {
    name: 'loses no change of writers that decide again',
    run: async (harness) => {
      const [one, other] = [await opened(harness), await opened(harness)];
      const add = (documents: Documents<Station>) =>
        mutate(documents, 'a', (current) => ({
          do: 'write',
          value: value('n', (current?.size ?? 0) + 1),
          result: null,
        }));
      for (let round = 0; round < 5; round += 1)
        await Promise.all([add(one.stations), add(other.stations), add(one.stations)]);
      equal((await one.stations.get('a'))?.value.size, 15);
    },
  },
  {
    name: 'lists by pattern, in order of keys, page by page',
    run: async (harness) => {
      const { stations, store } = await opened(harness);
      const keys = ['B.x', 'A.y', 'A.x', 'A-1.x', 'A_20.y', 'A.x.deep', 'b.x', 'C'];
      for (const key of keys) await stations.create(key, value(key));
      await store.collection({ name: 'other', schema: station }).create('A.x', value('not ours'));
      deepEqual(await keysOf(stations, '*.x', 2), [
        ['A-1.x', 'A.x'],
        ['B.x', 'b.x'],
      ]);
      deepEqual(await keysOf(stations, 'A.*', 10), [['A.x', 'A.y']]);
      deepEqual(await keysOf(stations, 'A.>', 10), [['A.x', 'A.x.deep', 'A.y']]);
      deepEqual(await keysOf(stations, '>', 3), [
        ['A-1.x', 'A.x', 'A.x.deep'],
        ['A.y', 'A_20.y', 'B.x'],
        ['C', 'b.x'],
      ]);
      deepEqual(await keysOf(stations, 'A.x', 10), [['A.x']]);
      deepEqual(await keysOf(stations, 'Z.*', 10), [[]]);
    },
  },
  {
    name: 'lists keys alone as it lists documents',
    run: async (harness) => {
      const { stations, store } = await opened(harness);
      const keys = ['B.x', 'A.y', 'A.x', 'A-1.x', 'A_20.y', 'A.x.deep'];
      for (const key of keys) await stations.create(key, value(key));
      await store.collection({ name: 'other', schema: station }).create('A.x', value('not ours'));
      deepEqual(await stations.keys('*.x', { limit: 2 }), { keys: ['A-1.x', 'A.x'], next: 'A.x' });
      deepEqual(await stations.keys('*.x', { limit: 2, after: 'A.x' }), { keys: ['B.x'] });
      deepEqual(await stations.keys('>'), { keys: ['A-1.x', 'A.x', 'A.x.deep', 'A.y', 'A_20.y', 'B.x'] });
      deepEqual(await stations.keys('*', { after: 'A' }), { keys: [] });
      await rejects(stations.keys('a.>.b'), code('internal'));
    },
  },
  {
    name: 'lists neither removed documents nor pages cut short by them',
    run: async (harness) => {
      const { stations } = await opened(harness);
      for (const key of ['a', 'b', 'c', 'd']) {
        const revision = await stations.create(key, value(key));
        if (key !== 'd') await stations.remove(key, revision, [message(key)]);
      }
      const { documents } = await stations.list('>', { limit: 1 });
      deepEqual(
        documents.map(({ key }) => key),
        ['d'],
      );
    },
  },
  {
    name: 'publishes the messages of a change before it returns, in order',
    run: async (harness) => {
      const { stations, log } = await opened(harness);
      const first = await stations.create('a', value('one'), [message('m1'), message('m2')]);
      deepEqual(log.all, ['m1', 'm2']);
      const second = await stations.update('a', first, value('two'), [message('m3')]);
      deepEqual(log.all, ['m1', 'm2', 'm3']);
      await stations.remove('a', second, [message('m4')]);
      deepEqual(log.all, ['m1', 'm2', 'm3', 'm4']);
      equal(await stations.get('a'), undefined);
      await stations.create('a', value('again'), [message('m5')]);
      deepEqual(log.all, ['m1', 'm2', 'm3', 'm4', 'm5']);
    },
  },
  {
    name: 'keeps the change when its messages cannot be published, and publishes them later, in order',
    run: async (harness) => {
      const { stations, log } = await opened(harness, QUICK);
      log.failing = true;
      const first = await stations.create('a', value('one'), [message('m1')]);
      await stations.update('a', first, value('two'), [message('m2')]);
      equal((await stations.get('a'))?.value.name, 'two');
      deepEqual(log.all, []);
      log.failing = false;
      await until('both messages are published', () => log.ids.length === 2);
      deepEqual(log.ids, ['m1', 'm2']);
    },
  },
  {
    name: 'publishes what another replica left behind, removal included',
    run: async (harness) => {
      const dead = await opened(harness);
      dead.log.failing = true;
      const revision = await dead.stations.create('a', value('one'), [message('m1')]);
      await dead.stations.remove('a', revision, [message('m2')]);
      await dead.stations.create('b', value('two'), [message('m3')]);
      const alive = await opened(harness, QUICK);
      await until('all is published', () => alive.log.ids.length === 3);
      deepEqual(
        alive.log.ids.filter((id) => id !== 'm3'),
        ['m1', 'm2'],
      );
      equal(await alive.stations.get('a'), undefined);
      equal((await alive.stations.get('b'))?.value.name, 'two');
    },
  },
  {
    name: 'carries what another replica left behind into its own change, before its own messages',
    run: async (harness) => {
      const dead = await opened(harness);
      dead.log.failing = true;
      await dead.stations.create('a', value('one'), [message('m1')]);
      const alive = await opened(harness);
      await mutate(alive.stations, 'a', () => ({
        do: 'write',
        value: value('two'),
        messages: [message('m2')],
        result: null,
      }));
      deepEqual(alive.log.all, ['m1', 'm2']);
    },
  },
  {
    name: 'publishes what another replica left behind before it calls a change done already',
    run: async (harness) => {
      const dead = await opened(harness);
      dead.log.failing = true;
      await dead.stations.create('a', value('one'), [message('m1'), message('m2')]);
      const alive = await opened(harness);
      const again = () => mutate(alive.stations, 'a', () => ({ do: 'nothing', result: null }));
      await again();
      deepEqual(alive.log.all, ['m1', 'm2']);
      await again();
      deepEqual(alive.log.all, ['m1', 'm2']);
      await alive.stations.publishPending('b');
    },
  },
  {
    name: 'keeps the revision of a document whose published messages were tidied away',
    run: async (harness) => {
      const { stations, log } = await opened(harness, QUICK);
      const revision = await stations.create('a', value('one'), [message('m1')]);
      // Eight times as long as it takes until they are tidied away.
      await sleep(400);
      equal((await stations.get('a'))?.revision, revision);
      const other = await opened(harness);
      equal((await other.stations.get('a'))?.revision, revision);
      await other.stations.update('a', revision, value('two'), [message('m2')]);
      deepEqual(other.log.all, ['m2']);
      await rejects(stations.update('a', revision, value('three')), code('conflict'));
      deepEqual(log.all, ['m1']);
    },
  },
  {
    name: 'tidies on a clean stop: the next replica publishes nothing again',
    run: async (harness) => {
      const first = await opened(harness);
      const revision = await first.stations.create('a', value('one'), [message('m1')]);
      await first.stations.remove('a', revision, [message('m2')]);
      await first.stations.create('b', value('two'), [message('m3')]);
      const dead = await opened(harness);
      dead.log.failing = true;
      await dead.stations.create('c', value('three'), [message('m4')]);
      await first.store.close();
      // Whoever finds what another left behind has looked through everything before it.
      const next = await opened(harness, QUICK);
      await until('what the dead one left is published', () => next.log.all.length > 0);
      deepEqual(next.log.ids, ['m4']);
      equal((await next.stations.get('b'))?.value.name, 'two');
    },
  },
  {
    name: 'brings older data into the present form, and refuses newer data',
    run: async (harness) => {
      const { store } = await opened(harness);
      const old = store.collection({ name: 'thing', schema: z.object({ title: z.string() }) });
      await old.create('a', { title: 'one' });
      const present = store.collection({
        name: 'thing',
        version: 2,
        schema: z.object({ name: z.string() }),
        upgrade: (data, from) => ({ name: `${(data as { title: string }).title} from ${from}` }),
      });
      equal((await present.get('a'))?.value.name, 'one from 1');
      await present.create('b', { name: 'two' });
      await rejects(old.get('b'), code('failed-precondition'));
    },
  },
  {
    name: 'refuses data and keys that do not fit, and writes nothing',
    run: async (harness) => {
      const { stations, log } = await opened(harness);
      await rejects(stations.create('a', { name: 1, size: 2 } as never, [message('m1')]), code('internal'));
      await rejects(stations.create('a b', value('x')), code('internal'));
      await rejects(stations.create('a.*', value('x')), code('internal'));
      await rejects(stations.list('a.>.b'), code('internal'));
      equal(await stations.get('a'), undefined);
      deepEqual(log.all, []);
    },
  },
  {
    name: 'answers its readiness check',
    run: async (harness) => {
      const { store } = await opened(harness);
      await store.check();
    },
  },
];
