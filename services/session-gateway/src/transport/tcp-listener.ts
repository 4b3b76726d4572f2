import type { AddressInfo } from 'node:net';
import { Gate, turnAway, type Listener, type ListenerOptions } from './listener.js';
import { SocketConnection } from './socket-connection.js';

/** Accepts OFTP over plain TCP (registered port 3305). */
export class TcpListener implements Listener {
  readonly #gate: Gate;

  constructor(options: ListenerOptions) {
    this.#gate = new Gate(options, {
      admitted: (socket, admission) => {
        const connection = new SocketConnection(socket, { stallMilliseconds: options.stallMilliseconds });
        options.arrived({ connection, admission });
      },
      refused: (socket) => turnAway(socket, options.farewell),
    });
  }

  listen(): Promise<AddressInfo> {
    return this.#gate.listen();
  }

  close(): Promise<void> {
    return this.#gate.close();
  }
}
