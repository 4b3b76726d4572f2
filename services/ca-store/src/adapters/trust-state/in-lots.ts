/** Contents that are read or written side by side: thousands at once would wait for one another past their time. */
const AT_ONCE = 64;

/** Does the same for each, 64 at a time; the results in the same order. */
export async function inLots<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(act))));
  return results;
}
