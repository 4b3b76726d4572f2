import { ca, PAGE_OCTETS } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Bus } from './bus.js';
import { cutPage, everyEntry } from './pages.js';
import { MAX_BODY_OCTETS } from './wire.js';

const entries = (count: number, text = ''): { id: string; text: string }[] =>
  Array.from({ length: count }, (_, n) => ({ id: String(n), text }));
const place = ({ id }: { id: string }) => id;
const half = 'x'.repeat(PAGE_OCTETS / 2);
const large = 'x'.repeat(PAGE_OCTETS * 1.5);
/** Three octets a character. */
const wide = '証'.repeat(PAGE_OCTETS / 6);

describe('a page', () => {
  it.each([
    ['all there are', entries(3), 5, undefined, 3, undefined],
    ['none', [], 5, undefined, 0, undefined],
    ['none, with more behind them', [], 5, '9', 0, '9'],
    ['all there are, with more behind them', entries(3), 3, '9', 3, '9'],
    ['as many as are asked for', entries(5), 3, undefined, 3, '2'],
    ['as many as fit', entries(5, half), 3, '9', 1, '0'],
    ['as many as fit, in octets', entries(5, wide), 3, undefined, 1, '0'],
    ['one that is larger than a page', entries(2, large), 3, undefined, 1, '0'],
  ])('holds %s', (_what, given, limit, next, count, then) => {
    const page = cutPage(given, { limit, place, next });
    expect([page.entries.length, page.next]).toEqual([count, then]);
  });

  it('with an entry as large as a page fits into a reply', () => {
    expect(Buffer.byteLength(JSON.stringify(cutPage(entries(9, half), { limit: 9, place })))).toBeLessThan(
      MAX_BODY_OCTETS,
    );
  });
});

describe('a whole list', () => {
  /** A service with these places where pages begin, the last of which is said again and again. */
  const bus = (asked: unknown[], next: (after: string | undefined) => string | undefined): Bus =>
    ({
      request: (_contract: unknown, input: { after?: string }) => {
        asked.push(input);
        return Promise.resolve({
          issuers: [],
          ...(next(input.after) === undefined ? {} : { next: next(input.after) }),
        });
      },
    }) as unknown as Bus;

  it('is read until a page is the last, even past empty ones', async () => {
    const asked: unknown[] = [];
    const pages = bus(asked, (after) => (after === undefined ? 'a' : after === 'a' ? 'b' : undefined));
    await everyEntry(pages, ca.issuerList, { limit: 7 }, ({ issuers }) => issuers);
    expect(asked).toEqual([{ limit: 7 }, { limit: 7, after: 'a' }, { limit: 7, after: 'b' }]);
  });

  it('that comes to no end is given up', async () => {
    const endless = bus([], () => 'a');
    await expect(everyEntry(endless, ca.issuerList, {}, ({ issuers }) => issuers)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('again and again'),
    });
  });
});
