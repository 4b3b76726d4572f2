import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Batch, eachAtOnce } from './refresh-batch.js';

describe('a batch', () => {
  const gather = (write?: (items: readonly number[]) => Promise<void>) => {
    const written: number[][] = [];
    const batch = new Batch<number>({ items: 3, octets: 100, delayMs: 10 }, async (items) => {
      await write?.(items);
      written.push([...items]);
    });
    return { batch, written };
  };

  it('is written when time has passed, and each who added learns it', async () => {
    const { batch, written } = gather();
    await Promise.all([batch.add(1), batch.add(2)]);
    expect(written).toEqual([[1, 2]]);
  });

  it('is written at once when it is full, by number or by octets', async () => {
    const { batch, written } = gather();
    await Promise.all([batch.add(1), batch.add(2), batch.add(3), batch.add(4, 100), batch.add(5)]);
    expect(written).toEqual([[1, 2, 3], [4], [5]]);
  });

  it('is written after the one before it, however long that takes', async () => {
    const { batch, written } = gather(async ([first]) => {
      if (first === 1) await sleep(40);
    });
    const slow = batch.add(1, 100);
    await batch.add(2, 100);
    expect(written).toEqual([[1], [2]]);
    await slow;
  });

  it('fails for those whose items could not be written, and for no other', async () => {
    const { batch, written } = gather(async ([first]) => {
      await sleep(1);
      if (first === 1) throw new Error('no');
    });
    const outcomes = await Promise.allSettled([batch.add(1), batch.add(2), batch.add(9, 100), batch.add(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(written).toEqual([[3]]);
  });
});

describe('many things', () => {
  it('are done so many at once, until it is to stop', async () => {
    const stop = new AbortController();
    let [busy, busiest] = [0, 0];
    const done: number[] = [];
    await eachAtOnce(
      Array.from({ length: 50 }, (_, n) => n),
      4,
      stop.signal,
      async (n) => {
        busiest = Math.max(busiest, (busy += 1));
        await sleep(1);
        busy -= 1;
        done.push(n);
        if (n === 20) stop.abort();
      },
    );
    expect(busiest).toBe(4);
    expect(done.length).toBeLessThan(26);
  });
});
