import type { FetchedDocument, Fetcher, FetchRefusal, FetchRequest } from '../ports/fetcher.js';

/** How much is fetched side by side; everything has a default. */
export interface LaneLimits {
  /** Documents at once; 8 unless told. */
  readonly atOnce?: number;
  /** Of these from one host, so that a slow one holds up nobody else; 2 unless told. */
  readonly perHost?: number;
  /** Octets of a document that takes no lane for itself; 4 MiB unless told. Of larger ones there is one at a time. */
  readonly smallOctets?: number;
}

/**
 * {@link Fetcher} that bounds what all fetches of a process take together: the memory of a few small documents and one large one, and
 * the time that one host can take from the others.
 */
export class LanedFetch implements Fetcher {
  readonly #fetcher: Fetcher;
  readonly #small: Gate;
  readonly #large = new Gate(1);
  readonly #hosts = new Map<string, Gate>();
  readonly #perHost: number;
  readonly #smallOctets: number;

  constructor(fetcher: Fetcher, limits: LaneLimits = {}) {
    this.#fetcher = fetcher;
    this.#small = new Gate(limits.atOnce ?? 8);
    this.#perHost = limits.perHost ?? 2;
    this.#smallOctets = limits.smallOctets ?? 4 * 1_024 * 1_024;
  }

  async fetch(request: FetchRequest): Promise<FetchedDocument | FetchRefusal> {
    const { url, signal, maxOctets = Infinity } = request;
    return this.#ofHost(url, signal, async () => {
      const smallOctets = Math.min(maxOctets, this.#smallOctets);
      const small = await this.#small.through(signal, () =>
        this.#fetcher.fetch({ ...request, maxOctets: smallOctets }),
      );
      const isLarger = !small.ok && small.reason === 'size' && maxOctets > smallOctets;
      return isLarger ? this.#large.through(signal, () => this.#fetcher.fetch(request)) : small;
    }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
      return { ok: false, reason: 'aborted', message: `${url.slice(0, 200)}: it is no longer wanted` };
    });
  }

  async #ofHost<T>(url: string, signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    const host = URL.parse(url)?.host ?? '';
    const gate = this.#hosts.get(host) ?? new Gate(this.#perHost);
    this.#hosts.set(host, gate);
    try {
      return await gate.through(signal, act);
    } finally {
      if (gate.isIdle) this.#hosts.delete(host);
    }
  }
}

/** Lets so many in at once; the others wait in their order. */
class Gate {
  #free: number;
  readonly #places: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
    this.#places = places;
  }

  get isIdle(): boolean {
    return this.#free === this.#places && this.#waiting.size === 0;
  }

  /** @throws the reason of the signal when that is aborted before it is our turn */
  async through<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(enter);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** The place goes to the next one without becoming free, so that nobody can come in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
