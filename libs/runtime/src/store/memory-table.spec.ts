import { afterEach, describe, it } from '@jest/globals';
import { memoryStore } from '../testing/memory-store.js';
import { storeCases } from '../testing/store-cases.js';
import type { DocumentStore } from './documents.js';
import { MemoryRecords } from './memory-table.js';

describe('document store in memory', () => {
  const open: DocumentStore[] = [];

  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  });

  for (const { name, run } of storeCases) {
    it(name, async () => {
      const records = new MemoryRecords();
      await run({
        open: (publish, timing) => {
          const store = memoryStore({ records, publish, timing });
          open.push(store);
          return Promise.resolve(store);
        },
      });
    });
  }
});
