import { isCertlaneError } from '@certlane/contracts';
import { z } from 'zod';
import type { Clock } from '../service/clock.js';
import type { Ids } from '../service/ids.js';
import type { Documents, DocumentStore, Stored } from '../store/documents.js';
import { documentKey } from '../store/keys.js';

/** What a lease is kept with. */
export interface LeaseParts {
  readonly store: DocumentStore;
  /** What it is for, the same in all replicas. */
  readonly name: string;
  readonly clock: Clock;
  /** Makes the name of this holder, which no other may have. */
  readonly ids: Ids;
  /** Milliseconds that a lease runs unless it is renewed; 15,000 unless told. */
  readonly durationMs?: number;
  /** Milliseconds by which the clocks of two replicas may differ; 30,000 unless told. */
  readonly skewMs?: number;
}

const DURATION_MS = 15_000;
const SKEW_MS = 30_000;

const schema = z.strictObject({
  holder: z.string(),
  /** By the holder's clock. */
  until: z.iso.datetime(),
  durationMs: z.int().min(1),
});
type LeaseDocument = z.output<typeof schema>;

/**
 * A lease: one replica at a time holds it, and knows how long.
 *
 * The holder takes it as ended when its own clock says so, counted from before it asked. Others take it as free when it was given
 * back; when its end has passed by their own clock and more than the skew besides; or when they have seen it unchanged for longer than it runs,
 * by a clock that nobody sets, which is how a killed holder is followed soon. So two replicas hold it at once only if their clocks differ by
 * more than the skew. A process that was stopped and goes on may act for a moment before it finds out: what it writes must be compare-and-swap.
 */
export class Lease {
  readonly durationMs: number;
  readonly #parts: LeaseParts;
  readonly #skewMs: number;
  readonly #holder: string;
  readonly #key: string;
  readonly #documents: Documents<LeaseDocument>;
  /** Ours as it was last written. */
  #revision: string | undefined;
  /** Ends of what we hold: by `performance.now()`, and by the clock, which goes on while a machine sleeps. */
  #until = { monotonic: -Infinity, clock: -Infinity };
  /** Somebody else's, and since when it has not changed. */
  #seen: { readonly revision: string; readonly since: number } | undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    this.durationMs = parts.durationMs ?? DURATION_MS;
    this.#skewMs = parts.skewMs ?? SKEW_MS;
    this.#holder = parts.ids.next();
    this.#key = documentKey(parts.name);
    this.#documents = parts.store.collection({ name: 'lease', schema });
  }

  /** Milliseconds that are left of it; 0 or less when it is not ours. */
  get leftMs(): number {
    return Math.min(this.#until.monotonic - performance.now(), this.#until.clock - this.#parts.clock.now().getTime());
  }

  /**
   * Takes the lease where it is free, renews it where it is ours.
   * @returns whether it is ours for the whole of its duration, counted from the call
   * @throws {CertlaneError} `unavailable`; what was ours stays so until it ends
   */
  async take(): Promise<boolean> {
    const until = {
      monotonic: performance.now() + this.durationMs,
      clock: this.#parts.clock.now().getTime() + this.durationMs,
    };
    const taken = (await this.#renew(until.clock)) || (await this.#acquire(until.clock));
    this.#until = taken ? until : { monotonic: -Infinity, clock: -Infinity };
    return taken;
  }

  /**
   * Gives it back, where it is ours: others need not wait for its end.
   * @throws {CertlaneError} `unavailable`; then they have to
   */
  async release(): Promise<void> {
    this.#until = { monotonic: -Infinity, clock: -Infinity };
    const stored = await this.#documents.get(this.#key);
    this.#revision = undefined;
    if (stored?.value.holder !== this.#holder) return;
    await unlessLost(() => this.#documents.remove(this.#key, stored.revision));
  }

  async #renew(until: number): Promise<boolean> {
    const revision = this.#revision;
    if (revision === undefined || this.leftMs <= 0) return false;
    return this.#write(() => this.#documents.update(this.#key, revision, this.#document(until)));
  }

  async #acquire(until: number): Promise<boolean> {
    const stored = await this.#documents.get(this.#key);
    if (stored === undefined) return this.#write(() => this.#documents.create(this.#key, this.#document(until)));
    if (!this.#free(stored)) return false;
    return this.#write(() => this.#documents.update(this.#key, stored.revision, this.#document(until)));
  }

  /** A lease with our name is ours: a write whose answer was lost has made it. */
  #free({ value, revision }: Stored<LeaseDocument>): boolean {
    if (value.holder === this.#holder) return true;
    const now = performance.now();
    if (this.#seen?.revision !== revision) this.#seen = { revision, since: now };
    const ended = new Date(value.until).getTime() + this.#skewMs <= this.#parts.clock.now().getTime();
    return ended || now - this.#seen.since > value.durationMs;
  }

  async #write(write: () => Promise<string>): Promise<boolean> {
    const revision = await unlessLost(write);
    this.#revision = revision;
    return revision !== undefined;
  }

  #document(until: number): LeaseDocument {
    return { holder: this.#holder, until: new Date(until).toISOString(), durationMs: this.durationMs };
  }
}

async function unlessLost<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write();
  } catch (thrown) {
    if (isCertlaneError(thrown) && (thrown.code === 'conflict' || thrown.code === 'already-exists')) return undefined;
    throw thrown;
  }
}
