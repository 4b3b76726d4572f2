import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { Admission, AdmissionControl, AdmissionRefusal } from './admission.js';
import { plainAddress } from './addresses.js';
import type { Connection } from './connection.js';

/** Where a listener stands. */
export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** A connection that was let in, with the place it holds. */
export interface Arrival {
  readonly connection: Connection;
  readonly admission: Admission;
}

/** What a listener tells of what goes past it; a listener itself logs nothing. */
export interface ListenerObserver {
  refused(reason: AdmissionRefusal | 'no-certificate', remoteAddress: string): void;
  /** TLS did not come about; the code is Node's. */
  handshakeFailed(code: string, remoteAddress: string): void;
  handshaken(version: string): void;
  /** Accepting itself failed (out of file descriptors); the listener goes on. */
  acceptFailed(code: string): void;
}

/** What both listeners need. */
export interface ListenerOptions {
  readonly address: ListenAddress;
  readonly admission: AdmissionControl;
  readonly observer: ListenerObserver;
  readonly arrived: (arrival: Arrival) => void;
  /** Sent instead of a greeting where no place is free (ESID 08), as far as that costs little. */
  readonly farewell: Uint8Array;
  readonly stallMilliseconds: number;
}

/** How long a peer that is turned away may take to read why. */
const FAREWELL_MILLISECONDS = 2_000;

/** Something that accepts connections. */
export interface Listener {
  /** Starts; throws Node's error (`EADDRINUSE`, `EACCES`) when the port cannot be had. */
  listen(): Promise<AddressInfo>;
  /** Accepts nothing more; connections that run stay. */
  close(): Promise<void>;
}

/** A TCP server that asks the admission control first. What it lets in goes to `admitted`. */
export class Gate {
  readonly #server: Server;
  readonly #options: ListenerOptions;

  constructor(
    options: ListenerOptions,
    steps: {
      admitted: (socket: Socket, admission: Admission) => void;
      refused: (socket: Socket, reason: AdmissionRefusal) => void;
    },
  ) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: false }, (socket) => {
      // Without a listener an early reset would end the process.
      socket.on('error', () => undefined);
      const remoteAddress = plainAddress(socket.remoteAddress ?? '');
      const verdict = options.admission.admit(remoteAddress);
      if (typeof verdict === 'string') {
        options.observer.refused(verdict, remoteAddress);
        steps.refused(socket, verdict);
        return;
      }
      socket.once('close', () => verdict.release());
      steps.admitted(socket, verdict);
    });
  }

  async listen(): Promise<AddressInfo> {
    const { host, port } = this.#options.address;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.removeListener('error', reject);
        resolve();
      });
    });
    this.#server.on('error', (error: NodeJS.ErrnoException) =>
      this.#options.observer.acceptFailed(error.code ?? 'unknown'),
    );
    return this.#server.address() as AddressInfo;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      // The callback comes when the last connection has gone; not accepting any more is all that is waited for here.
      this.#server.close();
      resolve();
    });
  }
}

/** Says why and hangs up; a peer that does not read it is cut off. */
export function turnAway(socket: Socket, farewell: Uint8Array): void {
  const timer = setTimeout(() => socket.destroy(), FAREWELL_MILLISECONDS);
  socket.once('close', () => clearTimeout(timer));
  socket.end(farewell);
  socket.resume();
}

/**
 * Peers that are being told why they are turned away: so many at once, the others are just hung up on. A flood must not hold a
 * descriptor each for the pleasure of being refused politely.
 */
export class Farewells {
  readonly #limit: number;
  #now = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether this peer may be told; its place is free again when it is gone. */
  admit(socket: Socket): boolean {
    if (this.#now >= this.#limit) return false;
    this.#now += 1;
    socket.once('close', () => (this.#now -= 1));
    return true;
  }
}
