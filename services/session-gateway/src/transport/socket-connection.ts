import type { Socket } from 'node:net';
import type { TlsFacts } from '@certlane/contracts';
import { plainAddress } from './addresses.js';
import type { Closing, Connection, ConnectionReader } from './connection.js';

/** How a socket is looked after. */
export interface SocketConnectionOptions {
  readonly tls?: TlsFacts;
  /** How long one piece of output may wait for a peer that does not read. */
  readonly stallMilliseconds: number;
}

/**
 * Output that may wait in our memory before the writer is asked to stop. While a file flows, one write is under way and one
 * waits: of more that wait, the stream would make one piece of memory first.
 */
const OUTPUT_LIMIT = 512 * 1024;

/** A connection over a TCP or TLS socket. */
export class SocketConnection implements Connection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly transport: 'tcp' | 'tls';
  readonly tls: TlsFacts | undefined;
  readonly #socket: Socket;
  readonly #stallMilliseconds: number;
  #reader: ConnectionReader | undefined;
  #closing: Closing | undefined;
  #finished = false;
  #full = false;
  #ending = false;
  #stall: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: SocketConnectionOptions) {
    this.#socket = socket;
    this.#stallMilliseconds = options.stallMilliseconds;
    this.tls = options.tls;
    this.transport = options.tls === undefined ? 'tcp' : 'tls';
    this.remoteAddress = plainAddress(socket.remoteAddress ?? '');
    this.remotePort = socket.remotePort ?? 0;
    // Small exchange buffers fall to a fortieth of their speed when Nagle's algorithm holds them back.
    socket.setNoDelay(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#closing ??= { by: 'network', code: error.code ?? 'unknown' };
    });
    socket.once('end', () => (this.#closing ??= { by: 'peer' }));
    socket.once('close', () => this.#finish());
  }

  get octetsRead(): number {
    return this.#socket.bytesRead;
  }

  get octetsWritten(): number {
    return this.#socket.bytesWritten;
  }

  attach(reader: ConnectionReader): void {
    this.#reader = reader;
    if (this.#finished) reader.closed(this.#closing ?? { by: 'network', code: 'closed' });
    else this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  write(octets: Uint8Array, gone?: () => void): boolean {
    if (this.#ending || this.#finished) return true;
    this.#socket.write(octets, () => {
      gone?.();
      this.#written();
    });
    this.#watchOutput();
    this.#full = this.#socket.writableLength >= OUTPUT_LIMIT;
    return !this.#full;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(graceMilliseconds: number): void {
    if (this.#ending || this.#finished) return;
    this.#ending = true;
    this.#closing ??= { by: 'us' };
    this.#grace = setTimeout(() => this.#socket.destroy(), graceMilliseconds);
    this.#socket.end();
    // Cutting a socket with unread input turns into RST, and the peer loses the ESID that was just written: read on.
    this.#socket.resume();
  }

  destroy(): void {
    this.#closing ??= { by: 'us' };
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (!this.#ending) this.#reader?.octets(chunk);
  }

  #watchOutput(): void {
    this.#stall ??= setTimeout(() => {
      this.#closing ??= { by: 'network', code: 'ETIMEDOUT' };
      this.#socket.destroy();
    }, this.#stallMilliseconds);
  }

  #written(): void {
    // What failed with the connection is gone too, but nobody should go on writing for that.
    if (this.#socket.destroyed) return;
    if (this.#socket.writableLength > 0) {
      this.#stall?.refresh();
    } else {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    }
    if (!this.#full || this.#socket.writableLength >= OUTPUT_LIMIT) return;
    this.#full = false;
    if (!this.#ending && !this.#finished) this.#reader?.writable();
  }

  #finish(): void {
    this.#finished = true;
    clearTimeout(this.#stall);
    clearTimeout(this.#grace);
    this.#reader?.closed(this.#closing ?? { by: 'network', code: 'closed' });
  }
}
