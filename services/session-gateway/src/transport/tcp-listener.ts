import type { AddressInfo } from 'node:net';
import { Farewells, Gate, turnAway, type Listener, type ListenerOptions } from './listener.js';
import { SocketConnection } from './socket-connection.js';

/** Peers that are told at once that there is no place for them. */
const FAREWELLS = 128;

/** Accepts OFTP over plain TCP (registered port 3305). */
export class TcpListener implements Listener {
  readonly #gate: Gate;
  readonly #farewells = new Farewells(FAREWELLS);

  constructor(options: ListenerOptions) {
    this.#gate = new Gate(options, {
      admitted: (socket, admission) => {
        const connection = new SocketConnection(socket, { stallMilliseconds: options.stallMilliseconds });
        options.arrived({ connection, admission });
      },
      refused: (socket) => {
        if (this.#farewells.admit(socket)) turnAway(socket, options.farewell);
        else socket.destroy();
      },
    });
  }

  listen(): Promise<AddressInfo> {
    return this.#gate.listen();
  }

  close(): Promise<void> {
    return this.#gate.close();
  }
}
