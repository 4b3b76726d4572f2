import type { NatsConnection } from '@nats-io/nats-core';

/** How a call over a connection behaves. */
export interface LinkCall {
  /** Milliseconds for all of it, waiting for the connection included. */
  readonly timeoutMs: number;
  /** The work may be done twice: it is begun again when the connection was lost under it. */
  readonly repeatable: boolean;
}

/** Thrown where the connection went before the answer came. */
const LOST = new Error('the connection to NATS is lost');

/**
 * What the client library does not tell its callers: it drops what is sent while a connection is being made again, and lets those
 * wait in vain who asked before it was lost. A link waits for the connection, and knows when an answer cannot come any more.
 */
export class Link {
  static readonly #links = new WeakMap<NatsConnection, Link>();
  #state: 'there' | 'lost' | 'closed' = 'there';
  readonly #waiting = new Set<(connected: boolean) => void>();

  /** The link of a connection, one for all who use it. */
  static of(connection: NatsConnection): Link {
    const known = Link.#links.get(connection);
    if (known !== undefined) return known;
    const link = new Link();
    Link.#links.set(connection, link);
    void link.#follow(connection);
    return link;
  }

  /**
   * Runs work as soon as there is a connection; rejects as soon as it is lost.
   * @param work is given the milliseconds that are left
   */
  async run<T>({ timeoutMs, repeatable }: LinkCall, work: (timeoutMs: number) => Promise<T>): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      await this.#connection(deadline);
      try {
        return await this.#unlessLost(work(Math.max(deadline - Date.now(), 1)));
      } catch (thrown) {
        if (thrown !== LOST || !repeatable) throw thrown;
      }
    }
  }

  #connection(deadline: number): Promise<void> {
    if (this.#state === 'there') return Promise.resolve();
    if (this.#state === 'closed') return Promise.reject(new Error('the connection to NATS is closed'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => heard(false), Math.max(deadline - Date.now(), 1));
      const heard = (connected: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(heard);
        if (connected) resolve();
        else reject(new Error(LOST.message));
      };
      this.#waiting.add(heard);
    });
  }

  #unlessLost<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const heard = (connected: boolean) => {
        if (!connected) reject(LOST);
      };
      this.#waiting.add(heard);
      work.then(resolve, reject).finally(() => this.#waiting.delete(heard));
    });
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#tell('lost');
      else if (type === 'reconnect') this.#tell('there');
    }
    this.#tell('closed');
  }

  #tell(state: 'there' | 'lost' | 'closed'): void {
    this.#state = state;
    for (const heard of [...this.#waiting]) heard(state === 'there');
  }
}
