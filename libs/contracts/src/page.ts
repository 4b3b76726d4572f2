import { z } from 'zod';

/**
 * Octets of JSON that the entries of one page take at most; a single entry that is larger is a page of its own. Two pages fit
 * into a reply, whose body has 1,000,000 octets at most.
 */
export const PAGE_OCTETS = 500_000;

/**
 * The part of a page that a caller asks for. Every list is read in this way: ask again with `after` set to `next` of the page
 * before until a page has none. An entry that is there from the first page to the last is in one of them, whatever is added,
 * changed or removed meanwhile.
 * @param usual entries where the caller does not say
 * @param most entries a caller may ask for
 */
export function pageRequest(usual: number, most: number) {
  return {
    /** Entries at most. A page may hold fewer, even none, and still not be the last. */
    limit: z.int().min(1).max(most).default(usual),
    /** `next` of the page before. */
    after: z.string().min(1).max(512).optional(),
  };
}

/** What a page tells beside its entries. */
export const pageReply = {
  /** Where the next page begins; absent on the last one. */
  next: z.string().max(512).optional(),
};
