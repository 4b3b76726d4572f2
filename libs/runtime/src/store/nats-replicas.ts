import { nuid } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { NatsBucket } from './nats-bucket.js';
import type { PendingWrites } from './pending-writes.js';

/** What replicas do for each other needs of a table. */
export interface ReplicasParts {
  readonly bucket: Pick<NatsBucket, 'read' | 'write' | 'pendingFrom'>;
  readonly pending: PendingWrites;
  readonly logger: Logger;
}

/** No collection has this name: theirs begin with a letter. */
const KEY = '_replicas';

/** By replica: how often its heart has beaten, and from where on it may have left something. */
const schema = z.record(z.string(), z.object({ beat: z.int(), low: z.int() }));
type Roll = z.infer<typeof schema>;

/** Replicas that write at the same moment try again; more than this are gone before the next beat. */
const ATTEMPTS = 10;
const BEATS_A_GRACE = 4;

/**
 * The replicas of a service, in one record of its bucket: each says that it lives, and from which sequence on it may have left
 * records with messages. Whose heart stands still is dead; the others look at the records from there on and strike it off.
 *
 * So what a killed process left costs a look at what was written since its last beats, and nothing at all while everybody lives. (A
 * consumer over the bucket would be shown every write, and nats-server 2.9 slows down tenfold under one when keys are overwritten.)
 */
export class NatsReplicas {
  readonly #parts: ReplicasParts;
  readonly #self = nuid.next();
  /** Since when, by our own clock, each of the others has not moved. */
  readonly #seen = new Map<string, { readonly beat: number; readonly since: number }>();
  #beat = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: ReplicasParts) {
    this.#parts = parts;
  }

  /** To be called before the first write: what is not on the roll is looked for by nobody. */
  async enter(): Promise<void> {
    await this.#change((roll) => this.#marked(roll));
  }

  /** Beats, looks after own records that were left open and after those of the dead. */
  start(graceMs: number, settle: (key: string) => Promise<void>): void {
    const { logger } = this.#parts;
    const again = () => {
      if (this.#closed) return;
      this.#timer = setTimeout(() => {
        this.#beating = this.#round(graceMs, settle)
          .catch((thrown: unknown) => logger.warn({ err: thrown }, 'replicas cannot be looked after now'))
          .finally(again);
      }, graceMs / BEATS_A_GRACE).unref();
    };
    again();
  }

  /** Leaves the roll, unless something is left for others to find. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
    if (!this.#parts.pending.empty) return;
    await this.#change(({ [this.#self]: _self, ...others }) => others).catch(() => undefined);
  }

  async #round(graceMs: number, settle: (key: string) => Promise<void>): Promise<void> {
    await this.#own(graceMs, settle);
    const roll = await this.#change((present) => this.#marked(present));
    const dead = this.#dead(roll, graceMs);
    if (dead.length === 0) return;
    const low = Math.min(...dead.map((id) => roll[id]?.low ?? 0));
    this.#parts.logger.info({ replicas: dead, from: low }, 'replicas are gone; looking for what they left');
    for await (const key of this.#parts.bucket.pendingFrom(low)) await settle(key);
    // One that was only slow has moved meanwhile, and stays.
    await this.#change((present) =>
      Object.fromEntries(
        Object.entries(present).filter(([id, { beat }]) => !dead.includes(id) || beat !== roll[id]?.beat),
      ),
    );
  }

  /** One that cannot be settled must not keep the others waiting, nor the heart from beating. */
  async #own(graceMs: number, settle: (key: string) => Promise<void>): Promise<void> {
    const { pending, logger } = this.#parts;
    for (const key of pending.ripe(graceMs)) {
      const before = performance.now();
      try {
        await settle(key);
        pending.settled(key, before);
      } catch (thrown) {
        logger.warn({ document: key, err: thrown }, 'messages of a document still cannot be published');
        return;
      }
    }
  }

  #marked(roll: Roll): Roll {
    this.#beat += 1;
    return { ...roll, [this.#self]: { beat: this.#beat, low: this.#parts.pending.low() } };
  }

  #dead(roll: Roll, graceMs: number): string[] {
    const now = performance.now();
    for (const id of this.#seen.keys()) if (!Object.hasOwn(roll, id)) this.#seen.delete(id);
    return Object.entries(roll)
      .filter(([id]) => id !== this.#self)
      .filter(([id, { beat }]) => {
        const seen = this.#seen.get(id);
        if (seen?.beat === beat) return now - seen.since >= graceMs;
        this.#seen.set(id, { beat, since: now });
        return false;
      })
      .map(([id]) => id);
  }

  async #change(change: (roll: Roll) => Roll): Promise<Roll> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const row = await this.#parts.bucket.read(KEY);
      const roll = change(row === undefined ? {} : schema.parse(row.data));
      const sequence = await this.#parts.bucket.write(KEY, row?.position, { version: 1, data: roll, outbox: [] });
      if (sequence === undefined) continue;
      this.#parts.pending.reached(sequence);
      return roll;
    }
    throw new Error('the roll of replicas is being changed by too many others');
  }
}
