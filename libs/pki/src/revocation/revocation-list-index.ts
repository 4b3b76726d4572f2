import { type DistinguishedName, nameKey } from '../names/index.js';
import type { RevocationList } from './revocation-list.js';

/** Lists by the name of their issuer, complete ones and deltas apart, newest first. The same list counts once. */
export class RevocationListIndex {
  readonly #complete = new Map<string, RevocationList[]>();
  readonly #deltas = new Map<string, RevocationList[]>();

  constructor(lists: Iterable<RevocationList>) {
    const seen = new Set<string>();
    for (const list of lists) {
      if (seen.has(list.fingerprint)) continue;
      seen.add(list.fingerprint);
      const lot = list.baseNumber === undefined ? this.#complete : this.#deltas;
      const key = nameKey(list.issuer);
      const named = lot.get(key);
      if (named === undefined) lot.set(key, [list]);
      else named.push(list);
    }
    for (const lot of [this.#complete, this.#deltas]) for (const named of lot.values()) named.sort(newestFirst);
  }

  /** Complete lists of an issuer. */
  complete(issuer: DistinguishedName): readonly RevocationList[] {
    return this.#complete.get(nameKey(issuer)) ?? [];
  }

  /** Deltas of an issuer. */
  deltas(issuer: DistinguishedName): readonly RevocationList[] {
    return this.#deltas.get(nameKey(issuer)) ?? [];
  }
}

function newestFirst(a: RevocationList, b: RevocationList): number {
  const byTime = b.thisUpdate.getTime() - a.thisUpdate.getTime();
  if (byTime !== 0) return byTime;
  const [left, right] = [a.number ?? -1n, b.number ?? -1n];
  return left === right ? 0 : left < right ? 1 : -1;
}
