import type { Allocate } from '../data/frame-writer.js';
import { ForeignProtocolError } from '../framing/foreign.js';
import { FrameReader, LIMITS_BEFORE_SSID } from '../framing/frame-reader.js';
import { EsidReason } from '../reasons/esid.js';
import { decodeExchangeBuffer, type DecodeOptions } from '../wire/decode.js';
import { encodeFrame, type EncodeOptions } from '../wire/encode.js';
import { ProtocolError } from '../wire/errors.js';
import { Clocks } from './clocks.js';
import { commandOf, ssidOf } from './commands.js';
import type { Effect } from './effects.js';
import { eventOfCommand, eventOfRequest, type SessionEvent } from './events.js';
import { FileReceiver } from './file-receiver.js';
import { checkCapabilities, DEFAULT_LIMITS, type SessionLimits } from './limits.js';
import { idleMachine, type Machine, type Outcome, type Output, type Role } from './machine.js';
import type { Capabilities, Negotiated } from './negotiation.js';
import type { Request } from './primitives.js';
import { SessionRequestError } from './session-error.js';
import { BEFORE_NEGOTIATION, BEFORE_SSID, WAITING_FOR, type SessionState } from './states.js';
import { step } from './step.js';
import { DEFAULT_TIMEOUTS, WAITS, type TimerKind, type Timeouts } from './timers.js';

const ESID_OCTET = 0x46;
const DATA_OCTET = 0x44;

/** What a session is made of; all that may be left out has a sound default. */
export interface SessionOptions {
  readonly role: Role;
  readonly capabilities: Capabilities;
  readonly timeouts?: Partial<Timeouts>;
  readonly limits?: Partial<SessionLimits>;
  /** Where the peer may depart from the RFC. */
  readonly decoding?: DecodeOptions;
  /** What our identification fields may hold. */
  readonly encoding?: EncodeOptions;
  /**
   * Where memory for the octets of received files comes from; the heap unless said. F_DATA_IND gives views of one piece after
   * the other: a piece may be given again as soon as F_DATA_IND has brought octets of another one, or the file is over.
   */
  readonly allocate?: Allocate;
}

/**
 * One ODETTE-FTP session without I/O: octets, requests of the user and expired timers go in, effects come out, to be done by
 * the driver in their order. No clock, no socket, no randomness. RFC 5024 §3, §4, §9
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #limits: SessionLimits;
  readonly #clocks: Clocks;
  readonly #reader = new FrameReader(LIMITS_BEFORE_SSID);
  #machine: Machine;
  #file: FileReceiver | undefined;
  /** Octets that came while the user was being asked. */
  #held = 0;
  #frames = 0;
  #flagsTold = false;
  #begun = false;

  /** @throws {RangeError} for capabilities that an SSID cannot say */
  constructor(options: SessionOptions) {
    checkCapabilities(options.capabilities);
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#clocks = new Clocks({ ...DEFAULT_TIMEOUTS, ...options.timeouts });
    this.#machine = idleMachine(options.role, options.capabilities);
  }

  /** RFC 5024 §9.3; `IDLE` before the beginning and after the end. */
  get state(): SessionState {
    return this.#machine.state;
  }

  /** What both sides agreed on; undefined until they have. */
  get negotiated(): Negotiated | undefined {
    return BEFORE_NEGOTIATION.has(this.#machine.state) ? undefined : this.#machine.agreed;
  }

  /** DATA that may be sent now. */
  get credit(): number {
    return this.#machine.state === 'OPO' ? this.#machine.credit : 0;
  }

  /**
   * Whether an indication waits for its response. Octets received meanwhile are kept unread, up to `limits.held`: better to
   * read none from the connection.
   */
  get isHolding(): boolean {
    return WAITING_FOR[this.#machine.state] === 'user-response';
  }

  /**
   * The connection is open, TLS included: the Responder sends SSRM, the Initiator waits for it.
   * @throws {SessionRequestError} when no connection was awaited
   */
  connected(): Effect[] {
    return this.#turn((effects) => {
      this.#apply({ event: this.#options.role === 'initiator' ? 'N_CON_CF' : 'N_CON_IND' }, effects);
    });
  }

  /**
   * Octets came from the connection, cut anywhere; they must not change afterwards. Never throws: what a peer does wrong
   * ends in effects.
   */
  receive(octets: Uint8Array): Effect[] {
    // Nobody will read what comes before the beginning or after the end.
    if (this.#machine.state === 'IDLE') return [];
    return this.#turn((effects) => {
      this.#reader.push(octets);
      if (this.isHolding) {
        this.#held += octets.length;
        if (this.#held > this.#limits.held) this.#apply(OUT_OF_TURN, effects);
      }
      this.#work(effects);
    });
  }

  /**
   * The user asks or answers.
   * @throws {SessionRequestError} when this cannot be done now; the session is as it was
   * @throws {EncodeError} when a value does not fit its field; the session is as it was
   */
  request(request: Request): Effect[] {
    return this.#turn((effects) => {
      this.#apply(eventOfRequest(request), effects);
      this.#work(effects);
    });
  }

  /** A timer that an effect started has run out. */
  timeout(timer: TimerKind): Effect[] {
    return this.#turn((effects) => {
      if (!this.#clocks.expire(timer)) return;
      const waitedFor = {
        inactivity: WAITS[this.#machine.state]?.waitedFor ?? 'the peer',
        frame: 'the rest of an exchange buffer',
        'session-start': 'the session to start',
      }[timer];
      this.#apply({ event: 'TIME_OUT', waitedFor }, effects);
    });
  }

  /** The connection has ended, or did not come about. */
  disconnected(): Effect[] {
    return this.#turn((effects) => {
      this.#readLastWords(effects);
      this.#apply({ event: 'N_DISC_IND' }, effects);
    });
  }

  /** The connection broke. */
  reset(): Effect[] {
    return this.#turn((effects) => this.#apply({ event: 'N_RST_IND' }, effects));
  }

  #turn(act: (effects: Effect[]) => void): Effect[] {
    const before = this.#machine;
    this.#frames = 0;
    const effects: Effect[] = [];
    act(effects);
    const timers = this.#clocks.settle({
      state: this.#machine.state,
      touched: this.#machine !== before,
      advanced: this.#frames > 0,
      midFrame: this.#reader.isMidFrame,
    });
    return timers.length === 0 ? effects : [...timers, ...effects];
  }

  /** Works off what has arrived, until the user has to answer or nothing is left. */
  #work(effects: Effect[]): void {
    while (!this.isHolding && this.#machine.state !== 'IDLE') {
      let octets;
      try {
        octets = this.#reader.next();
      } catch (error) {
        // Where the next frame begins is unknown: nothing more will be read.
        this.#apply(invalidBuffer(error), effects);
        return;
      }
      if (octets === undefined) break;
      this.#frames += 1;
      this.#take(octets, effects);
    }
    if (this.#reader.hasSeenFlags && !this.#flagsTold) {
      this.#flagsTold = true;
      effects.push({ effect: 'tolerate', what: 'header-flags' });
    }
    // Only now: a DATA beyond the window in the same octets was sent without waiting for CDT.
    if (this.#machine.state === 'OPI' && this.#machine.credit === 0) this.#apply({ event: 'CREDIT' }, effects);
  }

  #take(octets: Uint8Array, effects: Effect[]): void {
    // After our ESID only the peer's own is of interest, and only because it ends the wait.
    if (this.#machine.state === 'WF_NDISC' && octets[0] !== ESID_OCTET) return;
    try {
      if (octets[0] === DATA_OCTET) {
        this.#apply({ event: 'DATA', command: { command: 'DATA', payload: octets.subarray(1) }, octets }, effects);
        this.#reader.recycle(octets);
        return;
      }
      const { command, notices } = decodeExchangeBuffer(octets, this.#options.decoding);
      for (const { leniency, field } of notices) effects.push({ effect: 'tolerate', what: leniency, field });
      this.#apply(eventOfCommand(command, octets), effects);
    } catch (error) {
      this.#apply(invalidBuffer(error), effects);
    }
  }

  /** What cannot be encoded or decoded throws before the machine has moved. */
  #apply(event: SessionEvent, effects: Effect[]): void {
    const outcome = step(this.#machine, event);
    if (outcome.userError !== undefined) {
      throw new SessionRequestError(outcome.userError.problem, this.#machine.state, outcome.userError.text);
    }
    // The tables begin again at IDLE; a session object serves one connection.
    if (this.#begun && this.#machine.state === 'IDLE' && outcome.next !== this.#machine) {
      throw new SessionRequestError(
        'session-ended',
        'IDLE',
        'This session has ended; make a new one for a new connection',
      );
    }
    this.#checkPostponed(event, outcome);
    for (const output of outcome.effects) this.#perform(output, effects);
    const { state, agreed } = outcome.next;
    const moved = state !== this.#machine.state;
    this.#machine = outcome.next;
    if (!moved) return;
    this.#begun = true;
    if (!this.isHolding) this.#held = 0;
    if (state !== 'OPI') this.#file = undefined;
    this.#reader.limits = BEFORE_SSID.has(state)
      ? LIMITS_BEFORE_SSID
      : { command: this.#limits.command, data: agreed.bufferSize };
  }

  /** What goes out only when the peer has done something must be known to fit now, while the user can be told. */
  #checkPostponed(event: SessionEvent, { next }: Outcome): void {
    if (event.event === 'F_CONNECT_RQ') encodeFrame(ssidOf(next.agreed, event.request), this.#options.encoding);
    if (next.stored !== undefined && next.stored !== this.#machine.stored) {
      encodeFrame(commandOf(next.stored), this.#options.encoding);
    }
  }

  #perform(output: Output, effects: Effect[]): void {
    switch (output.output) {
      case 'send':
        effects.push({ effect: 'send', octets: encodeFrame(output.command, this.#options.encoding) });
        return;
      case 'send-frames':
        effects.push({ effect: 'send', octets: output.frames, released: output.released });
        return;
      case 'indicate':
        effects.push({ effect: 'indicate', indication: output.indication });
        return;
      case 'open-file':
        this.#file = new FileReceiver(
          output.file,
          output.acceptance,
          this.#machine.agreed.compression,
          this.#limits.emptyBuffers,
          this.#options.allocate ?? ((length) => Buffer.allocUnsafeSlow(length)),
        );
        return;
      case 'indicate-data':
        for (const told of this.#file?.take(output.payload) ?? []) this.#perform(told, effects);
        return;
      case 'indicate-end':
        for (const told of this.#file?.end(output.end) ?? []) this.#perform(told, effects);
        return;
      case 'tolerate':
        effects.push({ effect: 'tolerate', what: output.tolerance });
        return;
      case 'connect':
      case 'disconnect':
        effects.push({ effect: output.output });
    }
  }

  /** A peer that gave up while the user was being asked has said why, in octets not yet read. */
  #readLastWords(effects: Effect[]): void {
    if (!this.isHolding) return;
    try {
      for (let octets = this.#reader.next(); octets !== undefined; octets = this.#reader.next()) {
        if (octets[0] === ESID_OCTET) this.#take(octets, effects);
      }
    } catch {
      // Nothing that can be read: the connection has just ended.
    }
  }
}

/** More than a half-duplex peer can have to say. */
const OUT_OF_TURN: SessionEvent = {
  event: 'INVALID_BUFFER',
  reason: EsidReason.protocolViolation,
  text: 'Commands sent without waiting for an answer',
};

/** @throws whatever is not the peer's fault */
function invalidBuffer(error: unknown): SessionEvent {
  if (error instanceof ProtocolError) return { event: 'INVALID_BUFFER', reason: error.reason, text: error.message };
  if (error instanceof ForeignProtocolError) return { event: 'INVALID_BUFFER', reason: undefined, text: error.message };
  throw error;
}
