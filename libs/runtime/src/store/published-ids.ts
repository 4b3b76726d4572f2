/** Far more than wait in documents at any time; an id forgotten is published once more, which its stream drops. */
const KEPT = 100_000;

/** Ids of messages this process has published, the latest ones. */
export class PublishedIds {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= KEPT) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
