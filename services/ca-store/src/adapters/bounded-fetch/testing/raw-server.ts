import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { until } from '@certlane/runtime/testing';

/** What a server does with a connection once a request is there, octet by octet as it likes. */
export type Act = (socket: Socket, request: string) => void;

/** A server on 127.0.0.1 that keeps to no protocol unless its act does. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** The requests in their order, as they came. */
  readonly requests: readonly string[];
  /** Connections that were made, by the first of their octets or without any. */
  readonly connections: () => number;
  /** Waits until the other side has let go of every connection. */
  readonly deserted: () => Promise<void>;
}

/** Serves `acts` by path; a path without one gets 404. With a certificate it speaks TLS. */
export async function rawServer(
  acts: Readonly<Record<string, Act>>,
  identity?: { readonly cert: string; readonly key: string },
): Promise<RawServer> {
  const open = new Set<Socket>();
  const requests: string[] = [];
  let connections = 0;
  const serve = (socket: Socket): void => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (octets) => {
      if (isWhole(text)) return;
      text += octets.toString('latin1');
      if (!isWhole(text)) return;
      requests.push(text);
      const act = acts[text.split(' ')[1] ?? ''] ?? answers('404 Not Found', {}, 'nothing here');
      act(socket, text);
    });
  };
  const server: Server = identity === undefined ? createTcpServer(serve) : createTlsServer(identity, serve);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => connections,
    deserted: () => until('no connection is left', () => open.size === 0),
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A sound answer. */
export function answers(
  status: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = '',
): Act {
  return (socket) => {
    const length = Buffer.byteLength(body);
    const lines = Object.entries({ 'Content-Length': String(length), ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.write(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`);
    socket.end(body);
  };
}

/** These octets, then the end of the connection. */
export function says(octets: string | Uint8Array): Act {
  return (socket) => void socket.end(octets);
}

/** A beginning, then the same piece for as long as somebody reads. */
export function endless(beginning: string | Uint8Array, piece: string | Uint8Array): Act {
  // Large writes: a system call for each few octets would take longer than all they have to show.
  const many = Buffer.concat(Array<Uint8Array>(Math.ceil(65_536 / piece.length)).fill(Buffer.from(piece)));
  return (socket) => {
    const go = (): void => {
      while (!socket.destroyed && socket.write(many));
    };
    socket.write(beginning);
    socket.on('drain', go);
    go();
  };
}

/** A beginning, then a piece every few milliseconds: never idle, never done. */
export function trickling(beginning: string, piece: string): Act {
  return (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(piece), 5);
    socket.on('close', () => clearInterval(timer));
  };
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /content-length: (\d+)/i.exec(request)?.[1] ?? '0';
  return request.length >= end + 4 + Number(length);
}
