import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Admission } from './admission.js';
import { plainAddress } from './addresses.js';
import { Farewells, Gate, turnAway, type Listener, type ListenerOptions } from './listener.js';
import { SocketConnection } from './socket-connection.js';
import type { TlsContexts } from './tls-contexts.js';
import { presentedBy, tlsFacts } from './tls-facts.js';

/** Whether TLS clients are asked for a certificate: not at all, asked, or let in with one of an installed issuer only. */
export type ClientCertificates = 'none' | 'request' | 'require';

/** What TLS adds. */
export interface TlsListenerOptions extends ListenerOptions {
  readonly contexts: TlsContexts;
  readonly clientCertificates: ClientCertificates;
  readonly handshakeMilliseconds: number;
}

/** Peers that get a handshake at once only to be told that there is no place for them: each costs a signature. */
const FAREWELLS = 16;

/** Accepts OFTP over TLS (registered port 6619): TLS from the first octet. */
export class TlsListener implements Listener {
  readonly #gate: Gate;
  readonly #tls: Server;
  readonly #options: TlsListenerOptions;
  /** Sockets in their handshake: admitted ones with their place, turned-away ones without. */
  readonly #handshakes = new Map<string, { readonly socket: Socket; readonly admission: Admission | undefined }>();
  readonly #farewells = new Farewells(FAREWELLS);

  constructor(options: TlsListenerOptions) {
    this.#options = options;
    this.#tls = this.#tlsServer();
    options.contexts.onReplaced(() => this.#swap());
    this.#gate = new Gate(options, {
      admitted: (socket, admission) => this.#handshake(socket, admission),
      refused: (socket, reason) => {
        // An address or network over its limit is hung up on; a full house is explained, as far as it costs little.
        const flooding = reason === 'perAddress' || reason === 'perNetwork';
        if (!flooding && this.#farewells.admit(socket)) this.#handshake(socket, undefined);
        else socket.destroy();
      },
    });
  }

  listen(): Promise<AddressInfo> {
    return this.#gate.listen();
  }

  async close(): Promise<void> {
    await this.#gate.close();
    for (const { socket } of this.#handshakes.values()) socket.destroy();
  }

  #tlsServer(): Server {
    const { contexts, clientCertificates, handshakeMilliseconds, observer } = this.#options;
    const server = createServer({
      ...contexts.defaultOptions(),
      SNICallback: (name, done) => done(null, contexts.forServerName(name)),
      requestCert: clientCertificates !== 'none',
      // The verdict is ours (see Anchors); Node, too, rejects only after the handshake.
      rejectUnauthorized: false,
      handshakeTimeout: handshakeMilliseconds,
    });
    server.on('secureConnection', (socket) => this.#secured(socket));
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      observer.handshakeFailed(error.code ?? 'unknown', plainAddress(socket.remoteAddress ?? ''));
      socket.destroy();
    });
    return server;
  }

  #swap(): void {
    const options = this.#options.contexts.defaultOptions();
    if (options !== undefined) this.#tls.setSecureContext(options);
  }

  #handshake(socket: Socket, admission: Admission | undefined): void {
    const { contexts, observer } = this.#options;
    if (contexts.empty) {
      observer.refused('no-certificate', plainAddress(socket.remoteAddress ?? ''));
      socket.destroy();
      return;
    }
    const key = socketKey(socket);
    this.#handshakes.set(key, { socket, admission });
    socket.once('close', () => this.#handshakes.delete(key));
    // The TLS server listens nowhere itself; handing it an accepted socket is the documented way to start TLS on one.
    this.#tls.emit('connection', socket);
  }

  #secured(socket: TLSSocket): void {
    const { arrived, clientCertificates, contexts, farewell, observer, stallMilliseconds } = this.#options;
    const key = socketKey(socket);
    const admission = this.#handshakes.get(key)?.admission;
    this.#handshakes.delete(key);
    if (admission === undefined) {
      socket.on('error', () => undefined);
      turnAway(socket, farewell);
      return;
    }
    const presented = presentedBy(socket);
    const verdict = contexts.anchors.judge(presented, 'client');
    if (clientCertificates === 'require' && !verdict.trusted) {
      observer.handshakeFailed(verdict.code, plainAddress(socket.remoteAddress ?? ''));
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    const tls = tlsFacts(socket, { presented, authorized: verdict.trusted });
    observer.handshaken(tls.version);
    arrived({ connection: new SocketConnection(socket, { tls, stallMilliseconds }), admission });
  }
}

/**
 * A TLS socket does not say which TCP socket it stands on; both say which connection they are, for which it takes both ends: a
 * caller may use the same port of its own for several of our addresses.
 */
function socketKey({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return JSON.stringify([localAddress, localPort, remoteAddress, remotePort]);
}
