import { CertlaneError, isCertlaneError, type PartnerRef } from '@certlane/contracts';
import type { Ids, Logger } from '@certlane/runtime';
import type { CallResult, DialBook } from '../ports/dial-book.js';
import type { PartnerDirectory } from '../ports/partner-directory.js';
import type { SessionTrust } from '../ports/session-trust.js';
import { dial } from '../transport/dial.js';
import type { TlsContexts } from '../transport/tls-contexts.js';
import type { Callee, Sessions } from './sessions.js';

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
    const { log, sessions } = this.#parts;
    try {
      const callee = await this.#decide(partner);
      if ('obstacle' in callee) {
        log.info({ ...partner, why: callee.message }, 'partner cannot be called');
        return callee;
      }
      const connection = await this.#connect(callee, signal);
      const { end } = await sessions.call(connection, callee);
      return { ok: end.outcome === 'completed', message: end.message };
    } catch (error) {
      if (!isCertlaneError(error)) throw error;
      const { message } = error.disclosed();
      log.info({ ...partner, why: message }, 'partner was not reached');
      return { ok: false, message };
    }
  }

  async #decide({
    station,
    partner,
  }: PartnerRef): Promise<(Callee & { readonly address: Address }) | Required<CallResult>> {
    const { directory, ids, trust } = this.#parts;
    const profile = (await directory.profiles(partner, station)).find((row) => row.station === station);
    if (profile === undefined) {
      return { ok: false, obstacle: 'partner-removed', message: `station '${station}' has no partner '${partner}'` };
    }
    const { connection } = profile;
    if (connection === null) {
      const message = `partner '${partner}' has no address; set its host, or wait until it calls`;
      return { ok: false, obstacle: 'no-address', message };
    }
    const session = ids.next();
    const remoteAddress = connection.host.slice(0, LONGEST_ADDRESS);
    const decision = await trust.decide({ session, direction: 'outbound', station, partner, remoteAddress });
    if (decision.verdict === 'refuse') throw new CertlaneError('failed-precondition', decision.message);
    return { profile, decision, address: connection };
  }

  #connect({ profile, address }: Callee & { readonly address: Address }, signal: AbortSignal) {
    const { contexts, connectMilliseconds, handshakeMilliseconds, stallMilliseconds } = this.#parts;
    return dial(address, {
      connectMilliseconds,
      handshakeMilliseconds,
      stallMilliseconds,
      signal,
      ...(address.transport === 'tls' ? { context: contexts.forClient(profile.station) } : {}),
    });
  }
}

type Address = NonNullable<Callee['profile']['connection']>;

/** The contract takes no longer address. */
const LONGEST_ADDRESS = 64;
