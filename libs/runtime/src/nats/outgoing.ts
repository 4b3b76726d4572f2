import type { MsgHdrs, NatsConnection } from '@nats-io/nats-core';

/** A message to be sent. */
export interface OutgoingMessage {
  readonly subject: string;
  readonly payload: string | Uint8Array;
  readonly reply?: string;
  readonly headers?: MsgHdrs;
}

/**
 * Messages of one turn of the event loop, sent together at its end.
 *
 * The client writes to its socket after every microtask that published something; answers come out of promises one microtask
 * after the other, so each would cost a system call, and one for the server as well.
 */
export class Outgoing {
  readonly #connection: NatsConnection;
  #messages: OutgoingMessage[] = [];
  readonly #flush = () => this.flush();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  add(message: OutgoingMessage): void {
    if (this.#messages.push(message) === 1) setImmediate(this.#flush);
  }

  /** Sends what waits. A connection that does not take it any more loses it, as it would lose it on its way. */
  flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    for (const { subject, payload, reply, headers } of messages) {
      try {
        this.#connection.publish(subject, payload, {
          ...(reply === undefined ? {} : { reply }),
          ...(headers === undefined ? {} : { headers }),
        });
      } catch {
        // Closed under us: whoever waits for an answer is told by the link.
      }
    }
  }

  /** Drops what waits: the connection is gone. */
  forget(): void {
    this.#messages = [];
  }
}
