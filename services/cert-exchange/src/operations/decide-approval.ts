import {
  CertlaneError,
  isCertlaneError,
  type Exchange,
  type exchangeRequests,
  type ParsedRequestOf,
  type PartnerRef,
} from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import type { AcceptanceDecision } from '../domain/acceptance/decide.js';
import { unchanged } from '../domain/ledger/change.js';
import type { PersonsWord } from '../domain/ledger/held-record.js';
import { noteWord, sameWord } from '../domain/ledger/persons-word.js';
import type { ExchangeRecord } from '../domain/ledger/record.js';
import { MOST_ANSWERS, withRoom } from '../domain/ledger/room.js';
import { viewOf } from '../domain/ledger/view.js';
import type { HeldIndex } from '../ports/held-index.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';
import type { EvaluateExchange } from './evaluate-exchange.js';
import { findPartner } from './find-partner.js';
import type { ShowExchanges } from './show-exchanges.js';

type Accept = ParsedRequestOf<typeof exchangeRequests.approvalAccept>;
type Reject = ParsedRequestOf<typeof exchangeRequests.approvalReject>;

/**
 * Carries out what a person decides about a certificate that is held. What the person said is written down first: whoever takes
 * the exchange up after a kill carries it out.
 */
export class DecideApproval {
  readonly #ledgers: Ledgers;
  readonly #held: HeldIndex;
  readonly #partners: Partners;
  readonly #evaluate: EvaluateExchange;
  readonly #exchanges: ShowExchanges;
  readonly #clock: Clock;

  constructor(options: {
    readonly ledgers: Ledgers;
    readonly held: HeldIndex;
    readonly partners: Partners;
    readonly evaluate: EvaluateExchange;
    readonly exchanges: ShowExchanges;
    readonly clock: Clock;
  }) {
    this.#ledgers = options.ledgers;
    this.#held = options.held;
    this.#partners = options.partners;
    this.#evaluate = options.evaluate;
    this.#exchanges = options.exchanges;
    this.#clock = options.clock;
  }

  /**
   * Takes the certificate over, unless something stands against it that a person cannot pass over: then it is refused.
   * @param actor who decides
   * @throws {CertlaneError} `failed-precondition` where the person is not named or may not decide, where more has to be said, or it
   *   was decided otherwise; `not-found`; `invalid-argument` for an entry or certificate that is not there; `unavailable` where it
   *   cannot be carried out now: it is, as soon as it can be
   */
  async accept({ id, note, entry, usages, follows }: Accept, actor: string | undefined): Promise<Exchange> {
    const said = { note, entry, usages, follows };
    const stated = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    return this.#decide(id, { accept: true, by: named(actor), at: this.#clock.now().toISOString(), ...stated });
  }

  /**
   * Does not take it over; the partner is told the reason.
   * @throws {CertlaneError} as {@link accept}
   */
  async reject({ id, reason }: Reject, actor: string | undefined): Promise<Exchange> {
    return this.#decide(id, { accept: false, by: named(actor), at: this.#clock.now().toISOString(), note: reason });
  }

  async #decide(id: string, word: PersonsWord): Promise<Exchange> {
    const ref = await this.#find(id);
    const found = (await this.#ledgers.takeUp(ref)).open.find((open) => open.id === id);
    if (found?.state !== 'held') return this.#settled(id, word);
    if (word.accept) await this.#requireOn(ref, found);
    const record = await this.#note(ref, id, word);
    if (record === undefined) return this.#settled(id, word);
    const { ledger, decision } = await this.#carryOut(ref, record, word);
    if (decision.outcome === 'held') throw notEnough(record, decision);
    const decided = ledger.open.find((open) => open.id === id);
    return decided === undefined ? this.#exchanges.get(id) : viewOf(ref, decided, ledger, { decision: true });
  }

  /** The index knows what is held; what was decided since is found among the others. */
  async #find(id: string): Promise<PartnerRef> {
    const { station, partner } = (await this.#held.find(id)) ?? (await this.#exchanges.get(id));
    return { station, partner };
  }

  /** What an operator has switched off is no reason to refuse the partner: it is one to tell the operator. */
  async #requireOn(ref: PartnerRef, { file }: ExchangeRecord): Promise<void> {
    const owner = await findPartner(this.#partners, { station: ref.station, partner: file.originator });
    // A sub-station that was taken out since: the decision refuses what it brought.
    if (owner === undefined) return;
    if (owner.acx && owner.acceptance !== 'off') return;
    const remedy = owner.acx ? `--acceptance known` : '--acx';
    throw new CertlaneError(
      'failed-precondition',
      `${owner.acx ? 'acceptance' : 'automatic certificate exchange'} is off for partner '${owner.id}': turn it on first (certlane partner set ${owner.id} ${remedy}), or reject the certificate`,
      { details: { field: 'id', partner: owner.id } },
    );
  }

  /**
   * @returns the exchange with the word that is to be carried out; undefined where it is no longer held
   * @throws {CertlaneError} `failed-precondition` where another word is being carried out, or there is no room for what follows
   */
  async #note(ref: PartnerRef, id: string, word: PersonsWord): Promise<ExchangeRecord | undefined> {
    const now = this.#clock.now();
    return this.#ledgers.change(ref, (ledger) => {
      const record = ledger.open.find((open) => open.id === id);
      if (record?.state !== 'held') return { ...unchanged(ledger), result: undefined };
      const standing = record.held?.word;
      if (standing !== undefined) {
        if (!saysTheSame(standing, word)) throw decidedOtherwise(id, standing);
        return { ...unchanged(ledger), result: record };
      }
      // A request is answered with certificates of ours: better no room for them now than after the take-over.
      if (word.accept && record.kind === 'request') withRoom(ledger, MOST_ANSWERS, now);
      const noted = noteWord(ledger, id, word);
      return { ...noted, result: noted.ledger.open.find((open) => open.id === id) };
    });
  }

  async #carryOut(ref: PartnerRef, record: ExchangeRecord, word: PersonsWord) {
    try {
      return await this.#evaluate.decide(ref, record);
    } catch (thrown) {
      if (!isCertlaneError(thrown) || (thrown.code !== 'unavailable' && thrown.code !== 'conflict')) throw thrown;
      await this.#ledgers.change(ref, (ledger) => ({
        ...unchanged(ledger),
        evaluateLater: record.id,
        result: undefined,
      }));
      throw new CertlaneError(
        'unavailable',
        `what ${word.by} decided is kept, and is carried out as soon as it can be: ${thrown.message}`,
        { cause: thrown, details: thrown.details },
      );
    }
  }

  /** It waits for nobody any more: the same word again is the same answer, another one is told what was decided. */
  async #settled(id: string, word: PersonsWord): Promise<Exchange> {
    const exchange = await this.#exchanges.get(id);
    const { decision, state } = exchange;
    if (state === 'received') {
      throw new CertlaneError(
        'failed-precondition',
        `exchange ${id} is not decided yet: it waits for no person so far (certlane exchange show ${id})`,
        { details: { field: 'id' } },
      );
    }
    const outcome = word.accept ? 'accepted' : 'refused';
    if (decision?.outcome === outcome && decision.by === word.by) return exchange;
    const who = decision === undefined ? '' : ` by ${decision.by} on ${decision.at}`;
    throw new CertlaneError(
      'failed-precondition',
      `exchange ${id} waits for no person: it is ${state}${who} (${exchange.message})`,
      { details: { field: 'id', state } },
    );
  }
}

/** @throws {CertlaneError} `failed-precondition`: a decision of nobody could be followed by nobody */
function named(actor: string | undefined): string {
  if (actor !== undefined) return actor;
  throw new CertlaneError(
    'failed-precondition',
    "whoever decides has to be named: say who you are with 'certlane --actor NAME', or set the header Certlane-Actor",
    { details: { field: 'actor' } },
  );
}

/** Said again: what matters is who, and yes or no with what. */
function saysTheSame({ at: _then, ...standing }: PersonsWord, { at: _now, ...word }: PersonsWord): boolean {
  return sameWord({ ...standing, at: '' }, { ...word, at: '' });
}

function decidedOtherwise(id: string, { accept, by, at }: PersonsWord): CertlaneError {
  return new CertlaneError(
    'failed-precondition',
    `${by} ${accept ? 'accepted' : 'rejected'} exchange ${id} on ${at}; that is being carried out`,
    { details: { field: 'id', by } },
  );
}

/** The word does not do: it came from a person who may not, or says too little, or something new came up. */
function notEnough(
  { id }: ExchangeRecord,
  { kinds, message, objection, match }: AcceptanceDecision & { outcome: 'held' },
): CertlaneError {
  if (objection !== undefined) {
    return new CertlaneError('failed-precondition', objection, { details: { field: 'actor' } });
  }
  const [kind] = kinds;
  if (kind === 'no-match') {
    return new CertlaneError(
      'failed-precondition',
      `${message}: say what it is to serve (--usage), which certificate on file it follows (--follows), or which entry it belongs to (--entry)`,
      { details: { field: 'usages' } },
    );
  }
  if (kind === 'ambiguous') {
    const ids = match?.entries.map((entry) => entry.id).join(', ') ?? '';
    return new CertlaneError(
      'failed-precondition',
      `${message}: say which one it belongs to (--entry, one of ${ids})`,
      {
        details: { field: 'entry' },
      },
    );
  }
  return new CertlaneError(
    'failed-precondition',
    `exchange ${id} waits for something else now (${kinds.join(', ')}: ${message}): look at it again, then decide`,
    { details: { field: 'id' } },
  );
}
