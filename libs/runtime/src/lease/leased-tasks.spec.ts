import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { systemClock } from '../service/clock.js';
import { TimeOrderedIds } from '../service/ids.js';
import { memoryStore, type MemoryStore } from '../testing/memory-store.js';
import { MemoryRecords } from '../store/memory-table.js';
import { until } from '../testing/until.js';
import { LeasedTasks } from './leased-tasks.js';

const EVERY_MS = 20;

describe('the tasks of a service', () => {
  const records = new MemoryRecords();
  const opened: { tasks: LeasedTasks; store: MemoryStore }[] = [];
  const replica = (): LeasedTasks => {
    const store = memoryStore({ records });
    const ids = new TimeOrderedIds();
    const tasks = new LeasedTasks({ store, clock: systemClock, ids, logger: pino({ level: 'silent' }) });
    opened.push({ tasks, store });
    return tasks;
  };

  afterEach(async () => {
    await Promise.all(opened.map(({ tasks }) => tasks.onModuleDestroy()));
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
  });

  it('run in one replica each, from the begin of the service to its end', async () => {
    const runs: string[] = [];
    const [first, second] = [replica(), replica()];
    const work = (name: string) => () => {
      runs.push(name);
      return Promise.resolve();
    };
    const held = first.add({ name: 'refresh', everyMs: EVERY_MS, work: work('refresh of the first') });
    first.add({ name: 'sweep', everyMs: EVERY_MS, work: work('sweep of the first') });
    const waits = second.add({ name: 'refresh', everyMs: EVERY_MS, work: work('refresh of the second') });
    expect([held.held, runs]).toEqual([false, []]);

    first.onApplicationBootstrap();
    await until('both of its tasks run', () => new Set(runs).size === 2);
    expect([held.held, waits.held]).toEqual([true, false]);

    second.onApplicationBootstrap();
    await first.onModuleDestroy();
    await until('the other replica goes on', () => runs.includes('refresh of the second'));
    expect([held.held, waits.held]).toEqual([false, true]);
    const ofTheFirst = runs.filter((run) => run.endsWith('first')).length;
    await until('it runs again', () => runs.filter((run) => run === 'refresh of the second').length > 2);
    expect(runs.filter((run) => run.endsWith('first'))).toHaveLength(ofTheFirst);
  });
});
