import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, nameKey } from '../names/index.js';

/** Issuers by their name, made once where thousands of them are asked again and again. The same certificate counts once. */
export class IssuerIndex {
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #fingerprints = new Set<string>();

  constructor(issuers: Iterable<Certificate>) {
    for (const issuer of issuers) {
      if (this.#fingerprints.has(issuer.fingerprint)) continue;
      this.#fingerprints.add(issuer.fingerprint);
      const name = nameKey(issuer.subject);
      const named = this.#bySubject.get(name);
      if (named === undefined) this.#bySubject.set(name, [issuer]);
      else named.push(issuer);
    }
  }

  /** How many there are. */
  get size(): number {
    return this.#fingerprints.size;
  }

  /** Whether this very certificate is one of them. */
  has({ fingerprint }: Pick<Certificate, 'fingerprint'>): boolean {
    return this.#fingerprints.has(fingerprint);
  }

  /** Those of this name, in the order in which they came. */
  named(name: DistinguishedName): readonly Certificate[] {
    return this.#bySubject.get(nameKey(name)) ?? [];
  }
}
