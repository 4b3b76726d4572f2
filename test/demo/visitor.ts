import { ExchangeBufferEncoder, type Command, type CommandNamed } from '@certlane/oftp2';
import { efid, normalEnd, sfid, ssid } from '@certlane/oftp2/testing';
import { authenticate, ScriptedPeer, type Proof } from '../support/oftp/index.js';

/** Who a visitor says it is. */
export interface Identity {
  readonly code: string;
  readonly password: string;
}

/** A virtual file it offers. */
export interface Offer {
  readonly dataset: string;
  readonly content: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** HHMMSScccc; tells the files of one day apart. */
  readonly time: number;
  /** SFIDDESC; empty when left out. */
  readonly description?: string;
}

/** What a station says last about an offered file. */
export type Verdict = CommandNamed<'SFNA'> | CommandNamed<'EFPA'> | CommandNamed<'EFNA'>;
/** What a station says about a file it has taken in. */
export type Answer = CommandNamed<'EERP'> | CommandNamed<'NERP'>;

const BUFFER_SIZE = 4096;

/** An Initiator at a station's door, written down step by step: it does what a well-behaved station never would. */
export class Visitor {
  private constructor(private readonly peer: ScriptedPeer) {}

  /** Knocks on the TCP port. */
  static async tcp(port: number): Promise<Visitor> {
    return Visitor.#greeted(await ScriptedPeer.tcp(port));
  }

  /** Knocks on the TLS port, if its certificate ends at this authority (PEM). */
  static async tls(port: number, authority: string): Promise<Visitor> {
    const trust = { servername: 'localhost', ca: authority, allowPartialTrustChain: true };
    return Visitor.#greeted(await ScriptedPeer.tls(port, trust));
  }

  static async #greeted(peer: ScriptedPeer): Promise<Visitor> {
    await peer.expect('SSRM');
    return new Visitor(peer);
  }

  /** Sends SSID; the station's SSID, or the ESID that refuses. */
  async start({ code, password }: Identity, secureAuthentication = false): Promise<Command> {
    const auth = secureAuthentication ? 'Y' : 'N';
    this.peer.send(ssid(code, password, { SSIDSDEB: BUFFER_SIZE, SSIDAUTH: auth, SSIDCMPR: 'N', SSIDREST: 'N' }));
    return this.#next();
  }

  /** Secure authentication, both ways. */
  async prove(proof: Proof): Promise<void> {
    await authenticate(this.peer, proof);
  }

  /** Starts secure authentication and answers the challenge with zeros; what the station says to that. */
  async answerWrongly(): Promise<Command> {
    this.peer.send({ command: 'SECD' });
    await this.peer.expect('AUCH');
    this.peer.send({ command: 'AURP', AURPRSP: new Uint8Array(20) });
    return this.#next();
  }

  /** Offers a file, and sends it where it is taken. */
  async offer({ dataset, content, from, to, time, description = '' }: Offer): Promise<Verdict> {
    const blocks = Math.ceil(content.length / 1024);
    const file = { SFIDDSN: dataset, SFIDTIME: time, SFIDFSIZ: blocks, SFIDOSIZ: blocks, SFIDDESC: description };
    this.peer.send(sfid(from, to, file));
    const answer = await this.#next();
    if (answer.command === 'SFNA') return answer;
    if (answer.command !== 'SFPA') throw unexpected('SFPA or SFNA', answer);
    this.#sendData(content);
    this.peer.send(efid(content.length));
    const end = await this.#next();
    if (end.command === 'EFPA' || end.command === 'EFNA') return end;
    throw unexpected('EFPA or EFNA', end);
  }

  /** Gives the turn away and acknowledges answers until it comes back. */
  async answers(): Promise<Answer[]> {
    this.peer.send({ command: 'CD' });
    const answers: Answer[] = [];
    for (;;) {
      const command = await this.#next();
      // A station that is owed nothing and owes nothing ends the session instead.
      if (command.command === 'CD' || (command.command === 'ESID' && command.ESIDREAS === 0)) return answers;
      if (command.command !== 'EERP' && command.command !== 'NERP') throw unexpected('an answer or CD', command);
      answers.push(command);
      this.peer.send({ command: 'RTR' });
    }
  }

  /** Ends the session in good order. */
  leave(): void {
    this.peer.send(normalEnd);
    this.peer.end();
  }

  /** Hangs up. */
  hangUp(): void {
    this.peer.destroy();
  }

  async #next(): Promise<Command> {
    const command = await this.peer.next();
    if (command === undefined) throw new Error('the station closed the connection without a word');
    return command;
  }

  #sendData(content: Uint8Array): void {
    const layout = { format: 'U', recordLength: 0 } as const;
    const encoder = new ExchangeBufferEncoder({ layout, bufferSize: BUFFER_SIZE, compression: false });
    const flush = (): void => {
      for (let frames = encoder.next(); frames !== undefined; frames = encoder.next()) this.peer.raw(frames.octets);
    };
    encoder.push(content);
    flush();
    encoder.end();
    flush();
  }
}

/** Command, reason and text, as a person reads it. */
export function words(command: Command | undefined): string {
  switch (command?.command) {
    case 'ESID':
      return said('ESID', command.ESIDREAS, command.ESIDREAST);
    case 'SFNA':
      return said('SFNA', command.SFNAREAS, command.SFNAREAST);
    case 'NERP':
      return said('NERP', command.NERPREAS, command.NERPREAST);
    default:
      return command?.command ?? 'nothing';
  }
}

function said(name: string, reason: number, text: string): string {
  return `${name} ${String(reason).padStart(2, '0')} ${text}`;
}

function unexpected(wanted: string, came: Command): Error {
  return new Error(`${wanted} was expected, and this came: ${words(came)}`);
}
