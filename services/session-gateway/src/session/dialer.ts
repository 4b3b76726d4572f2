import { CertlaneError, isCertlaneError, type PartnerRef, type SessionProfile } from '@certlane/contracts';
import type { Ids, Logger } from '@certlane/runtime';
import type { CallResult, DialBook } from '../ports/dial-book.js';
import type { PartnerDirectory } from '../ports/partner-directory.js';
import type { RunDecision, SessionTrust } from '../ports/session-trust.js';
import type { Connection } from '../transport/connection.js';
import { dial } from '../transport/dial.js';
import type { TlsContexts } from '../transport/tls-contexts.js';
import type { Sessions } from './sessions.js';

/** What it takes to call partners. */
export interface DialerParts {
  readonly book: DialBook;
  readonly directory: PartnerDirectory;
  readonly trust: SessionTrust;
  readonly contexts: TlsContexts;
  readonly sessions: Sessions;
  readonly ids: Ids;
  readonly log: Logger;
  readonly connectMilliseconds: number;
  readonly handshakeMilliseconds: number;
  readonly stallMilliseconds: number;
}

/** The claim is made again so many times in its life, so that one lost reply does not lose it. */
const CLAIMS_PER_LEASE = 3;

/** Calls partners for whom something waits. */
export class Dialer {
  readonly #parts: DialerParts;
  /** One name for all calls: what was claimed is claimed again at once where the reply, or the report of a call, was lost. */
  readonly #holder: string;
  /** Partners on the line. */
  readonly #calling = new Set<string>();

  constructor(parts: DialerParts) {
    this.#parts = parts;
    this.#holder = parts.ids.next();
  }

  /**
   * Calls a partner unless another gateway does, and reports how it went.
   * @returns after how many milliseconds to try again; undefined when nothing is left to do
   * @throws {CertlaneError} when the claim or the report could not be made
   */
  async dial(partner: PartnerRef, signal: AbortSignal): Promise<number | undefined> {
    const key = JSON.stringify([partner.station, partner.partner]);
    // Under another name, a second call of ours gets no more than one of another gateway.
    if (this.#calling.has(key)) return this.#dialAs(this.#parts.ids.next(), partner, signal);
    this.#calling.add(key);
    try {
      return await this.#dialAs(this.#holder, partner, signal);
    } finally {
      this.#calling.delete(key);
    }
  }

  async #dialAs(holder: string, partner: PartnerRef, signal: AbortSignal): Promise<number | undefined> {
    const { book, log } = this.#parts;
    const claim = await book.claim(partner, holder);
    // Whoever holds the claim may have asked for the last item before ours was there: look again when it is over.
    if (!claim.granted) return claim.waiting ? claim.leaseMilliseconds : undefined;
    if (!claim.waiting) return book.report(partner, holder, { ok: true, message: 'nothing waits any more' });
    const keeping = setInterval(() => {
      book
        .claim(partner, holder)
        .catch((error: unknown) => log.warn({ ...partner, err: error }, 'claim cannot be kept'));
    }, claim.leaseMilliseconds / CLAIMS_PER_LEASE);
    try {
      const result = await this.#call(partner, signal);
      return await book.report(partner, holder, result);
    } finally {
      clearInterval(keeping);
    }
  }

  async #call(partner: PartnerRef, signal: AbortSignal): Promise<CallResult> {
    const { ids, log, sessions } = this.#parts;
    try {
      const profile = await this.#lookUp(partner);
      if ('obstacle' in profile) {
        log.info({ ...partner, why: profile.message }, 'partner cannot be called');
        return profile;
      }
      const session = ids.next();
      const connection = await this.#connect(profile, signal);
      const decision = await this.#decide(session, profile, connection);
      const { end } = await sessions.call(connection, { profile, decision }, session);
      return { ok: end.outcome === 'completed', message: end.message };
    } catch (error) {
      if (!isCertlaneError(error)) throw error;
      const { message } = error.disclosed();
      log.info({ ...partner, why: message }, 'partner was not reached');
      return { ok: false, message };
    }
  }

  async #lookUp({ station, partner }: PartnerRef): Promise<Reachable | Required<CallResult>> {
    const profile = (await this.#parts.directory.profiles(partner, station)).find((row) => row.station === station);
    if (profile === undefined) {
      return { ok: false, obstacle: 'partner-removed', message: `station '${station}' has no partner '${partner}'` };
    }
    const { connection } = profile;
    if (connection !== null) return { ...profile, connection };
    const message = `partner '${partner}' has no address; set its host, or wait until it calls`;
    return { ok: false, obstacle: 'no-address', message };
  }

  #connect({ connection, station }: Reachable, signal: AbortSignal): Promise<Connection> {
    const { contexts, connectMilliseconds, handshakeMilliseconds, stallMilliseconds } = this.#parts;
    return dial(connection, {
      connectMilliseconds,
      handshakeMilliseconds,
      stallMilliseconds,
      signal,
      ...(connection.transport === 'tls' ? { context: contexts.forClient(station) } : {}),
    });
  }

  /**
   * Decides once there is a connection: only then is it known where the session goes to, and a partner that is not reached uses up
   * nothing of its bypass. Not a word is said over a connection whose session is decided against.
   */
  async #decide(session: string, { partner, station }: Reachable, connection: Connection): Promise<RunDecision> {
    const { remoteAddress } = connection;
    try {
      const question = { session, direction: 'outbound', station, partner, remoteAddress } as const;
      const decision = await this.#parts.trust.decide(question);
      if (decision.verdict === 'run') return decision;
      throw new CertlaneError('failed-precondition', decision.message);
    } catch (error) {
      connection.end(CLOSE_MILLISECONDS);
      throw error;
    }
  }
}

/** A partner that has an address. */
type Reachable = SessionProfile & { readonly connection: NonNullable<SessionProfile['connection']> };

/** How long a partner may take to close a connection over which no session runs. */
const CLOSE_MILLISECONDS = 2_000;
