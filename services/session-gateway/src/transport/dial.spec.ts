import { createServer as createTcpServer, Socket, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type SecureVersion } from 'node:tls';
import { testCa } from '@certlane/pki/testing';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dial, type DialOptions } from './dial.js';
import { TlsContexts } from './tls-contexts.js';

const ca = testCa({ name: 'Dial' });
const { certificatePem: cert, privateKeyPem: key } = ca.issue({ host: 'localhost' });
const contexts = new TlsContexts('TLSv1.2');
const plain: DialOptions = { connectMilliseconds: 5_000, handshakeMilliseconds: 5_000, stallMilliseconds: 5_000 };
const tls: DialOptions = { ...plain, context: contexts.forClient('O0013ACME') };
const HUNG_UP = /^CertlaneError: cannot open a session with localhost:\d+: the other side hung up; .*\(ECONNRESET\)$/;

let server: Server;

beforeAll(() => {
  for (const { der } of [ca.root.certificate, ...ca.chain]) contexts.anchors.add(der);
});

afterEach(() => void server.close());

async function listen(started: Server): Promise<{ host: string; port: number }> {
  server = started;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: 'localhost', port: (server.address() as AddressInfo).port };
}

/** A server that does this with whoever has finished the handshake. */
function tlsServer(version: SecureVersion, greet: (socket: TLSSocket) => void = () => undefined): Server {
  const started = createTlsServer({ cert, key, minVersion: version, maxVersion: version }, greet);
  return started.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));
}

/** What becomes of a call: why it failed, or how the connection it gave was closed. */
async function outcome(target: { host: string; port: number }, options: DialOptions): Promise<string> {
  try {
    const connection = await dial(target, options);
    return await new Promise((resolve) => {
      const closed = (closing: { by: string }): void => resolve(`closed by ${closing.by}`);
      connection.attach({ octets: () => undefined, writable: () => undefined, closed });
    });
  } catch (error) {
    return Error.isError(error) ? `${error.name}: ${error.message}` : String(error);
  }
}

/** Has sockets go at the very moment of an event: sooner than a server on the same machine ever manages. */
async function losing(kind: typeof Socket, event: string, act: () => Promise<void>): Promise<void> {
  const inherited: (event: string, ...words: unknown[]) => boolean = Socket.prototype.emit;
  function emit(this: Socket, ...words: Parameters<typeof inherited>): boolean {
    const heard = inherited.apply(this, words);
    if (words[0] === event) this.destroy();
    return heard;
  }
  Object.defineProperty(kind.prototype, 'emit', { value: emit, configurable: true });
  try {
    await act();
  } finally {
    Reflect.deleteProperty(kind.prototype, 'emit');
  }
}

describe('a call to a server that hangs up', () => {
  it.each<[version: SecureVersion, how: string, hangUp: (socket: TLSSocket) => void]>([
    ['TLSv1.2', 'cut', (socket) => void socket.destroy()],
    ['TLSv1.3', 'cut', (socket) => void socket.destroy()],
    ['TLSv1.2', 'closed in order', (socket) => void socket.end()],
    ['TLSv1.3', 'closed in order', (socket) => void socket.end()],
  ])('right behind the %s handshake, %s, fails as such or is closed', async (version, _how, hangUp) => {
    const target = await listen(tlsServer(version, hangUp));
    for (let round = 0; round < 25; round += 1) {
      expect(await outcome(target, tls)).toMatch(/^closed by (?:peer|network)$|^CertlaneError: .*hung up/);
    }
  });

  it('before the handshake is looked at fails with what happened', async () => {
    const target = await listen(tlsServer('TLSv1.3'));
    await losing(TLSSocket, 'secureConnect', async () => {
      expect(await outcome(target, tls)).toMatch(HUNG_UP);
    });
  });

  it('as soon as it has accepted fails with what happened', async () => {
    const target = await listen(createTcpServer((socket) => socket.on('error', () => undefined)));
    await losing(Socket, 'connect', async () => {
      expect(await outcome(target, plain)).toMatch(HUNG_UP);
    });
  });
});
