import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  decodeCommand,
  encodeFrame,
  EsidReason,
  ExchangeBufferEncoder,
  FrameReader,
  type Command,
  type CommandName,
  type CommandNamed,
} from '@certlane/oftp2';

/** Where to, and how. */
export interface PeerTarget {
  readonly port: number;
  /** PEM of what the station's TLS certificate must end at; absent: plain TCP. */
  readonly authority?: string;
}

/** Who the peer says it is. */
export interface PeerIdentity {
  readonly code: string;
  readonly password: string;
  readonly secureAuthentication: boolean;
}

/** A virtual file the peer offers. */
export interface PeerFile {
  readonly dataset: string;
  readonly content: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** HHMMSScccc; tells the files of one day apart. */
  readonly time: number;
  readonly description?: string;
}

const PATIENCE_MS = 10_000;
const BUFFER_SIZE = 4096;

/** The connection ended while a command was awaited. */
export class PeerClosed extends Error {}

/**
 * An OFTP2 Initiator that does exactly what it is told, also what a well-behaved station never would. It knows the commands,
 * not the rules.
 */
export class ScriptedPeer {
  readonly #socket: Socket;
  readonly #reader = new FrameReader({ command: 100_000, data: 100_000 });
  readonly #received: Command[] = [];
  #waiting: (() => void) | undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (octets: Buffer) => {
      this.#reader.push(octets);
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        this.#received.push(decodeCommand(Uint8Array.from(frame)));
      }
      this.#waiting?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#waiting?.();
    });
  }

  /** Opens the connection and reads the station's SSRM. */
  static async connect({ port, authority }: PeerTarget): Promise<ScriptedPeer> {
    const socket =
      authority === undefined
        ? connect({ port, host: '127.0.0.1' })
        : connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority, allowPartialTrustChain: true });
    const peer = new ScriptedPeer(socket);
    await peer.expect('SSRM');
    return peer;
  }

  send(command: Command): void {
    this.#socket.write(encodeFrame(command, { charset: 'printable' }));
  }

  /**
   * The next command.
   * @throws {PeerClosed} when the connection ends instead, or nothing comes
   */
  async next(): Promise<Command> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const command = this.#received.shift();
      if (command !== undefined) return command;
      if (this.#closed) throw new PeerClosed('the station closed the connection');
      const left = deadline - Date.now();
      if (left <= 0) throw new PeerClosed('the station says nothing');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The next command, which must be this one. */
  async expect<Name extends CommandName>(name: Name): Promise<CommandNamed<Name>> {
    const command = await this.next();
    if (command.command !== name) throw new Error(`${name} was expected, and this came: ${JSON.stringify(command)}`);
    return command as CommandNamed<Name>;
  }

  /** Sends SSID and gives the station's answer: its SSID, or the ESID that refuses. */
  async start(identity: PeerIdentity): Promise<CommandNamed<'SSID'> | CommandNamed<'ESID'>> {
    this.send({
      command: 'SSID',
      SSIDLEV: 5,
      SSIDCODE: identity.code,
      SSIDPSWD: identity.password,
      SSIDSDEB: BUFFER_SIZE,
      SSIDSR: 'B',
      SSIDCMPR: 'N',
      SSIDREST: 'N',
      SSIDSPEC: 'N',
      SSIDCRED: 99,
      SSIDAUTH: identity.secureAuthentication ? 'Y' : 'N',
      SSIDUSER: '',
    });
    const answer = await this.next();
    if (answer.command === 'SSID' || answer.command === 'ESID') return answer;
    throw new Error(`SSID or ESID was expected, and this came: ${JSON.stringify(answer)}`);
  }

  /** Offers a file and sends it where it is taken; gives the station's last word on it. */
  async sendFile(file: PeerFile): Promise<CommandNamed<'SFNA'> | CommandNamed<'EFPA'> | CommandNamed<'EFNA'>> {
    this.send({
      command: 'SFID',
      SFIDDSN: file.dataset,
      SFIDDATE: 20261123,
      SFIDTIME: file.time,
      SFIDUSER: '',
      SFIDDEST: file.to,
      SFIDORIG: file.from,
      SFIDFMT: 'U',
      SFIDLRECL: 0,
      SFIDFSIZ: Math.ceil(file.content.length / 1024),
      SFIDOSIZ: Math.ceil(file.content.length / 1024),
      SFIDREST: 0n,
      SFIDSEC: 0,
      SFIDCIPH: 0,
      SFIDCOMP: 0,
      SFIDENV: 0,
      SFIDSIGN: 'N',
      SFIDDESC: file.description ?? '',
    });
    const answer = await this.next();
    if (answer.command === 'SFNA') return answer;
    if (answer.command !== 'SFPA')
      throw new Error(`SFPA or SFNA was expected, and this came: ${JSON.stringify(answer)}`);
    this.#sendData(file.content);
    this.send({ command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: BigInt(file.content.length) });
    const end = await this.next();
    if (end.command === 'EFPA' || end.command === 'EFNA') return end;
    throw new Error(`EFPA or EFNA was expected, and this came: ${JSON.stringify(end)}`);
  }

  /** Gives the turn away, acknowledges the answers that come, until the turn comes back. */
  async takeAnswers(): Promise<(CommandNamed<'EERP'> | CommandNamed<'NERP'>)[]> {
    this.send({ command: 'CD' });
    const answers: (CommandNamed<'EERP'> | CommandNamed<'NERP'>)[] = [];
    for (;;) {
      const command = await this.next();
      if (command.command === 'CD') return answers;
      if (command.command !== 'EERP' && command.command !== 'NERP') {
        throw new Error(`an answer or CD was expected, and this came: ${JSON.stringify(command)}`);
      }
      answers.push(command);
      this.send({ command: 'RTR' });
    }
  }

  /** Ends the session in good order. */
  end(): void {
    this.send({ command: 'ESID', ESIDREAS: EsidReason.normalEnd, ESIDREAST: '' });
    this.#socket.end();
  }

  /** Hangs up. */
  destroy(): void {
    this.#socket.destroy();
  }

  #sendData(content: Uint8Array): void {
    const encoder = new ExchangeBufferEncoder({
      layout: { format: 'U', recordLength: 0 },
      bufferSize: BUFFER_SIZE,
      compression: false,
    });
    const flush = (): void => {
      for (let frame = encoder.next(); frame !== undefined; frame = encoder.next()) this.#socket.write(frame.octets);
    };
    encoder.push(content);
    flush();
    encoder.end();
    flush();
  }
}
