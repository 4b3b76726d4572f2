import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, nameKey } from '../names/index.js';

/** Issuers by their name, kept where thousands of them are asked again and again. The same certificate counts once. */
export class IssuerIndex {
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #byFingerprint = new Map<string, Certificate>();

  constructor(issuers: Iterable<Certificate> = []) {
    for (const issuer of issuers) this.add(issuer);
  }

  /** How many there are. */
  get size(): number {
    return this.#byFingerprint.size;
  }

  /** Fingerprints of all, in the order in which they came. */
  fingerprints(): readonly string[] {
    return [...this.#byFingerprint.keys()];
  }

  add(issuer: Certificate): void {
    if (this.has(issuer)) return;
    this.#byFingerprint.set(issuer.fingerprint, issuer);
    const name = nameKey(issuer.subject);
    const named = this.#bySubject.get(name);
    if (named === undefined) this.#bySubject.set(name, [issuer]);
    else named.push(issuer);
  }

  /** Takes one out; one that is not there is no matter. */
  delete(fingerprint: string): void {
    const issuer = this.#byFingerprint.get(fingerprint);
    if (issuer === undefined) return;
    this.#byFingerprint.delete(fingerprint);
    const others = this.named(issuer.subject).filter((one) => one !== issuer);
    if (others.length === 0) this.#bySubject.delete(nameKey(issuer.subject));
    else this.#bySubject.set(nameKey(issuer.subject), others);
  }

  /** Whether this very certificate is one of them. */
  has({ fingerprint }: Pick<Certificate, 'fingerprint'>): boolean {
    return this.#byFingerprint.has(fingerprint);
  }

  /** The one with this fingerprint. */
  get(fingerprint: string): Certificate | undefined {
    return this.#byFingerprint.get(fingerprint);
  }

  /** Those of this name, in the order in which they came. */
  named(name: DistinguishedName): readonly Certificate[] {
    return this.#bySubject.get(nameKey(name)) ?? [];
  }
}
