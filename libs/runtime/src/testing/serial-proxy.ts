import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Octets of the field that every message of MongoDB's protocol begins with: its length, little-endian, itself included. */
const LENGTH_OCTETS = 4;

/** A proxy before a server of MongoDB's protocol. */
export interface SerialProxy {
  readonly port: number;
  close(): void;
}

/**
 * Passes commands on one at a time over all connections. FerretDB 1.x looks documents up and changes them in two steps with
 * nothing between them, so that two writers who compare and swap at the same time both win; behind this proxy single documents
 * are atomic, as they are in MongoDB.
 */
export async function serialProxy(serverPort: number): Promise<SerialProxy> {
  const sockets = new Set<Socket>();
  let turn: Promise<unknown> = Promise.resolve();
  const follow = (socket: Socket, peer: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => peer.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      peer.destroy();
    });
  };
  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    follow(client, server);
    follow(server, client);
    let answered: (() => void) | undefined;
    server.once('close', () => answered?.());
    onMessages(client, (command) => {
      turn = turn.then(
        () =>
          new Promise<void>((resolve) => {
            if (server.destroyed) resolve();
            answered = resolve;
            server.write(command);
          }),
      );
    });
    onMessages(server, (answer) => {
      client.write(answer);
      answered?.();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function onMessages(socket: Socket, handle: (message: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (octets: Buffer) => {
    received = Buffer.concat([received, octets]);
    while (received.length >= LENGTH_OCTETS && received.length >= received.readInt32LE(0)) {
      const length = received.readInt32LE(0);
      handle(received.subarray(0, length));
      received = received.subarray(length);
    }
  });
}
