import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Exchange, PartnerRef } from '@certlane/contracts';
import { createMessages } from '@certlane/runtime';
import { countingIds, fixedClock, MemoryRecords, memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { DocumentArchive } from '../adapters/document-archive.js';
import { DocumentLedgers } from '../adapters/document-ledgers.js';
import { PAGE_ENTRIES, PAGES_KEPT } from '../domain/ledger/history.js';
import type { ExchangeRecord } from '../domain/ledger/record.js';
import { ShowExchanges } from './show-exchanges.js';

const BEGINNING = Date.parse('2026-03-01T00:00:00.000Z');
const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const GAMMA = { station: 'O0013ACME', partner: 'O0177GAMMA' };
const ELSEWHERE = { station: 'O0942BIGCAR', partner: 'O0177BETA' };

/** An exchange that begins so many milliseconds after the first. */
function exchange(number: number, state: ExchangeRecord['state'] = 'received'): ExchangeRecord {
  const at = new Date(BEGINNING + number).toISOString();
  return {
    id: `in-${number.toString(16).padStart(24, '0')}`,
    direction: 'inbound',
    kind: 'deliver',
    state,
    file: {
      datasetName: 'ODETTE_CERTIFICATE_DELIVER',
      date: '20260301',
      time: '1200000001',
      originator: 'a',
      destination: 'b',
    },
    description: '',
    octets: 'AAAA',
    usages: [],
    message: `number ${number}`,
    checks: [],
    answered: false,
    attempts: 0,
    createdAt: at,
    updatedAt: at,
  };
}

let store: MemoryStore;
let records: MemoryRecords;
let archive: DocumentArchive;
let ledgers: DocumentLedgers;
let shown: ShowExchanges;

beforeEach(() => {
  records = new MemoryRecords();
  replica();
});
afterEach(() => store.close());

/** A replica that remembers nothing. */
function replica(): void {
  store = memoryStore({ records });
  archive = new DocumentArchive(store);
  ledgers = new DocumentLedgers(
    store,
    archive,
    createMessages({ prefix: 'certlane', clock: fixedClock(), ids: countingIds() }),
  );
  shown = new ShowExchanges({ ledgers, archive });
}

const begin = (ref: PartnerRef, ...begun: ExchangeRecord[]): Promise<void> =>
  ledgers.change(ref, (ledger) => ({
    ledger: { ...ledger, open: [...ledger.open, ...begun] },
    closed: [],
    events: [],
    result: undefined,
  }));
const end = (ref: PartnerRef, ...ended: ExchangeRecord[]): Promise<void> =>
  ledgers.change(ref, (ledger) => ({
    ledger: { ...ledger, open: ledger.open.filter(({ id }) => !ended.some((one) => one.id === id)) },
    closed: ended,
    events: [],
    result: undefined,
  }));
const numbers = (exchanges: readonly Exchange[]): number[] => exchanges.map(({ message }) => Number(message.slice(7)));

/** Pages until the last. */
async function pages(request: { station?: string; partner?: string }, limit: number): Promise<number[][]> {
  const found: number[][] = [];
  for (let after: string | undefined; ;) {
    const { exchanges, next } = await shown.list({ ...request, limit, after });
    found.push(numbers(exchanges));
    if (next === undefined) return found;
    after = next;
  }
}

describe('ShowExchanges', () => {
  it('finds an exchange by its id, open and over, and none that never was', async () => {
    await begin(BETA, exchange(1));
    expect(await shown.get(exchange(1).id)).toMatchObject({ ...BETA, state: 'received' });
    await end(BETA, { ...exchange(1, 'refused'), answered: true });
    expect(await shown.get(exchange(1).id)).toMatchObject({ ...BETA, state: 'refused', answered: true });
    await expect(shown.get(exchange(2).id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(shown.get('no * such. id')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists all, newest first, whoever they belong to', async () => {
    await begin(BETA, exchange(1), exchange(2));
    await begin(GAMMA, exchange(3));
    await begin(ELSEWHERE, exchange(4));
    await end(BETA, exchange(1, 'refused'));
    expect(await pages({}, 3)).toEqual([[4, 3, 2], [1]]);
    expect(await pages({ station: BETA.station }, 2)).toEqual([[3, 2], [1]]);
    expect(await pages({ partner: BETA.partner }, 2)).toEqual([[4, 2], [1]]);
    expect(await pages(BETA, 50)).toEqual([[2, 1]]);
    expect(await pages({ station: 'O0000NOBODY' }, 50)).toEqual([[]]);
    expect(await pages({ partner: 'O0000NOBODY' }, 50)).toEqual([[]]);
  });

  it('goes through hundreds page by page, each once, while others come', async () => {
    for (let n = 0; n < 600; n += 1) {
      const ref = n % 3 === 0 ? GAMMA : BETA;
      await begin(ref, exchange(n));
      if (n % 5 !== 0 || n < 500) await end(ref, exchange(n, 'accepted'));
    }
    const all = Array.from({ length: 600 }, (_, n) => 599 - n);
    const first = await shown.list({ limit: 70 });
    await begin(BETA, exchange(1_000));
    const rest = [numbers(first.exchanges)];
    for (let { next } = first; next !== undefined;) {
      const page = await shown.list({ limit: 70, after: next });
      rest.push(numbers(page.exchanges));
      ({ next } = page);
    }
    expect(rest.map(({ length }) => length)).toEqual([70, 70, 70, 70, 70, 70, 70, 70, 40]);
    expect(rest.flat()).toEqual(all);
    expect((await pages(GAMMA, 70)).flat()).toEqual(all.filter((n) => n % 3 === 0));
  });

  it('shows one that came again as open, and once', async () => {
    await begin(BETA, exchange(1));
    await end(BETA, { ...exchange(1, 'accepted'), answered: true });
    await begin(BETA, { ...exchange(1, 'accepted'), updatedAt: new Date(BEGINNING + 50).toISOString() });
    expect(await shown.get(exchange(1).id)).toMatchObject({ answered: false });
    for (const filter of [{}, BETA]) {
      const { exchanges } = await shown.list({ ...filter, limit: 50 });
      expect(exchanges).toMatchObject([{ id: exchange(1).id, answered: false }]);
    }
    await end(BETA, { ...exchange(1, 'accepted'), answered: true, updatedAt: new Date(BEGINNING + 99).toISOString() });
    expect(await pages({}, 50)).toEqual([[1]]);
    expect(await pages(BETA, 50)).toEqual([[1]]);
  });

  it('passes over what was noted and never began, and what began anew after that', async () => {
    await archive.enter([exchange(1), exchange(2)].map((one) => ({ ...BETA, ...one })));
    const late = { ...exchange(2), createdAt: exchange(7).createdAt };
    await begin(BETA, late);
    expect(await pages({}, 50)).toEqual([[2]]);
    await expect(shown.get(exchange(1).id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('keeps the last thousand of a partner, and leaves nothing of the others', async () => {
    const kept = PAGE_ENTRIES * PAGES_KEPT;
    const many = kept + 5 * PAGE_ENTRIES;
    for (let n = 0; n < many; n += 10) {
      const ten = Array.from({ length: 10 }, (_, index) => exchange(n + index));
      await begin(BETA, ...ten);
      await end(BETA, ...ten.map((one) => ({ ...one, state: 'accepted' as const })));
    }
    await begin(GAMMA, exchange(900_000));
    await end(GAMMA, exchange(900_000, 'accepted'));
    const listed = (await pages(BETA, 500)).flat();
    expect(listed).toEqual(Array.from({ length: listed.length }, (_, n) => many - 1 - n));
    expect(listed.length).toBeGreaterThanOrEqual(kept);
    expect(listed.length).toBeLessThanOrEqual(kept + 2 * PAGE_ENTRIES);
    expect((await pages({}, 500)).flat()).toEqual([900_000, ...listed]);
    const stored = [...records.rows.keys()].filter((key) => /^(?:archive|place)\./.test(key));
    expect(stored).toHaveLength(2 * (listed.length + 1));
    await expect(shown.get(exchange(0).id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lets one that was taken up again go with its later end', async () => {
    const pass = async (from: number, count: number) => {
      for (let n = from; n < from + count; n += 10) {
        const ten = Array.from({ length: 10 }, (_, index) => exchange(n + index));
        await begin(BETA, ...ten);
        await end(BETA, ...ten.map((one) => ({ ...one, state: 'accepted' as const })));
      }
    };
    await begin(BETA, exchange(0));
    await end(BETA, exchange(0, 'accepted'));
    await pass(10, PAGE_ENTRIES);
    const again = { ...exchange(0, 'accepted'), updatedAt: exchange(90).createdAt };
    await begin(BETA, again);
    await end(BETA, again);
    // The page of its first end is gone, that of its second is not.
    await pass(100, PAGE_ENTRIES * PAGES_KEPT + 10);
    await expect(shown.get(exchange(10).id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await shown.get(exchange(0).id)).toMatchObject({ state: 'accepted', updatedAt: again.updatedAt });
    await pass(5_000, PAGE_ENTRIES);
    await expect(shown.get(exchange(0).id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses a cursor that no page gave', async () => {
    for (const after of ['x', '2026-03-01T00:00:00.000Z', '2026-99-01T00:00:00.000Z in-1']) {
      await expect(shown.list({ limit: 1, after })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});
