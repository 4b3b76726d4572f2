import type { Documents } from '@certlane/runtime';

/** The store gives so many documents a page at most. */
const PAGE = 1000;

/** All documents that match, in order of keys: for collections that are small by nature. */
export async function everyDocument<Value>(documents: Documents<Value>, pattern: string): Promise<Value[]> {
  const values: Value[] = [];
  for (let after: string | undefined; ;) {
    const page = await documents.list(pattern, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    values.push(...page.documents.map(({ value }) => value));
    if (page.next === undefined) return values;
    after = page.next;
  }
}
