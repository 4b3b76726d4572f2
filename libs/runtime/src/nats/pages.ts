import {
  CertlaneError,
  PAGE_OCTETS,
  type ParsedReplyOf,
  type RequestContract,
  type RequestOf,
} from '@certlane/contracts';
import type { z } from 'zod';
import type { Bus } from './bus.js';

/** A request whose reply is a page of a list. */
export type PagedContract = RequestContract<
  z.ZodType<{ after?: string | undefined }, { after?: string | undefined }>,
  z.ZodType<{ next?: string | undefined }, { next?: string | undefined }>
>;

/** What a page is cut by. */
export interface PageCut<Entry> {
  /** Entries at most. */
  readonly limit: number;
  /** Where the page behind an entry begins. */
  readonly place: (entry: Entry) => string;
  /** Where the page behind all of the entries begins; absent where nothing is behind them. */
  readonly next?: string | undefined;
}

/** A page as a handler answers with it. */
export interface CutPage<Entry> {
  readonly entries: Entry[];
  readonly next?: string;
}

/**
 * As many of the entries as one reply holds, the first in any case: `limit` of them, and no more than PAGE_OCTETS as JSON.
 * @param entries in the order of the list; the first ones behind `after` that the caller asked for
 */
export function cutPage<Entry>(entries: readonly Entry[], { limit, place, next }: PageCut<Entry>): CutPage<Entry> {
  let octets = 0;
  let count = 0;
  for (const entry of entries) {
    octets += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (count === limit || (count > 0 && octets > PAGE_OCTETS)) break;
    count += 1;
  }
  const last = entries[count - 1];
  const rest = count < entries.length && last !== undefined ? place(last) : next;
  return { entries: entries.slice(0, count), ...(rest === undefined ? {} : { next: rest }) };
}

/**
 * The pages of a list, one after the other.
 * @throws {CertlaneError} what {@link Bus.request} throws; `internal` when the service does not come to an end
 */
export async function* eachPage<C extends PagedContract>(
  bus: Bus,
  contract: C,
  input: Omit<RequestOf<C>, 'after'>,
): AsyncGenerator<ParsedReplyOf<C>> {
  let after: string | undefined;
  do {
    const page = await bus.request(contract, { ...input, ...(after === undefined ? {} : { after }) } as RequestOf<C>);
    yield page;
    const { next } = page as { next?: string | undefined };
    if (next !== undefined && next === after) {
      throw new CertlaneError(
        'internal',
        `${contract.service} gives the same page of '${contract.name}' again and again`,
      );
    }
    after = next;
  } while (after !== undefined);
}

/**
 * A whole list, read a page at a time.
 * @param entriesOf the entries of one page
 */
export async function everyEntry<C extends PagedContract, Entry>(
  bus: Bus,
  contract: C,
  input: Omit<RequestOf<C>, 'after'>,
  entriesOf: (page: ParsedReplyOf<C>) => readonly Entry[],
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const page of eachPage(bus, contract, input)) entries.push(...entriesOf(page));
  return entries;
}

/** The refusal of an `after` that no page ever gave as `next`. */
export function unknownPage(after: string): CertlaneError {
  return new CertlaneError(
    'invalid-argument',
    `after: "${after}" is not the "next" of a page; leave it out to begin anew`,
    { details: { field: 'after' } },
  );
}
