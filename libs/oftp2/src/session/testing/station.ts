import type { FileCounts } from '../../data/virtual-file.js';
import { EsidReason } from '../../reasons/esid.js';
import type { Effect } from '../effects.js';
import { FileSender } from '../file-sender.js';
import type {
  AbortIndication,
  ConnectRequest,
  ConnectResponse,
  EndResponse,
  FileDescription,
  Indication,
  NegativeEndResponse,
  Request,
} from '../primitives.js';
import { Session, type SessionOptions } from '../session.js';
import type { TimerKind } from '../timers.js';
import { endResponseFor } from '../../testing/commands.js';
import { CHALLENGE } from './events.js';

/** A file as a station sends and receives it; records end at these offsets (unsecured F and V only). */
export interface TestFile {
  readonly description: FileDescription;
  readonly octets: Uint8Array;
  readonly recordEnds?: readonly number[];
}

/** A received file with what its Speaker said of it. */
export interface ReceivedFile {
  readonly description: FileDescription;
  readonly octets: Uint8Array;
  readonly recordEnds: readonly number[];
  readonly counts: FileCounts;
}

/** Something a station sends when it has the turn. */
export type Work =
  | { readonly kind: 'file'; readonly file: TestFile }
  | { readonly kind: 'eerp'; readonly response: EndResponse }
  | { readonly kind: 'nerp'; readonly response: NegativeEndResponse };

/** How a station behaves; whatever is left out is the plain, polite choice. */
export interface StationOptions extends SessionOptions {
  readonly connect?: ConnectRequest;
  readonly accept?: ConnectResponse | ((indication: Extract<Indication, { primitive: 'F_CONNECT_IND' }>) => Request);
  readonly work?: readonly Work[];
  /** The answer to SFID; by default the file is taken from the beginning. */
  readonly onStartFile?: (file: FileDescription) => Request;
  /** The answer to EFID; by default EFPA without asking for the turn, or EFNA where there is a problem. */
  readonly onCloseFile?: (file: ReceivedFile) => Request;
  /** Whether a received file is answered with EERP as soon as the turn comes. */
  readonly acknowledges?: boolean;
  /** Octets pushed to the sender at a time. */
  readonly pieces?: number;
  /** Answers to AUCH; by default what the other station of this kind put into its envelope. */
  readonly onChallenge?: (envelope: Uint8Array) => Request;
}

/** Our envelope is no cryptography: the challenge itself behind one octet for who made it. */
const envelopeOf = (role: string, challenge: Uint8Array): Uint8Array =>
  Uint8Array.of(role === 'initiator' ? 1 : 2, ...challenge);

/**
 * A driver for tests, as a station's would be but for the I/O: does the effects in order, answers indications at once, sends
 * its work when it has the turn, then hands the turn over or ends the session.
 */
export class Station {
  readonly session: Session;
  readonly sent: Uint8Array[] = [];
  readonly indications: Indication[] = [];
  readonly received: ReceivedFile[] = [];
  readonly responses: (EndResponse | NegativeEndResponse)[] = [];
  readonly refused: Extract<Indication, { primitive: 'F_START_FILE_CF' | 'F_CLOSE_FILE_CF' }>[] = [];
  readonly tolerated: string[] = [];
  readonly timers = new Map<TimerKind, number>();
  isConnecting = false;
  isDisconnected = false;
  delivered = 0;
  readonly #options: StationOptions;
  readonly #work: Work[];
  readonly #queue: Effect[] = [];
  #isPerforming = false;
  #sender: FileSender | undefined;
  #offered: FileDescription | undefined;
  #source: { octets: Uint8Array; ends: number[]; at: number } = { octets: new Uint8Array(0), ends: [], at: 0 };
  #incoming: { description: FileDescription; pieces: Uint8Array[]; ends: number[]; length: number } | undefined;

  constructor(options: StationOptions) {
    this.#options = options;
    this.#work = [...(options.work ?? [])];
    this.session = new Session(options);
    if (options.connect !== undefined) this.do(this.session.request(options.connect));
  }

  /** Abort indication, if the session ended that way. */
  get aborted(): AbortIndication | undefined {
    return this.indications.find((indication) => indication.primitive === 'F_ABORT_IND');
  }

  /** What is left to send. */
  get pending(): number {
    return this.#work.length;
  }

  do(effects: readonly Effect[]): void {
    this.#queue.push(...effects);
    if (this.#isPerforming) return;
    this.#isPerforming = true;
    for (let effect = this.#queue.shift(); effect !== undefined; effect = this.#queue.shift()) this.#perform(effect);
    this.#isPerforming = false;
  }

  connected(): void {
    this.do(this.session.connected());
  }

  receive(octets: Uint8Array): void {
    this.do(this.session.receive(octets));
  }

  timeout(timer: TimerKind): void {
    this.timers.delete(timer);
    this.do(this.session.timeout(timer));
  }

  disconnected(): void {
    this.do(this.session.disconnected());
  }

  request(request: Request): void {
    this.do(this.session.request(request));
  }

  #perform(effect: Effect): void {
    switch (effect.effect) {
      case 'send':
        this.sent.push(effect.octets);
        return;
      case 'startTimer':
        this.timers.set(effect.timer, effect.milliseconds);
        return;
      case 'stopTimer':
        this.timers.delete(effect.timer);
        return;
      case 'connect':
        this.isConnecting = true;
        return;
      case 'disconnect':
        this.isDisconnected = true;
        return;
      case 'tolerate':
        this.tolerated.push(effect.what);
        return;
      case 'indicate':
        this.indications.push(effect.indication);
        this.#answer(effect.indication);
    }
  }

  #answer(indication: Indication): void {
    const { onStartFile, onCloseFile, onChallenge, accept } = this.#options;
    switch (indication.primitive) {
      case 'F_CONNECT_IND':
        if (accept !== undefined) this.request(typeof accept === 'function' ? accept(indication) : accept);
        break;
      case 'F_CHALLENGE_IND':
        this.request(this.#challenge());
        break;
      case 'F_RESPONSE_IND':
        this.request(
          onChallenge?.(indication.envelope) ?? { primitive: 'F_RESPONSE_RS', response: indication.envelope.slice(1) },
        );
        break;
      case 'F_START_FILE_IND':
        this.#incoming = { description: indication.file, pieces: [], ends: [], length: 0 };
        this.request(onStartFile?.(indication.file) ?? TAKE);
        break;
      case 'F_DATA_IND':
        this.#store(indication);
        break;
      case 'F_CLOSE_FILE_IND':
        this.#close(indication, onCloseFile);
        break;
      case 'F_EERP_IND':
      case 'F_NERP_IND':
        this.responses.push(indication.response);
        this.request({ primitive: 'F_RTR_RS' });
        break;
      case 'F_START_FILE_CF':
        if (indication.accepted) this.#send(indication.restartPosition);
        else this.#refuse(indication);
        break;
      case 'F_DATA_CF':
        this.#pump();
        break;
      case 'F_CLOSE_FILE_CF':
        this.#sender = undefined;
        if (indication.accepted) this.delivered += 1;
        if (!indication.accepted) this.#refuse(indication);
        else if (indication.speaker) this.#speak();
        break;
      case 'F_CONNECT_CF':
      case 'F_RTR_CF':
      case 'F_CD_IND':
        this.#speak();
        break;
      case 'F_RELEASE_IND':
      case 'F_ABORT_IND':
        break;
    }
  }

  #challenge(): Request {
    const challenge = CHALLENGE.map((octet) => octet ^ (this.#options.role === 'initiator' ? 0xf0 : 0x0f));
    return { primitive: 'F_CHALLENGE_RS', envelope: envelopeOf(this.#options.role, challenge), challenge };
  }

  #refuse(indication: Extract<Indication, { primitive: 'F_START_FILE_CF' | 'F_CLOSE_FILE_CF' }>): void {
    this.refused.push(indication);
    this.#speak();
  }

  /** Sends the next thing; with nothing left hands the turn over, or ends the session where it came for that. */
  #speak(): void {
    const { state } = this.session;
    if (!['IDLESP', 'IDLESPCD', 'WF_CD'].includes(state)) return;
    const next = this.#work.shift();
    if (next === undefined) this.request(state === 'IDLESPCD' ? RELEASE : { primitive: 'F_CD_RQ' });
    else if (next.kind === 'eerp') this.request({ primitive: 'F_EERP_RQ', response: next.response });
    else if (next.kind === 'nerp') this.request({ primitive: 'F_NERP_RQ', response: next.response });
    else this.#offer(next.file);
  }

  #offer({ octets, recordEnds = [], description }: TestFile): void {
    this.#source = { octets, ends: [...recordEnds], at: 0 };
    this.#offered = description;
    this.request({ primitive: 'F_START_FILE_RQ', file: description });
  }

  #send(restartPosition: bigint): void {
    if (this.#offered === undefined) return;
    const lengths = this.#source.ends.map((end, index, ends) => end - (ends[index - 1] ?? 0));
    const sender = new FileSender(this.session, { file: this.#offered, restartPosition, recordLengths: lengths });
    this.#sender = sender;
    this.#source.at = Number(sender.counts.units);
    this.#source.ends.splice(0, this.#offered.SFIDFMT === 'V' ? Number(restartPosition) : 0);
    this.#pump();
  }

  #pump(): void {
    const sender = this.#sender;
    if (sender === undefined) return;
    this.do(sender.proceed());
    while (sender.needsInput && this.session.state === 'OPO') {
      const { octets, ends, at } = this.#source;
      if (this.#offered?.SFIDFMT === 'V' && ends.length > 0) {
        const end = ends.shift() as number;
        this.#source.at = end;
        this.do(sender.push(octets.subarray(at, end), true));
      } else if (at < octets.length) {
        const end = Math.min(octets.length, at + (this.#options.pieces ?? 100));
        this.#source.at = end;
        this.do(sender.push(octets.subarray(at, end)));
      } else {
        this.do(sender.end());
      }
    }
  }

  #store({ octets, recordEnds }: Extract<Indication, { primitive: 'F_DATA_IND' }>): void {
    const file = this.#incoming;
    if (file === undefined) return;
    file.ends.push(...recordEnds.map((end) => end + file.length));
    file.pieces.push(octets);
    file.length += octets.length;
  }

  #close(
    { counts, problem }: Extract<Indication, { primitive: 'F_CLOSE_FILE_IND' }>,
    onCloseFile: StationOptions['onCloseFile'],
  ): void {
    const file = this.#incoming;
    if (file === undefined) return;
    this.#incoming = undefined;
    if (problem !== undefined) {
      this.request({ primitive: 'F_CLOSE_FILE_RS', accepted: false, ...problem });
      return;
    }
    const { description, ends, pieces } = file;
    const received = { description, octets: Buffer.concat(pieces), recordEnds: ends, counts };
    const answer = onCloseFile?.(received) ?? STORED;
    if (answer.primitive === 'F_CLOSE_FILE_RS' && answer.accepted) {
      this.received.push(received);
      if (this.#options.acknowledges === true)
        this.#work.unshift({ kind: 'eerp', response: endResponseFor(description) });
    }
    this.request(answer);
    // The Speaker-to-be need not wait for the CD: its first request is stored until then.
    if (this.session.state === 'WF_CD') this.#speak();
  }
}

const RELEASE: Request = { primitive: 'F_RELEASE_RQ', reason: EsidReason.normalEnd };
const TAKE: Request = { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1_000_000n };
const STORED: Request = { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: false };
