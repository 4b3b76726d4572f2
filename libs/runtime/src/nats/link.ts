import { nuid, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { inboxPrefix } from './names.js';
import { Outgoing } from './outgoing.js';

/** Why a request has no answer. */
export type LinkFailure = 'timeout' | 'no-responders' | 'forbidden' | 'lost';

/** A request without an answer; whether it was acted on, nobody knows unless nobody was there. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** Whether something thrown is a {@link LinkError}, in whatever realm it was made. */
export function isLinkError(thrown: unknown): thrown is LinkError {
  return Error.isError(thrown) && thrown.name === 'LinkError';
}

interface Pending {
  readonly subject: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (reply: Msg) => void;
  readonly reject: (error: LinkError) => void;
}

/** A request as it is sent. */
export interface LinkRequest {
  readonly subject: string;
  readonly payload: string | Uint8Array;
  readonly headers?: MsgHdrs;
  /** For all of it, waiting for the connection included. */
  readonly timeoutMs: number;
}

/**
 * Requests over a connection, of which the client library makes three things worse than they need be: it drops what is sent while
 * the connection is made again, it lets those wait in vain whose answer cannot come any more, and it writes to the socket once a
 * message. A link waits for the connection, fails at once what was lost with it, and writes what belongs to one turn together.
 */
export class Link {
  static readonly #links = new WeakMap<NatsConnection, Link>();
  readonly #connection: NatsConnection;
  readonly #outgoing: Outgoing;
  readonly #inbox: string;
  readonly #pending = new Map<string, Pending>();
  readonly #waiting = new Set<() => void>();
  #state: 'there' | 'lost' | 'closed' = 'there';
  #last = 0;

  private constructor(connection: NatsConnection, user: string) {
    this.#connection = connection;
    this.#outgoing = new Outgoing(connection);
    this.#inbox = `${inboxPrefix(user)}.${nuid.next()}.`;
    connection.subscribe(`${this.#inbox}*`, { callback: (error, reply) => this.#answered(error, reply) });
    void this.#follow();
  }

  /** Makes the link of a new connection. */
  static over(connection: NatsConnection, user: string): void {
    Link.#links.set(connection, new Link(connection, user));
  }

  /** The link of a connection that connectNats() made. */
  static of(connection: NatsConnection): Link {
    const link = Link.#links.get(connection);
    if (link === undefined) throw new TypeError('this connection was not made by connectNats()');
    return link;
  }

  /** Sends with the others of this turn of the event loop. Nothing is sent while there is no connection: nobody waits for it there. */
  send(subject: string, payload: string | Uint8Array, headers?: MsgHdrs): void {
    if (this.#state === 'there')
      this.#outgoing.add({ subject, payload, ...(headers === undefined ? {} : { headers }) });
  }

  /** Sends what waits for the end of the turn. */
  flush(): void {
    this.#outgoing.flush();
  }

  /**
   * Resolves when there is a connection.
   * @throws {LinkError} `lost` when there is none in time
   */
  async ready(timeoutMs: number): Promise<void> {
    if (this.#state !== 'there') await this.#there({ subject: 'NATS', payload: '', timeoutMs });
  }

  /** @throws {LinkError} */
  async request(request: LinkRequest): Promise<Msg> {
    if (this.#state === 'there') return this.#send(request, request.timeoutMs);
    const deadline = performance.now() + request.timeoutMs;
    await this.#there(request);
    return this.#send(request, deadline - performance.now());
  }

  /**
   * {@link Link.request} for what may be done twice: sent again when the connection was lost under it.
   * @throws {LinkError}
   */
  async repeatable(request: LinkRequest): Promise<Msg> {
    const deadline = performance.now() + request.timeoutMs;
    for (let timeoutMs = request.timeoutMs; ; timeoutMs = deadline - performance.now()) {
      try {
        return await this.request({ ...request, timeoutMs });
      } catch (thrown) {
        if (
          !isLinkError(thrown) ||
          thrown.failure !== 'lost' ||
          this.#state === 'closed' ||
          deadline <= performance.now()
        )
          throw thrown;
      }
    }
  }

  #send({ subject, payload, headers }: LinkRequest, timeoutMs: number): Promise<Msg> {
    return new Promise((resolve, reject) => {
      this.#last += 1;
      const token = this.#last.toString(36);
      const late = () => this.#fail(token, new LinkError('timeout', `no answer on '${subject}' in time`));
      this.#pending.set(token, { subject, timer: setTimeout(late, Math.max(timeoutMs, 1)), resolve, reject });
      this.#outgoing.add({
        subject,
        payload,
        reply: this.#inbox + token,
        ...(headers === undefined ? {} : { headers }),
      });
    });
  }

  #answered(error: Error | null, reply: Msg): void {
    if (error !== null) {
      this.#failAll(new LinkError('forbidden', `NATS lets us hear no replies: ${error.message}`));
      return;
    }
    const token = reply.subject.slice(this.#inbox.length);
    const pending = this.#pending.get(token);
    if (pending === undefined) return;
    if (reply.data.length === 0 && reply.headers?.code === 503) {
      this.#fail(token, new LinkError('no-responders', `nobody listens on '${pending.subject}'`));
      return;
    }
    this.#pending.delete(token);
    clearTimeout(pending.timer);
    pending.resolve(reply);
  }

  #fail(token: string, error: LinkError): void {
    const pending = this.#pending.get(token);
    if (pending === undefined) return;
    this.#pending.delete(token);
    clearTimeout(pending.timer);
    pending.reject(error);
  }

  #failAll(error: LinkError): void {
    for (const token of [...this.#pending.keys()]) this.#fail(token, error);
  }

  #there({ subject, timeoutMs }: LinkRequest): Promise<void> {
    const lost = new LinkError('lost', `'${subject}' cannot be reached: the connection to NATS is ${this.#state}`);
    if (this.#state === 'closed') return Promise.reject(lost);
    return new Promise((resolve, reject) => {
      const heard = () => {
        clearTimeout(timer);
        this.#waiting.delete(heard);
        if (this.#state === 'there') resolve();
        else reject(lost);
      };
      const timer = setTimeout(heard, timeoutMs);
      this.#waiting.add(heard);
    });
  }

  async #follow(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === 'reconnect') this.#become('there');
      else if (status.type === 'disconnect') this.#become('lost');
      else if (status.type === 'error') this.#refused(status.error);
    }
    this.#become('closed');
  }

  #become(state: 'there' | 'lost' | 'closed'): void {
    this.#state = state;
    if (state !== 'there') {
      this.#outgoing.forget();
      this.#failAll(new LinkError('lost', 'the connection to NATS was lost before the answer came'));
    }
    if (state !== 'lost') for (const heard of [...this.#waiting]) heard();
  }

  /** The server tells which subject it refused, not which message: all that wait for this subject were refused. */
  #refused(error: Error): void {
    const { operation, subject } = error as { operation?: unknown; subject?: unknown };
    if (operation !== 'publish') return;
    for (const [token, pending] of [...this.#pending]) {
      if (pending.subject === subject)
        this.#fail(token, new LinkError('forbidden', `our NATS user may not send to '${subject}'`));
    }
  }
}
