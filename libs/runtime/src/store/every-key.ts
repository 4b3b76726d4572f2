import type { Documents } from './documents.js';

const PAGE = 1_000;

/** The keys of all documents that match a pattern, read a page at a time. */
export async function* everyKey(documents: Pick<Documents<unknown>, 'keys'>, pattern: string): AsyncGenerator<string> {
  for (let after: string | undefined; ;) {
    const page = await documents.keys(pattern, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield* page.keys;
    if (page.next === undefined) return;
    after = page.next;
  }
}
