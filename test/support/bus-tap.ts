import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A message on its way from a client to nats-server. */
export interface TappedMessage {
  /** Who publishes: user of the connection. */
  readonly user: string;
  readonly subject: string;
  /** Headers and body as they travel. */
  readonly octets: Buffer;
}

/** `pass`: goes on; `last`: goes on, and nothing else ever passes on this connection; `drop`: it and all after it are lost. */
export type Verdict = 'pass' | 'last' | 'drop';

/** Sees every message before nats-server does. */
export type Listener = (message: TappedMessage) => Verdict;

const LINE_END = Buffer.from('\r\n');

/**
 * Stands between NATS clients and nats-server, and reads along. Between two messages of a process nothing has happened that
 * anybody else can see, so cutting it off after each of its messages is killing it at every instruction.
 */
export class BusTap {
  readonly #server: Server;
  readonly #upstream: () => number;
  readonly #sockets = new Set<Socket>();
  #closed = false;
  #listener: Listener = () => 'pass';

  private constructor(upstream: () => number) {
    this.#upstream = upstream;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** @param upstream port of the nats-server on this machine, asked anew for each connection */
  static async before(upstream: () => number): Promise<BusTap> {
    const tap = new BusTap(upstream);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on this one sees what passes. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket): void {
    if (this.#closed) {
      client.destroy();
      return;
    }
    const server = connect({ port: this.#upstream(), host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const reader = new PublishReader();
    let cut = false;
    client.on('data', (chunk: Buffer) => {
      if (cut) return;
      for (const { octets, message } of reader.read(chunk)) {
        const verdict = message === undefined ? 'pass' : this.#listener(message);
        if (verdict !== 'drop') server.write(octets);
        cut = verdict !== 'pass';
        if (cut) return;
      }
    });
    server.on('data', (chunk: Buffer) => {
      if (!cut) client.write(chunk);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}

/** Cuts what a client says into protocol operations, and tells which of them publish. */
class PublishReader {
  #rest: Buffer = Buffer.alloc(0);
  #user = '';

  *read(chunk: Buffer): Generator<{ readonly octets: Buffer; readonly message?: TappedMessage }> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf(LINE_END);
      if (end < 0) return;
      const line = this.#rest.toString('latin1', 0, end);
      const [operation = '', subject = '', ...rest] = line.split(' ');
      if (operation === 'CONNECT') this.#user = (JSON.parse(line.slice(8)) as { user?: string }).user ?? '';
      const publishes = operation === 'PUB' || operation === 'HPUB';
      const length = end + 2 + (publishes ? Number(rest.at(-1)) + 2 : 0);
      if (this.#rest.length < length) return;
      const octets = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      yield publishes
        ? { octets, message: { user: this.#user, subject, octets: octets.subarray(end + 2, length - 2) } }
        : { octets };
    }
  }
}
