import { expect, it } from '@jest/globals';
import { createLogger, createMessages, documentKey, type DocumentStore } from '@certlane/runtime';
import { countingIds, fixedClock, MemoryRecords, memoryStore } from '@certlane/runtime/testing';
import { z } from 'zod';
import { emptyLedger } from '../domain/ledger/record.js';
import { ShowExchanges } from '../operations/show-exchanges.js';
import { finishedExchange as exchange } from '../testing/finished-exchange.js';
import { ArchiveUpgrade } from './archive-upgrade.js';
import { DocumentArchive } from './document-archive.js';
import { DocumentLedgers } from './document-ledgers.js';

const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const GAMMA = { station: 'O0013ACME', partner: 'O0177GAMMA' };
const COUNT = 1_200;

/** A store as version 0.1 left it, and the service over it. */
async function formerStore() {
  const store = memoryStore({ records: new MemoryRecords() });
  const archived = store.collection({ name: 'archive', schema: z.unknown() });
  for (let n = 0; n < COUNT; n += 1) {
    await archived.create(documentKey(BETA.partner, BETA.station, exchange(n).id), { ...BETA, record: exchange(n) });
  }
  const late = exchange(COUNT + 1);
  await archived.create(documentKey(GAMMA.partner, GAMMA.station, late.id), { ...GAMMA, record: late });
  const open = { ...emptyLedger(BETA.station, BETA.partner), open: [exchange(COUNT)] };
  await store.collection({ name: 'ledger', schema: z.unknown() }).create(documentKey(BETA.partner, BETA.station), open);

  const archive = new DocumentArchive(store);
  const ledgers = new DocumentLedgers(
    store,
    archive,
    createMessages({ prefix: 'certlane', clock: fixedClock(), ids: countingIds() }),
  );
  const logger = createLogger({ service: 'cert-exchange', instance: 'test', level: 'silent' });
  const upgrade = new ArchiveUpgrade(store, { archive, ledgers, logger });
  const shown = new ShowExchanges({ ledgers, archive });
  const numbers = async (request: { partner?: string }): Promise<number[]> => {
    const found: number[] = [];
    for (let after: string | undefined; ;) {
      const { exchanges, next } = await shown.list({ ...request, limit: 500, after });
      found.push(...exchanges.map(({ message }) => Number(message.slice(7))));
      if (next === undefined) return found;
      after = next;
    }
  };
  return { store, archive, upgrade, shown, numbers };
}

const newest = Array.from({ length: 1_000 }, (_, n) => COUNT - 1 - n);

it('puts what version 0.1 stored in order, however often it is begun', async () => {
  const { store, archive, upgrade, shown, numbers } = await formerStore();
  expect(await shown.get(exchange(COUNT - 1).id)).toMatchObject(BETA);
  expect(await archive.get(BETA, exchange(3).id)).toMatchObject({ id: exchange(3).id });

  await upgrade.run();
  await forgetMarker(store);
  await upgrade.run();
  await upgrade.run();

  expect(await numbers({})).toEqual([COUNT + 1, COUNT, ...newest]);
  expect(await numbers({ partner: BETA.partner })).toEqual([COUNT, ...newest]);
  expect(await numbers({ partner: GAMMA.partner })).toEqual([COUNT + 1]);
  for (const n of [200, COUNT - 1, COUNT]) expect(await shown.get(exchange(n).id)).toMatchObject(BETA);
  await expect(shown.get(exchange(199).id)).rejects.toMatchObject({ code: 'not-found' });
  await store.close();
});

it('bears being done by two replicas at once', async () => {
  const { store, upgrade, numbers } = await formerStore();
  await Promise.all([upgrade.run(), upgrade.run()]);
  const listed = await numbers({});
  expect([listed.length, new Set(listed).size]).toEqual([1_002, 1_002]);
  expect(await numbers({ partner: BETA.partner })).toEqual([COUNT, ...newest]);
  await store.close();
});

async function forgetMarker(store: DocumentStore): Promise<void> {
  const markers = store.collection({ name: 'upgrade', schema: z.unknown() });
  const { documents } = await markers.list('>');
  for (const { key, revision } of documents) await markers.remove(key, revision);
}
