import { CertlaneError } from '@certlane/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { memoryStore, type MemoryStore } from '../testing/memory-store.js';
import { mutate } from './mutate.js';

describe('mutate', () => {
  let store: MemoryStore;
  const counters = () => {
    store = memoryStore();
    return store.collection({ name: 'counter', schema: z.object({ n: z.int() }) });
  };

  afterEach(() => store.close());

  it('creates, updates, leaves alone and removes as was decided, and gives the result', async () => {
    const documents = counters();
    expect(
      await mutate(documents, 'a', (current) => ({ do: 'write', value: { n: 1 }, result: current })),
    ).toBeUndefined();
    expect(await mutate(documents, 'a', (current) => ({ do: 'write', value: { n: 2 }, result: current }))).toEqual({
      n: 1,
    });
    expect(await mutate(documents, 'a', (current) => ({ do: 'nothing', result: current }))).toEqual({ n: 2 });
    await mutate(documents, 'a', () => ({ do: 'remove', result: null }));
    expect(await documents.get('a')).toBeUndefined();
    await mutate(documents, 'a', () => ({ do: 'remove', result: null }));
  });

  it('decides again on what another writer wrote', async () => {
    const documents = counters();
    await documents.create('a', { n: 1 });
    const seen: (number | undefined)[] = [];
    const result = await mutate(documents, 'a', async (current) => {
      seen.push(current?.n);
      if (seen.length === 1) await documents.update('a', (await documents.get('a'))!.revision, { n: 10 });
      return { do: 'write', value: { n: (current?.n ?? 0) + 1 }, result: 'done' };
    });
    expect([seen, result, (await documents.get('a'))?.value.n]).toEqual([[1, 10], 'done', 11]);
  });

  it('decides again when another writer was the one to create', async () => {
    const documents = counters();
    const seen: (number | undefined)[] = [];
    await mutate(documents, 'a', async (current) => {
      seen.push(current?.n);
      if (seen.length === 1) await documents.create('a', { n: 5 });
      return { do: 'write', value: { n: 6 }, result: null };
    });
    expect(seen).toEqual([undefined, 5]);
  });

  it('gives up with a conflict when it loses again and again', async () => {
    const documents = counters();
    let attempts = 0;
    const lost = mutate(documents, 'a', async (current) => {
      attempts += 1;
      const present = await documents.get('a');
      if (present === undefined) await documents.create('a', { n: 0 });
      else await documents.update('a', present.revision, { n: present.value.n + 1 });
      return { do: 'write', value: { n: current?.n ?? 0 }, result: null };
    });
    await expect(lost).rejects.toMatchObject({ code: 'conflict', details: { attempts: 8 } });
    expect(attempts).toBe(8);
  });

  it('passes on what the decision refuses', async () => {
    const documents = counters();
    const refusal = new CertlaneError('failed-precondition', 'first do something else');
    await expect(mutate(documents, 'a', () => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});
