/** Names of pages by their number; empty pages have none. */
export type PageNames = Readonly<Record<string, string>>;

/** A page in memory: its name, and its entries by their key. */
export interface Page<Entry> {
  readonly name: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The pages of one kind, by their number. */
export type Pages<Entry> = ReadonlyMap<string, Page<Entry>>;

/** The number of the page that holds a key of 64 hex digits: its first six bits, so that there are 64 pages of each kind. */
export const pageOf = (key: string): string => String(Number.parseInt(key.slice(0, 2), 16) >> 2);

/** All entries of all pages, by their keys. */
export function entriesOf<Entry>(pages: Pages<Entry>): ReadonlyMap<string, Entry> {
  const all = new Map<string, Entry>();
  for (const { entries } of pages.values()) for (const [key, entry] of entries) all.set(key, entry);
  return all;
}

/** How entries of one kind are kept. */
export interface PageKind<Entry, Stored> {
  readonly keyOf: (entry: Entry) => string;
  readonly store: (entry: Entry) => Stored;
}

/** Pages with an edit applied; those it does not touch are the same objects. */
export interface EditedPages<Entry> {
  readonly pages: Pages<Entry>;
  /** The contents to keep, one for each page that is new. */
  readonly written: readonly Uint8Array[];
}

/**
 * Applies an edit.
 * @param nameOf the name of a content
 */
export function editPages<Entry, Stored>(
  pages: Pages<Entry>,
  { put = [], remove = [] }: { readonly put?: readonly Entry[]; readonly remove?: readonly string[] },
  { keyOf, store }: PageKind<Entry, Stored>,
  nameOf: (octets: Uint8Array) => string,
): EditedPages<Entry> {
  const touched = new Map<string, Map<string, Entry>>();
  const page = (key: string): Map<string, Entry> => {
    const number = pageOf(key);
    const open = touched.get(number) ?? new Map(pages.get(number)?.entries);
    touched.set(number, open);
    return open;
  };
  for (const key of remove) page(key).delete(key);
  for (const entry of put) page(keyOf(entry)).set(keyOf(entry), entry);
  const result = new Map(pages);
  const written: Uint8Array[] = [];
  for (const [number, entries] of touched) {
    if (entries.size === 0) {
      result.delete(number);
      continue;
    }
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const octets = Buffer.from(JSON.stringify(sorted.map(([, entry]) => store(entry))));
    const name = nameOf(octets);
    if (name === pages.get(number)?.name) continue;
    written.push(octets);
    result.set(number, { name, entries: new Map(sorted) });
  }
  return { pages: result, written };
}

/** The names of pages, as the manifest has them. */
export const namesOf = (pages: Pages<unknown>): Record<string, string> =>
  Object.fromEntries([...pages].map(([number, { name }]) => [number, name]));
