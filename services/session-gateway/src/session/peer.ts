import { CertlaneError, type SessionEnd } from '@certlane/contracts';
import {
  EsidReason,
  FileSender,
  Session,
  SessionRequestError,
  SlabPool,
  type Effect,
  type FileProblem,
  type Indication,
  type Request,
  type SessionOptions,
} from '@certlane/oftp2';
import type { Logger } from '@certlane/runtime';
import type { Closing, Connection, ConnectionReader } from '../transport/connection.js';
import type { FileSource, OutgoingFile } from '../ports/files.js';
import { BulkBuffer } from './bulk-buffer.js';
import { ReceivedOctets } from './received-octets.js';
import { SessionTimers } from './session-timers.js';
import { endedByUs, endOf, isSessionOver, SessionOver } from './session-over.js';

/** The indication with this name. */
type Indicated<Name extends Indication['primitive']> = Extract<Indication, { primitive: Name }>;

/** Indications that may wait to be taken before the connection is not read any more: what a bulk buffer holds of long DATA, and some. */
const LONGEST_QUEUE = 16;
/** Octets of a file that are read at once, twice as many are held: every read wakes a thread, which costs more than the copy. */
const READ_OCTETS = 1024 * 1024;
const SHORTEST_READ = 64 * 1024;
/** SFIDFSIZ counts blocks of so many octets. RFC 5024 §5.3.3 */
const BLOCK = 1024;
/** Pieces of output that wait for the connection at once, about. */
const SLABS_KEPT = 4;
/** How long the peer may take to close after the session; its ESID timer has run before. */
const CLOSE_MILLISECONDS = 2_000;

/**
 * The other side of one session, as a driver meets it: ask something of the protocol, wait for what it says next.
 *
 * It does what the session machine wants done (octets out, timers, the close) and slows the connection down while nobody
 * takes what it brings. Whatever ends the session ends every wait with {@link SessionOver}.
 */
export class Peer implements ConnectionReader {
  readonly log: Logger;
  /** Ids of what was offered in this session. */
  readonly offered: string[] = [];
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #timers: SessionTimers;
  readonly #indications: Indication[] = [];
  readonly #gone = Promise.withResolvers<undefined>();
  readonly #bulk = new BulkBuffer((octets) => {
    this.#take(octets);
    // In the middle of a file all that came were DATA, and what DATA hold was copied out of them.
    return this.#session.state === 'OPI';
  });
  /** While a file is sent: memory of its frames. Taking fresh memory for each costs more than filling it. */
  #slabs: SlabPool | undefined;
  /** While a file is received: what came of it. */
  #received: ReceivedOctets | undefined;
  #waiting: PromiseWithResolvers<Indication> | undefined;
  #drained: PromiseWithResolvers<undefined> | undefined;
  #end: SessionEnd | undefined;
  #paused = false;
  #closing: Closing | undefined;

  constructor(connection: Connection, options: SessionOptions, log: Logger) {
    this.log = log;
    this.#connection = connection;
    this.#session = new Session({ ...options, allocate: (length) => this.#receiving().lease(length) });
    this.#timers = new SessionTimers((timer) => this.#safely(() => this.#perform(this.#session.timeout(timer))));
  }

  /** Responder: greets. */
  greet(): void {
    this.#connection.attach(this);
    this.#perform(this.#session.connected());
  }

  /** Initiator: waits for the greeting and answers it. */
  call(request: Extract<Request, { primitive: 'F_CONNECT_RQ' }>): void {
    this.#connection.attach(this);
    this.request(request);
  }

  /** What was agreed with the peer; absent until then. */
  get negotiated(): Session['negotiated'] {
    return this.#session.negotiated;
  }

  /** The session has ended, for better or worse. */
  get over(): boolean {
    return this.#end !== undefined;
  }

  /** Nothing is under way: the peer has the turn and has not used it, or has not even proven who it is. */
  get idle(): boolean {
    const { state } = this.#session;
    return state === 'IDLELI' || state === 'IDLELICD' || state === 'A_NC_ONLY';
  }

  /** Kept when the connection is closed. */
  get gone(): Promise<unknown> {
    return this.#gone.promise;
  }

  /**
   * What the protocol says next.
   * @throws {SessionOver} when there is nothing more to say
   */
  async next(): Promise<Indication> {
    const indication = this.#indications.shift() ?? (await this.#wait());
    this.#balance();
    const end = endOf(indication);
    if (end === undefined) return indication;
    throw new SessionOver(this.#end ?? end);
  }

  /**
   * The answer that has to come next.
   * @throws {SessionOver} when the session ends instead
   */
  async expect<Name extends Indication['primitive']>(name: Name): Promise<Indicated<Name>> {
    const indication = await this.next();
    if (indication.primitive !== name) throw this.unexpected(indication);
    return indication as Indicated<Name>;
  }

  /**
   * Asks or answers.
   * @throws {SessionOver} when the session ended meanwhile
   * @throws {EncodeError} when a value does not fit its field; nothing has happened then
   */
  request(request: Request): void {
    if (this.#end !== undefined) throw new SessionOver(this.#end);
    let effects: Effect[];
    try {
      effects = this.#session.request(request);
    } catch (error) {
      if (!(error instanceof SessionRequestError)) throw error;
      throw new CertlaneError('internal', `the session cannot do ${request.primitive}: ${error.message}`, {
        cause: error,
      });
    }
    this.#perform(effects);
    this.#balance();
  }

  /**
   * Takes the octets of a file that was just accepted, in order and no faster than they are written away.
   * @param write takes octets of many DATA at once; they are its own only until it returns or its promise is kept
   * @returns what is wrong with the file, where it is not what was announced
   * @throws {SessionOver} when the session ends in the middle
   */
  async receiveFile(write: (octets: Uint8Array) => void | Promise<void>): Promise<FileProblem | undefined> {
    const received = this.#receiving();
    const writeAway = async (octets: Uint8Array | undefined): Promise<void> => {
      if (octets === undefined) return;
      await write(octets);
      received.written(octets);
    };
    try {
      for (;;) {
        const indication = await this.next();
        if (indication.primitive === 'F_CLOSE_FILE_IND') {
          await writeAway(received.rest());
          return indication.problem;
        }
        if (indication.primitive !== 'F_DATA_IND') throw this.unexpected(indication);
        const ready = received.add(indication.octets);
        if (ready !== undefined) await writeAway(ready);
      }
    } catch (error) {
      // What came before the end is kept all the same: a restart may go on behind it.
      if (isSessionOver(error)) await writeAway(received.rest());
      throw error;
    } finally {
      this.#received = undefined;
    }
  }

  /**
   * Sends the octets of a file that was just accepted, as fast as credit and connection allow, and closes it.
   * @throws {SessionOver} when the session ends in the middle
   */
  async sendFile(file: OutgoingFile, source: FileSource, restartPosition: bigint): Promise<void> {
    const { description } = file;
    const slabs = new SlabPool(SLABS_KEPT);
    const sender = new FileSender(this.#session, { file: description, restartPosition, allocate: slabs.lease });
    const piece = Math.min(READ_OCTETS, Math.max(SHORTEST_READ, description.SFIDFSIZ * BLOCK));
    let [reading, spare] = [Buffer.allocUnsafeSlow(piece), Buffer.allocUnsafeSlow(piece)];
    this.#slabs = slabs;
    let pending = source.read(reading);
    try {
      for (;;) {
        const length = await pending;
        if (length === 0) break;
        const octets = reading.subarray(0, length);
        [reading, spare] = [spare, reading];
        // Reading goes on while this piece is encoded and leaves.
        pending = source.read(reading);
        await this.#feed(sender, () => sender.push(octets));
      }
      await this.#feed(sender, () => sender.end());
    } finally {
      this.#slabs = undefined;
      // Where the session ended first, nobody waits for the last piece any more, nor for its failure.
      Promise.resolve(pending).catch(() => undefined);
    }
  }

  /** Ends the session in order: ESID 00. */
  endNormally(): never {
    this.request({ primitive: 'F_RELEASE_RQ', reason: EsidReason.normalEnd });
    this.#over(endedByUs);
    throw new SessionOver(endedByUs);
  }

  /** Ends the session with a reason; the text is for the peer's operator, the message for ours. */
  endWith(reason: EsidReason, text: string, end: Omit<SessionEnd, 'esid' | 'by'>): never {
    if (this.#end !== undefined) throw new SessionOver(this.#end);
    this.stop(reason, text, end);
    throw new SessionOver({ ...end, esid: reason, by: 'us' });
  }

  /** Ends the session from outside: whoever works on it learns so at its next step. */
  stop(reason: EsidReason, text: string, end: Omit<SessionEnd, 'esid' | 'by'>): void {
    if (this.#end !== undefined) return;
    this.#over({ ...end, esid: reason, by: 'us' });
    this.#safely(() => this.#perform(this.#session.request({ primitive: 'F_RELEASE_RQ', reason, text })));
    this.#wake();
  }

  /** Cuts the connection, whatever is still to be said. */
  cut(): void {
    this.#connection.destroy();
  }

  /** The machine's tables and our own story disagree: a defect of ours. */
  unexpected(indication: Indication): CertlaneError {
    return new CertlaneError('internal', `${indication.primitive} does not belong here`);
  }

  octets(chunk: Buffer): void {
    if (this.#session.state === 'OPI' && BulkBuffer.isBulk(chunk)) {
      this.#bulk.add(chunk);
      return;
    }
    this.#bulk.flush();
    this.#take(chunk);
    if (this.#session.state !== 'OPI') this.#bulk.letGo();
  }

  writable(): void {
    this.#drained?.resolve(undefined);
    this.#drained = undefined;
  }

  closed(closing: Closing): void {
    this.#bulk.flush();
    this.#closing = closing;
    this.#safely(() => this.#perform(closing.by === 'network' ? this.#session.reset() : this.#session.disconnected()));
    this.#timers.stopAll();
    this.writable();
    this.#gone.resolve(undefined);
  }

  #receiving(): ReceivedOctets {
    this.#received ??= new ReceivedOctets();
    return this.#received;
  }

  async #feed(sender: FileSender, step: () => Effect[]): Promise<void> {
    for (let act = step; ; act = () => sender.proceed()) {
      if (this.#end !== undefined) throw new SessionOver(this.#end);
      this.#perform(act());
      if (this.#drained !== undefined) await this.#drained.promise;
      if (sender.isClosed || sender.needsInput) return;
      if (this.#session.credit === 0) await this.expect('F_DATA_CF');
    }
  }

  #take(octets: Buffer): void {
    this.#safely(() => {
      this.#perform(this.#session.receive(octets));
      this.#balance();
    });
  }

  #wait(): Promise<Indication> {
    if (this.#end !== undefined) throw new SessionOver(this.#end);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'send':
          this.#send(effect.octets, effect.released);
          break;
        case 'indicate':
          this.#indicate(effect.indication);
          break;
        case 'startTimer':
          this.#timers.start(effect.timer, effect.milliseconds);
          break;
        case 'stopTimer':
          this.#timers.stop(effect.timer);
          break;
        case 'connect':
          // The connection was opened before the session was: a partner that cannot be reached needs none.
          queueMicrotask(() => this.#perform(this.#session.connected()));
          break;
        case 'disconnect':
          this.#connection.end(CLOSE_MILLISECONDS);
          break;
        case 'tolerate':
          this.log.debug({ tolerated: effect.what, field: effect.field }, 'departure from the standard let pass');
          break;
      }
    }
  }

  #send(octets: Uint8Array, slab: Uint8Array | undefined): void {
    const slabs = this.#slabs;
    const gone = slab === undefined ? undefined : () => slabs?.release(slab);
    if (!this.#connection.write(octets, gone)) this.#drained ??= Promise.withResolvers();
  }

  /** A defect of ours that a stranger's octets bring to light costs this one session, never the process. */
  #safely(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.log.error({ err: error }, 'session broke down');
      this.#over({ outcome: 'failed', by: 'us', message: 'an internal error occurred' });
      this.#connection.destroy();
      this.#wake();
    }
  }

  #indicate(indication: Indication): void {
    const end = endOf(indication);
    if (end !== undefined) this.#over(this.#withCause(end));
    if (this.#waiting === undefined) {
      // Credit is asked for where it is needed; what came while nobody waited is in the session's count.
      if (indication.primitive !== 'F_DATA_CF') this.#indications.push(indication);
      return;
    }
    this.#waiting.resolve(indication);
    this.#waiting = undefined;
  }

  #withCause(end: SessionEnd): SessionEnd {
    if (end.outcome !== 'broken' || this.#closing?.by !== 'network') return end;
    return { ...end, message: `${end.message} (${this.#closing.code})` };
  }

  /** The first end is the one that counts: what follows an ESID is only its echo. */
  #over(end: SessionEnd): void {
    this.#end ??= end;
  }

  #wake(): void {
    if (this.#end === undefined) return;
    this.#waiting?.reject(new SessionOver(this.#end));
    this.#waiting = undefined;
  }

  /** Reads no faster than what was read is taken. */
  #balance(): void {
    const pause = this.#end === undefined && (this.#session.isHolding || this.#indications.length >= LONGEST_QUEUE);
    if (pause === this.#paused) return;
    if (!pause && this.#indications.length > 0) return;
    this.#paused = pause;
    if (pause) this.#connection.pause();
    else this.#connection.resume();
  }
}
