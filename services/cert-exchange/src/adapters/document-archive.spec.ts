import { expect, it } from '@jest/globals';
import { createMessages, type DocumentStore } from '@certlane/runtime';
import { countingIds, fixedClock, MemoryRecords, memoryStore } from '@certlane/runtime/testing';
import { PAGE_ENTRIES, PAGES_KEPT } from '../domain/ledger/history.js';
import { ShowExchanges } from '../operations/show-exchanges.js';
import { finishedExchange as exchange } from '../testing/finished-exchange.js';
import { DocumentArchive } from './document-archive.js';
import { DocumentLedgers } from './document-ledgers.js';

/** What the steps that are cut off have to do with, and some before it. */
const NEWEST = 50;
const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };

const WRITES = new Set<string | symbol>(['create', 'update', 'remove']);

/** A replica whose process is killed before it writes a document for the so many-th time. */
function replica(records: MemoryRecords, writes = Infinity) {
  const store = memoryStore({ records });
  let left = writes;
  const mortal: Pick<DocumentStore, 'collection'> = {
    collection: (definition) =>
      new Proxy(store.collection(definition), {
        get: (documents, name) => {
          const method = Reflect.get(documents, name) as (...given: unknown[]) => unknown;
          return (...given: unknown[]): unknown => {
            if (WRITES.has(name) && (left -= 1) < 0) return Promise.reject(new Error('killed'));
            return Reflect.apply(method, documents, given);
          };
        },
      }),
  };
  const archive = new DocumentArchive(mortal as DocumentStore);
  const messages = createMessages({ prefix: 'certlane', clock: fixedClock(), ids: countingIds() });
  const ledgers = new DocumentLedgers(mortal as DocumentStore, archive, messages);
  return { store, archive, ledgers, killed: () => left < 0 };
}
type Replica = ReturnType<typeof replica>;

/** Ten exchanges begin and end; done again, what is done stays done. */
async function ten({ archive, ledgers }: Replica, from: number): Promise<void> {
  const records = Array.from({ length: 10 }, (_, index) => exchange(from + index));
  await ledgers.change(BETA, async (ledger) => {
    const over = await Promise.all(records.map(({ id }) => archive.get(BETA, id)));
    const begun = records.filter(
      ({ id }, index) => over[index] === undefined && ledger.open.every((open) => open.id !== id),
    );
    if (begun.length === 0) return { ledger, closed: [], events: [], result: undefined };
    return { ledger: { ...ledger, open: [...ledger.open, ...begun] }, closed: [], events: [], result: undefined };
  });
  await ledgers.change(BETA, (ledger) => {
    const closed = ledger.open.filter(({ id }) => records.some((record) => record.id === id));
    if (closed.length === 0) return { ledger, closed: [], events: [], result: undefined };
    const open = ledger.open.filter((record) => !closed.includes(record));
    return { ledger: { ...ledger, open }, closed, events: [], result: undefined };
  });
}

async function listed({ archive, ledgers }: Replica, filter: { partner?: string }, whole: boolean): Promise<number[]> {
  const shown = new ShowExchanges({ archive, ledgers });
  const numbers: number[] = [];
  for (let after: string | undefined; ;) {
    const { exchanges, next } = await shown.list({ ...filter, limit: whole ? 500 : NEWEST, after });
    numbers.push(...exchanges.map(({ message }) => Number(message.slice(7))));
    if (next === undefined || !whole) return numbers;
    after = next;
  }
}

it('loses nothing, doubles nothing and keeps nothing too long, wherever it is killed', async () => {
  const full = PAGE_ENTRIES * (PAGES_KEPT + 1);
  const before = new MemoryRecords();
  const filling = replica(before);
  for (let n = 0; n < full; n += 10) await ten(filling, n);
  await filling.store.close();

  let kills = 0;
  for (let writes = 0; ; writes += 1) {
    const records = new MemoryRecords();
    for (const [key, kept] of before.rows) records.rows.set(key, kept);
    records.last = before.last;
    const victim = replica(records, writes);
    await ten(victim, full).catch(() => undefined);
    await victim.store.close();
    if (!victim.killed()) break;
    kills += 1;
    const heir = replica(records);
    await ten(heir, full);
    await ten(heir, full + 10);
    const left = Array.from({ length: full + 20 - PAGE_ENTRIES }, (_, n) => full + 19 - n);
    const whole = writes % 50 === 0;
    const own = await listed(heir, { partner: BETA.partner }, whole);
    const all = await listed(heir, {}, whole);
    const expected = whole ? left : left.slice(0, NEWEST);
    expect([writes, own, all]).toEqual([writes, expected, expected]);
    const stored = (name: string) => [...records.rows.keys()].filter((key) => key.startsWith(`${name}.`));
    expect([stored('archive').length, stored('place').length]).toEqual([left.length, left.length]);
    await heir.store.close();
  }
  // Each of the notes, the exchanges themselves, the page that goes with all it names, and the ledger twice.
  expect(kills).toBeGreaterThan(2 * PAGE_ENTRIES + 20);
});
