import { cloudEvent, encodeToken, streamNames, type CloudEvent } from '@certlane/contracts';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which events are wanted. */
export interface ReadEventsOptions {
  /** Only what concerns this partner (Odette ID). */
  readonly partner?: string;
  /** Stream sequence to begin at; the oldest event unless told. */
  readonly from?: number;
  /** Goes on when the log is read to its end, until this aborts; without it the end is the end. */
  readonly follow?: AbortSignal;
}

/** An event with its place in the log. */
export interface ReadEvent {
  readonly sequence: number;
  readonly subject: string;
  readonly event: CloudEvent;
}

/** A wake-up may be lost with a connection, or come before a follower has the event: so often the log is looked at without one. */
const LOOK_MS = 1_000;

/**
 * Reads the log of events in order, each once; with `follow` also those to come.
 *
 * Reads by direct get and needs no consumer: whoever may make consumers may point them at any subject of the account.
 */
export async function* readEvents(
  connection: NatsConnection,
  prefix: string,
  { partner, from = 1, follow }: ReadEventsOptions = {},
): AsyncGenerator<ReadEvent> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const stream = streamNames.events(prefix);
  const filter = partner === undefined ? `${prefix}.events.v1.>` : `${prefix}.events.v1.*.*.${encodeToken(partner)}`;
  const bell = new Bell();
  const subscription = follow && connection.subscribe(filter, { callback: () => bell.ring() });
  try {
    for (let next = from; ;) {
      const found = await nextEvent(manager, stream, next, filter);
      if (found !== undefined) {
        yield found;
        next = found.sequence + 1;
      } else if (follow === undefined || follow.aborted) return;
      else await bell.heard(follow);
    }
  } finally {
    subscription?.unsubscribe();
  }
}

async function nextEvent(
  manager: JetStreamManager,
  stream: string,
  seq: number,
  filter: string,
): Promise<ReadEvent | undefined> {
  const message = await manager.direct.getMessage(stream, { seq, next_by_subj: filter });
  if (message === null) return undefined;
  return { sequence: message.seq, subject: message.subject, event: cloudEvent.parse(message.json()) };
}

/** Tells that something came, also when it came before anybody listened. */
class Bell {
  #rung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves when it rings, after a while without, or when the signal aborts. */
  async heard(signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const rung = new Promise<void>((resolve) => (this.#wake = resolve));
      await Promise.race([rung, sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)]);
    }
    this.#rung = false;
  }
}
