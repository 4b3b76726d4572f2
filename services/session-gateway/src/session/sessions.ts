import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { EsidReason, type Capabilities, type Timeouts } from '@certlane/oftp2';
import { withSpan, type Clock, type Ids, type Logger } from '@certlane/runtime';
import type { SessionProfile } from '@certlane/contracts';
import { EventBudget } from '../domain/event-budget.js';
import type { Vault } from '../domain/vault.js';
import type { GatewayMetrics } from '../metrics.js';
import type { AnswerIntake, FileAcceptance, Outbox } from '../ports/files.js';
import type { PartnerDirectory } from '../ports/partner-directory.js';
import type { SessionEnds, SessionReport } from '../ports/session-ends.js';
import type { RunDecision, SessionTrust } from '../ports/session-trust.js';
import type { Connection } from '../transport/connection.js';
import type { Arrival } from '../transport/listener.js';
import { authenticateAsInitiator, authenticateAsResponder } from './authenticate.js';
import { closeDown } from './close-down.js';
import { identify } from './identify.js';
import { Peer } from './peer.js';
import { isSessionOver } from './session-over.js';
import { logSession, runSession, type Established, type Telling } from './run-session.js';

/** What all sessions share. */
export interface SessionsParts {
  readonly directory: PartnerDirectory;
  readonly trust: SessionTrust;
  readonly files: FileAcceptance;
  readonly answers: AnswerIntake;
  readonly outbox: Outbox;
  readonly ends: SessionEnds;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  readonly settings: SessionSettings;
}

/** How sessions are run. */
export interface SessionSettings {
  readonly capabilities: Capabilities;
  readonly timeouts: Timeouts;
  readonly refusalMilliseconds: number;
  readonly hidePartners: boolean;
  /** From its first command to its last. */
  readonly sessionMilliseconds: number;
}

/** A partner to call, decided upon. */
export interface Callee {
  readonly profile: SessionProfile;
  readonly decision: RunDecision;
}

/** Lines a minute about sessions of callers that never proved who they are; the metrics count them all. */
const STRANGERS_LOGGED_PER_MINUTE = 60;
/** How long peers may take to read our last words when the gateway stops. */
const LAST_WORDS_MILLISECONDS = 1_000;

/** All sessions of this gateway, in both roles. */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #live = new Map<Peer, Promise<unknown>>();
  /** Until their connection is closed: the last words of a session may still be on their way. */
  readonly #leaving = new Set<Peer>();
  readonly #closing = new AbortController();
  readonly #strangersLogged: EventBudget;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#strangersLogged = new EventBudget(STRANGERS_LOGGED_PER_MINUTE, parts.clock.now());
  }

  /** Sessions that run now. */
  get live(): number {
    return this.#live.size;
  }

  /** Serves a caller as Responder, to the end. */
  async serve({ connection, admission }: Arrival): Promise<SessionReport> {
    const { directory, trust, vault, settings } = this.#parts;
    const session = this.#parts.ids.next();
    const establish = async (peer: Peer, { named, decided }: Telling): Promise<Established> => {
      peer.greet();
      const { hidePartners, refusalMilliseconds } = settings;
      const parts = { session, connection, directory, trust, vault, refusalMilliseconds, hidePartners, named, decided };
      try {
        return await this.#admit(peer, session, await identify(peer, parts));
      } catch (thrown) {
        if (isSessionOver(thrown) && thrown.end.outcome === 'refused' && thrown.end.by === 'us') admission.refused();
        throw thrown;
      }
    };
    return this.#run('responder', session, connection, establish, () => admission.authenticated());
  }

  /**
   * Calls a partner as Initiator over a connection to it, to the end.
   * @param session its name, under which it was decided upon
   */
  async call(connection: Connection, callee: Callee, session: string): Promise<SessionReport> {
    const establish = (peer: Peer, { named, decided }: Telling): Promise<Established> => {
      const { partner, station } = callee.profile;
      named({ partner, station });
      decided(callee.decision);
      return this.#dial(peer, session, callee);
    };
    return this.#run('initiator', session, connection, establish, () => undefined);
  }

  /**
   * Ends all sessions: idle ones at once, others after what they are at, the rest when the grace is over (ESID 05).
   * Resolves when the last has ended and its last words are out, two seconds after the grace at the latest.
   */
  async close(graceMilliseconds: number): Promise<void> {
    this.#closing.abort();
    for (const peer of this.#live.keys()) if (peer.idle) closeDown(peer);
    const grace = setTimeout(() => {
      for (const peer of this.#live.keys()) closeDown(peer);
    }, graceMilliseconds);
    // A session that waits for the bus ends when the bus answers; nobody waits for that much longer than its peer does.
    await within(graceMilliseconds + LAST_WORDS_MILLISECONDS, Promise.all(this.#live.values()));
    clearTimeout(grace);
    await within(LAST_WORDS_MILLISECONDS, Promise.all([...this.#leaving].map((peer) => peer.gone)));
    for (const peer of this.#leaving) peer.cut();
  }

  async #admit(peer: Peer, session: string, { profile, decision }: Callee): Promise<Established> {
    const { vault } = this.#parts;
    const { station } = profile;
    peer.request({
      primitive: 'F_CONNECT_RS',
      code: station,
      password: vault.ourPassword(profile),
      authentication: decision.secureAuthentication,
    });
    if (decision.secureAuthentication) await authenticateAsResponder(peer, { station, decision, vault });
    return established(session, profile, decision);
  }

  async #dial(peer: Peer, session: string, { profile, decision }: Callee): Promise<Established> {
    const { vault } = this.#parts;
    const { station, partner } = profile;
    peer.call({
      primitive: 'F_CONNECT_RQ',
      code: station,
      password: vault.ourPassword(profile),
      authentication: decision.secureAuthentication,
      peer: { code: partner, password: vault.partnerPassword(profile) },
    });
    if (decision.secureAuthentication) await authenticateAsInitiator(peer, { station, decision, vault });
    await peer.expect('F_CONNECT_CF');
    return established(session, profile, decision);
  }

  async #run(
    role: 'initiator' | 'responder',
    session: string,
    connection: Connection,
    establish: (peer: Peer, telling: Telling) => Promise<Established>,
    known: () => void,
  ): Promise<SessionReport> {
    const { clock, log, metrics, settings, ends } = this.#parts;
    const { capabilities, timeouts } = settings;
    const peer = new Peer(connection, { role, capabilities, timeouts }, log.child({ session }));
    const attributes = { 'certlane.session': session, 'oftp.role': role, 'network.transport': connection.transport };
    const late = setTimeout(() => tooLong(peer, settings.sessionMilliseconds), settings.sessionMilliseconds);
    const running = withSpan('oftp session', attributes, async () => {
      const ran = await runSession(peer, {
        ...this.#parts,
        session,
        role,
        connection,
        clock,
        establish,
        established: known,
        mayLog: () => this.#strangersLogged.spend(clock.now()),
        closingDown: this.#closing.signal,
      });
      // Inside the span, so that log and event lead back to everything the session caused.
      describeSpan(ran.report);
      if (ran.known || this.#strangersLogged.spend(clock.now())) logSession(log, ran);
      ends.ended(ran.report, ran.known);
      return ran;
    });
    this.#live.set(peer, running);
    this.#leaving.add(peer);
    void peer.gone.then(() => this.#leaving.delete(peer));
    metrics.sessionStarted(role);
    const ran = await running;
    clearTimeout(late);
    this.#live.delete(peer);
    metrics.sessionEnded(ran.report, connection);
    return ran.report;
  }
}

/** A peer that keeps just within every other time could hold its session for ever. */
function tooLong(peer: Peer, milliseconds: number): void {
  const message = `the session was not over after ${milliseconds / 1_000} seconds`;
  peer.stop(EsidReason.timeOut, 'The session took too long', { outcome: 'failed', message });
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  enough.abort();
}

function describeSpan({ end, partner, station }: SessionReport): void {
  trace.getActiveSpan()?.setAttributes({
    ...(station === undefined ? {} : { 'certlane.station': station }),
    ...(partner === undefined ? {} : { 'certlane.partner': partner }),
    'oftp.outcome': end.outcome,
    ...(end.esid === undefined ? {} : { 'oftp.esid': end.esid }),
  });
}

function established(session: string, profile: SessionProfile, decision: RunDecision): Established {
  const { mode, secureAuthentication } = decision;
  const { partner, station, subStations } = profile;
  return { context: { session, station, partner, mode, subStations }, secureAuthentication };
}
