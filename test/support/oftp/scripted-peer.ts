import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import {
  decodeCommand,
  encodeFrame,
  FrameReader,
  type Command,
  type CommandName,
  type CommandNamed,
} from '@certlane/oftp2';

/** Everything a peer may send us in tests; far above what is agreed, so that nothing is cut off unseen. */
const LIMITS = { command: 99_999, data: 99_999 };
/** No sound answer takes so long, however busy the machine; still below the time Jest gives a test, so that the message is seen. */
const PATIENCE = 45_000;

/** A peer that does exactly what a script says, right or wrong, over a real socket. */
export class ScriptedPeer {
  readonly #socket: Socket;
  readonly #reader = new FrameReader(LIMITS);
  #wake: (() => void) | undefined;
  #closed = false;
  #octets = 0;

  private constructor(
    socket: Socket,
    /** The TLS socket, to look at; absent on plain TCP. */
    readonly tlsSocket?: TLSSocket,
  ) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#octets += chunk.length;
      this.#reader.push(chunk);
      this.#wake?.();
    });
    const close = (): void => {
      this.#closed = true;
      this.#wake?.();
    };
    socket.on('error', close);
    socket.on('close', close);
  }

  /** Connects to a plain port. */
  static async tcp(port: number): Promise<ScriptedPeer> {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    await happened(socket, 'connect');
    return new ScriptedPeer(socket);
  }

  /** Connects to a TLS port. */
  static async tls(port: number, options: ConnectionOptions): Promise<ScriptedPeer> {
    const socket = connectTls({ port, host: '127.0.0.1', ...options });
    await happened(socket, 'secureConnect');
    return new ScriptedPeer(socket, socket);
  }

  /** Takes over a socket that was accepted. */
  static over(socket: Socket): ScriptedPeer {
    return new ScriptedPeer(socket);
  }

  /** Octets received so far. */
  get octets(): number {
    return this.#octets;
  }

  /** Whether the other side has closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Sends a command as the standard encodes it. */
  send(command: Command): void {
    this.#socket.write(encodeFrame(command));
  }

  /** Sends octets as they are: hex, or octets. */
  raw(octets: string | Uint8Array): void {
    this.#socket.write(typeof octets === 'string' ? Buffer.from(octets.replace(/\s/g, ''), 'hex') : octets);
  }

  /** Sends an exchange buffer behind a right header. */
  buffer(octets: Uint8Array): void {
    const header = Buffer.from([0x10, 0, 0, 0]);
    header.writeUIntBE(octets.length + 4, 1, 3);
    this.#socket.write(Buffer.concat([header, octets]));
  }

  /** The next exchange buffer; undefined when the other side closed instead. */
  async next(): Promise<Command | undefined> {
    const late = Date.now() + PATIENCE;
    for (;;) {
      const octets = this.#reader.next();
      if (octets !== undefined) return decodeCommand(octets);
      if (this.#closed) return undefined;
      if (Date.now() > late) throw new Error('the other side neither spoke nor closed');
      await this.#news(late - Date.now());
    }
  }

  /** The next command, which must be this one. */
  async expect<Name extends CommandName>(name: Name): Promise<CommandNamed<Name>> {
    const command = await this.next();
    if (command?.command === name) return command as CommandNamed<Name>;
    throw new Error(`expected ${name}, but got ${command === undefined ? 'a close' : JSON.stringify(command)}`);
  }

  /** Waits until the other side has closed. */
  async closed(): Promise<void> {
    const late = Date.now() + PATIENCE;
    while (!this.#closed) {
      if (Date.now() > late) throw new Error('the other side did not close');
      await this.#news(late - Date.now());
    }
  }

  /** Stops reading, so that the other side's output piles up. */
  pause(): void {
    this.#socket.pause();
  }

  /** Closes in order. */
  end(): void {
    this.#socket.end();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#socket.destroy();
  }

  #news(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, milliseconds));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** A scripted partner that is called: hands out its callers one by one. */
export class ScriptedResponder {
  readonly #server: Server;
  readonly #callers: ScriptedPeer[] = [];
  #wake: (() => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#callers.push(ScriptedPeer.over(socket));
      this.#wake?.();
    });
  }

  static async listen(): Promise<ScriptedResponder> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedResponder(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next caller. */
  async accept(): Promise<ScriptedPeer> {
    for (;;) {
      const caller = this.#callers.shift();
      if (caller !== undefined) return caller;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#server.close();
    for (const caller of this.#callers) caller.destroy();
  }
}

function happened(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => {
      socket.removeListener('error', reject);
      socket.removeListener('close', hungUp);
      resolve();
    });
    const hungUp = (): void => reject(new Error('hung up'));
    socket.once('error', reject);
    socket.once('close', hungUp);
  });
}
