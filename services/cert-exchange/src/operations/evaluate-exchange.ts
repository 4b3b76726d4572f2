import { isCertlaneError, type Partner, type PartnerRef } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import type { Clock, Logger } from '@certlane/runtime';
import { decideAcceptance, type AcceptanceDecision } from '../domain/acceptance/decide.js';
import { decisionRecordOf, OURSELVES } from '../domain/acceptance/decision-record.js';
import type { AcceptanceFacts, GivenApproval } from '../domain/acceptance/facts.js';
import { rejectedBy } from '../domain/acceptance/outcomes.js';
import { excludedPersons } from '../domain/acceptance/second-person.js';
import { closesBypass } from '../domain/ledger/bypass.js';
import type { DecidedFile } from '../domain/ledger/decide-file.js';
import { approvalOf } from '../domain/ledger/persons-word.js';
import type { PersonsWord } from '../domain/ledger/held-record.js';
import type { OutboundDraft } from '../domain/ledger/outbound.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import { planAnswer } from '../domain/sending/plan.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';
import type { FileInQuestion, GatherFacts, Gathered } from './gather-facts.js';
import type { SettleDecision } from './settle-decision.js';
import type { WriteDecision } from './write-decision.js';

/** How often a decision is made anew because the partner was changed while it was being made. */
const ATTEMPTS = 5;

/** What came of a decision. */
export interface Evaluated {
  readonly ledger: Ledger;
  readonly decision: AcceptanceDecision;
}

/**
 * Decides a stored certificate file: gather, decide, have the registry take the certificate over, write the decision down.
 *
 * Every step may be cut off and run again: the take-over is idempotent by exchange, and only a file that is still undecided
 * takes a decision. What cannot be checked now throws and stays undecided.
 */
export class EvaluateExchange {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;
  readonly #gather: GatherFacts;
  readonly #settle: SettleDecision;
  readonly #write: WriteDecision;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: {
    readonly ledgers: Ledgers;
    readonly partners: Partners;
    readonly gather: GatherFacts;
    readonly settle: SettleDecision;
    readonly write: WriteDecision;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
    this.#gather = options.gather;
    this.#settle = options.settle;
    this.#write = options.write;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * Decides an exchange that was left undecided, one that a person has decided, and one that is held for what changes by itself; any
   * other stays as it is.
   * @throws {CertlaneError} `unavailable` when a check cannot be made now, `not-found` when the partner is no more
   */
  async run(ref: PartnerRef, exchange: string): Promise<void> {
    const record = (await this.#ledgers.takeUp(ref)).open.find(({ id }) => id === exchange);
    if (record === undefined || !isToBeDecided(record)) return;
    const word = record.held?.word;
    try {
      const { decision } = await this.decide(ref, record);
      if (word === undefined || decision.outcome !== 'held') return;
      const why = decision.objection ?? decision.message;
      this.#logger.warn({ ...ref, exchange, by: word.by, why }, 'approval does not do; the exchange is held again');
    } catch (thrown) {
      // A word that names what is not there was taken back: the person is asked again.
      if (word === undefined || !isCertlaneError(thrown) || thrown.code !== 'invalid-argument') throw thrown;
      this.#logger.warn({ ...ref, exchange, err: thrown }, 'approval cannot be carried out');
    }
  }

  /**
   * Decides a stored file; one that is held, with what a person said of it.
   * @param session the session that waits for the outcome, if one does: it fetches what it is owed itself
   * @throws {CertlaneError} as {@link run}; `invalid-argument` where a person named what is not there: the word is taken back then
   */
  async decide(ref: PartnerRef, record: ExchangeRecord, session?: string): Promise<Evaluated> {
    const word = record.held?.word;
    if (word?.accept === false) return this.#reject(ref, record, word, session);
    return this.#decide(ref, record, approvalOf(record.held), session);
  }

  async #decide(
    ref: PartnerRef,
    record: ExchangeRecord,
    approval: GivenApproval | undefined,
    session: string | undefined,
  ): Promise<Evaluated> {
    for (let attempt = 1; ; attempt += 1) {
      const gathered = await this.#gather.run(ref, questionOf(record), approval);
      const decided = await this.#judge(ref, record, gathered.facts);
      try {
        // A person who accepted it is not who refuses it.
        const person = decided.outcome === 'accepted' ? approval?.by : undefined;
        const decision =
          decided.outcome === 'held' ? decided : await this.#settle.run(record, gathered, decided, person);
        return await this.#writeDown(ref, record, { gathered, decision, session });
      } catch (thrown) {
        // The partner was changed meanwhile: to be decided anew, with another verdict.
        if (attempt === ATTEMPTS || !isCertlaneError(thrown) || thrown.code !== 'conflict') throw thrown;
      }
    }
  }

  /** Nothing but the facts is looked at here, so what is not there was named by the person. */
  async #judge(ref: PartnerRef, { id, held }: ExchangeRecord, facts: AcceptanceFacts): Promise<AcceptanceDecision> {
    try {
      return decideAcceptance(facts);
    } catch (thrown) {
      const slip = isCertlaneError(thrown) && thrown.code === 'invalid-argument';
      if (slip && held?.word !== undefined) await this.#write.takeBack(ref, id, held.word);
      throw thrown;
    }
  }

  async #writeDown(
    ref: PartnerRef,
    record: ExchangeRecord,
    { gathered, decision, session }: { gathered: Gathered; decision: AcceptanceDecision; session: string | undefined },
  ): Promise<Evaluated> {
    const { facts, owner } = gathered;
    const word = record.held?.word;
    const accepted = decision.outcome === 'accepted' ? decision : undefined;
    const first =
      accepted !== undefined &&
      closesBypass(owner, record, { fingerprint: accepted.certificate.fingerprint, usages: accepted.usages });
    const answers = accepted !== undefined && record.kind === 'request' ? await this.#answers(owner, gathered) : [];
    const decided: DecidedFile = {
      decision,
      record: decisionRecordOf(facts, decision, {
        revision: owner.revision,
        at: this.#clock.now(),
        by: deciderOf(decision, word),
        note: word?.note,
      }),
      certificate: facts.file.ok ? summaryOf(facts.file.certificate) : undefined,
      closesBypass: first,
      excluded: excludedPersons(facts, decision.match?.entries ?? []),
      word,
    };
    const owed = first ? answers.map((draft) => ({ ...draft, closesBypass: true })) : answers;
    const dialable = gathered.session.connection !== null;
    return { ledger: await this.#write.run(ref, record, decided, { owed, dialable, session }), decision };
  }

  async #answers({ station, usages }: Partner, { facts }: Gathered): Promise<OutboundDraft[]> {
    const drafts = planAnswer(await this.#partners.ownCertificates(station), usages);
    return facts.subStation ? drafts.map((draft) => ({ ...draft, destination: facts.originator })) : drafts;
  }

  /** A person does not want it. The registry settles that first, as with any refusal. */
  async #reject(ref: PartnerRef, record: ExchangeRecord, word: PersonsWord, session?: string): Promise<Evaluated> {
    const gathered = await this.#gather.run(ref, questionOf(record));
    const decision = await this.#settle.run(record, gathered, rejectedBy(record, word), word.by);
    return this.#writeDown(ref, record, { gathered, decision, session });
  }
}

function questionOf({ kind, description, octets, inBypass, file, held }: ExchangeRecord): FileInQuestion {
  const { originator } = file;
  const twoPerson = held?.twoPerson === true;
  return { kind, description, octets, inBypass: inBypass === true, originator, twoPerson };
}

/** Whose decision it is: a person's where what the person said is what came of it. */
function deciderOf(decision: AcceptanceDecision, word: PersonsWord | undefined): string {
  const said = decision.outcome === 'accepted' ? word?.accept === true : word?.accept === false;
  return word !== undefined && said ? word.by : OURSELVES;
}

/** What changes by itself: nobody could tell whether it is revoked. A person's word is carried out first of all. */
function isToBeDecided({ state, held }: ExchangeRecord): boolean {
  if (state === 'received') return true;
  return state === 'held' && (held?.word !== undefined || held?.kinds.includes('revocation-undetermined') === true);
}
