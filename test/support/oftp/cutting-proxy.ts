import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Carries octets between a caller and a port and counts them; breaks the connection when told how many may pass. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Octets, both ways together, after which the connection breaks. */
  limit = Number.POSITIVE_INFINITY;
  /** Octets that passed in the last connection. */
  passed = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    server.on('connection', (caller) => this.#carry(caller, connect({ port, host: '127.0.0.1' })));
  }

  static async before(port: number): Promise<CuttingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CuttingProxy(server, port);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(caller: Socket, called: Socket): void {
    this.passed = 0;
    const cut = (): void => {
      caller.destroy();
      called.destroy();
    };
    for (const [from, to] of [
      [caller, called],
      [called, caller],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => {
        const room = this.limit - this.passed;
        this.passed += Math.min(chunk.length, room);
        if (chunk.length < room) to.write(chunk);
        else to.write(chunk.subarray(0, room), cut);
      });
      from.on('end', () => to.end());
      from.on('error', cut);
      from.on('close', () => this.#sockets.delete(from));
    }
  }
}
