import {
  auditEntry,
  CertlaneError,
  toCertlaneError,
  type AuditPhase,
  type AuditSubject,
  type ServiceName,
} from '@certlane/contracts';
import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../service/clock.js';
import type { DocumentStore } from '../store/documents.js';
import { AuditBlocks } from './blocks.js';
import { boundedText, boundedValue } from './bounded-value.js';
import type { AuditBody } from './chain.js';
import { canonicalJson } from './canonical-json.js';
import { GroupCommit } from './group-commit.js';
import { listEntries, type EntryPage, type EntryQuery } from './list-entries.js';
import { verifyStretch, type Stretch, type StretchParts } from './verify-stretch.js';

/** What an act brought about. */
export interface AuditOutcome {
  /** Any JSON; it is cut to 8 KiB. Passwords and keys have no place in it: fields named like one read `changed`. */
  readonly after?: unknown;
  /** Serial numbers of the certificates concerned, hex. */
  readonly serialNumbers?: readonly string[] | undefined;
}

/** An act as a service tells it. */
export interface AuditDraft extends AuditOutcome {
  /** Who acts: `call.actor`, or `partner:<Odette ID>`; left out, the service itself. */
  readonly actor?: string | undefined;
  /** Dotted name, `certificate.take-over`. */
  readonly act: string;
  readonly about?: AuditSubject;
  /** As {@link AuditOutcome.after}. */
  readonly before?: unknown;
  readonly reason?: string | undefined;
}

/** An act and how far it is. */
export interface AuditRecord extends AuditDraft {
  readonly phase: AuditPhase;
  /** Number of the `intended` entry that this one closes. */
  readonly intent?: number | undefined;
}

/** What a trail is kept with. */
export interface AuditTrailParts {
  readonly store: DocumentStore;
  readonly service: ServiceName;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Far below what a document holds: an entry is checked by whoever reads its block. */
const BLOCK = { items: 256, octets: 400_000 };
/** Entries of an act may concern more certificates than anybody wants to read. */
const MAX_SERIAL_NUMBERS = 64;
const ATTEMPTS = 100;
const LONGEST_PAUSE_MS = 20;

/** An entry but for its place in the chain. */
const body = auditEntry.omit({ number: true, previous: true, hash: true });

/**
 * The audit trail of a service: who did what to what, in one chain of hashes over all its replicas ({@link auditEntry}).
 *
 * Whoever can write the store can write a whole new chain; noting `head` of a verification elsewhere is what shows it.
 */
export class AuditTrail {
  readonly #parts: AuditTrailParts;
  readonly #blocks: AuditBlocks;
  readonly #writer = new GroupCommit((bodies: readonly AuditBody[]) => this.#append(bodies), BLOCK);

  constructor(parts: AuditTrailParts) {
    this.#parts = parts;
    this.#blocks = new AuditBlocks(parts.store);
  }

  /**
   * Writes one entry.
   * @returns its number, as soon as the entry is stored
   * @throws {CertlaneError} `unavailable` when nobody knows whether it is; `internal` when it is no entry
   */
  async record(record: AuditRecord): Promise<number> {
    const entry = this.#body(record);
    return this.#writer.add(entry, Buffer.byteLength(canonicalJson(entry)) + 256);
  }

  /**
   * Does what cannot be taken back: writes that it is intended, does it, writes how it ended. A process that is killed in between
   * leaves an intent without an end, which {@link AuditTrail.verify} shows.
   * @param act gets the number of the `intended` entry; what it throws is written down and thrown on
   * @param told what the `done` entry says beside the draft
   * @throws {CertlaneError} `unavailable` when the intent could not be stored, and nothing was done; or when the end could not be stored
   *   although the act is done: the caller asks again, as it does when a reply is lost
   */
  async around<Result>(
    draft: AuditDraft,
    act: (intent: number) => Promise<Result>,
    told: (result: Result) => AuditOutcome = () => ({}),
  ): Promise<Result> {
    const intent = await this.record({ ...draft, phase: 'intended' });
    let result: Result;
    try {
      result = await act(intent);
    } catch (thrown) {
      await this.#failed(draft, intent, thrown);
      throw thrown;
    }
    await this.record({ ...draft, ...told(result), phase: 'done', intent });
    return result;
  }

  /**
   * Entries by number.
   * @throws {CertlaneError} `failed-precondition` when blocks of the trail are missing
   */
  list(query: EntryQuery): Promise<EntryPage> {
    return listEntries(this.#blocks, query);
  }

  /** Recomputes a stretch of the chain. */
  verify(stretch: Pick<StretchParts, 'after' | 'limit'>): Promise<Stretch> {
    return verifyStretch({ ...stretch, blocks: this.#blocks, service: this.#parts.service });
  }

  async #failed(draft: AuditDraft, intent: number, thrown: unknown): Promise<void> {
    const { code, message } = toCertlaneError(thrown).disclosed();
    try {
      await this.record({ ...draft, phase: 'failed', intent, reason: `${code}: ${message}` });
    } catch (unrecorded) {
      // The act's own error is the one the caller needs.
      const fields = { act: draft.act, intent, err: unrecorded };
      this.#parts.logger.warn(fields, 'that an act failed could not be written into the audit trail');
    }
  }

  async #append(bodies: readonly AuditBody[]): Promise<readonly number[]> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const entries = await this.#blocks.append(bodies);
      if (entries !== undefined) return entries.map(({ number }) => number);
      if (attempt > 1) await sleep(Math.random() * LONGEST_PAUSE_MS);
      await this.#blocks.head();
    }
    throw new CertlaneError('conflict', 'the audit trail is being written by too many others; send the request again');
  }

  #body(record: AuditRecord): AuditBody {
    const { service, clock } = this.#parts;
    const { phase, act, about = {}, actor, before, after, serialNumbers = [], reason, intent } = record;
    const parsed = body.safeParse({
      service,
      at: clock.now().toISOString(),
      actor: actor ?? `service:${service}`,
      act,
      phase,
      ...(intent === undefined ? {} : { intent }),
      about: boundedValue(about),
      ...(before === undefined ? {} : { before: boundedValue(before) }),
      ...(after === undefined ? {} : { after: boundedValue(after) }),
      serialNumbers: serialNumbers.slice(0, MAX_SERIAL_NUMBERS),
      ...(reason === undefined ? {} : { reason: boundedText(reason) }),
    });
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const message = `audit entry '${act}' does not fit at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}`;
    throw new CertlaneError('internal', message, { cause: parsed.error });
  }
}
