import {
  isCertlaneError,
  type CertlaneError,
  type Partner,
  type PartnerRef,
  type ValidationVerdict,
} from '@certlane/contracts';
import { isPkiError, readCertificate, readOneCertificate, summaryOf, type Certificate } from '@certlane/pki';
import type { Clock, Logger } from '@certlane/runtime';
import { decideAcceptance, type AcceptanceDecision } from '../domain/acceptance/decide.js';
import type { ReadFile } from '../domain/acceptance/facts.js';
import { holdForSession, withReach } from '../domain/ledger/dial.js';
import { closesBypass } from '../domain/ledger/bypass.js';
import { decideFile, type DecidedFile } from '../domain/ledger/inbound.js';
import { queueFiles, type OutboundDraft } from '../domain/ledger/outbound.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import { planAnswer } from '../domain/sending/plan.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';
import type { Validator } from '../ports/validator.js';

/** How often a decision is made anew because the partner was changed while it was being made. */
const ATTEMPTS = 5;

/**
 * Decides a stored certificate file: gather, decide, have the registry take the certificate over, write the decision down.
 *
 * Every step may be cut off and run again: the take-over is idempotent by exchange, and only a file that is still undecided
 * takes a decision. What cannot be checked now throws and stays undecided.
 */
export class EvaluateExchange {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;
  readonly #validator: Validator;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: { ledgers: Ledgers; partners: Partners; validator: Validator; clock: Clock; logger: Logger }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
    this.#validator = options.validator;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * Decides an exchange that was left undecided; one that is decided already stays as it is.
   * @throws {CertlaneError} `unavailable` when a check cannot be made now, `not-found` when the partner is no more
   */
  async run(ref: PartnerRef, exchange: string): Promise<void> {
    const record = (await this.#ledgers.takeUp(ref)).open.find(({ id }) => id === exchange);
    if (record?.state === 'received') await this.decide(ref, record);
  }

  /**
   * Decides a stored file.
   * @param session the session that waits for the outcome, if one does: it fetches what it is owed itself
   * @returns the ledger with the decision
   * @throws {CertlaneError} as {@link run}
   */
  async decide(ref: PartnerRef, record: ExchangeRecord, session?: string): Promise<Ledger> {
    const file = readFile(record);
    const verdict = file.ok ? await this.#validator.validate(toBase64(file.certificate)) : undefined;

    for (let attempt = 1; ; attempt += 1) {
      const partner = await this.#partners.get(ref);
      let decision = this.#decide(partner, record, file, verdict);
      try {
        if (decision.accepted) await this.#takeOver(ref, record, decision, partner.revision);
      } catch (thrown) {
        if (!isCertlaneError(thrown)) throw thrown;
        if (attempt < ATTEMPTS && thrown.code === 'conflict') continue;
        if (!isFinal(thrown)) throw thrown;
        decision = notFiled(decision.checks, thrown.message);
      }
      if (!decision.accepted && file.ok && !(await this.#partners.decline(ref, record.id))) {
        decision = takenOverMeanwhile(await this.#partners.get(ref), file.certificate, decision.checks);
      }
      const first =
        decision.accepted &&
        closesBypass(partner, record, { fingerprint: decision.certificate.fingerprint, usages: decision.usages });
      const answers = decision.accepted && record.kind === 'request' ? await this.#answerDrafts(ref, partner) : [];
      const owed = first ? answers.map((draft) => ({ ...draft, closesBypass: true })) : answers;
      const certificate = file.ok ? summaryOf(file.certificate) : undefined;
      const decided = { decision, certificate, closesBypass: first };
      return this.#writeDown(ref, record, decided, { owed, dialable: partner.connection !== null, session });
    }
  }

  #decide(partner: Partner, record: ExchangeRecord, file: ReadFile, verdict: ValidationVerdict | undefined) {
    return decideAcceptance({
      acx: partner.acx,
      kind: record.kind,
      description: record.description,
      inBypass: record.inBypass === true,
      file,
      entries: partner.entries,
      onFile: partner.certificates.map(({ certificate, usages, state }) => ({
        certificate: readCertificate(Buffer.from(certificate, 'base64')),
        usages,
        state,
      })),
      verdict,
      now: this.#clock.now(),
    });
  }

  async #takeOver(
    { station, partner }: PartnerRef,
    record: ExchangeRecord,
    decision: AcceptanceDecision & { accepted: true },
    revision: string,
  ): Promise<void> {
    await this.#partners.takeOver({
      station,
      partner,
      exchange: record.id,
      kind: record.kind,
      certificate: toBase64(decision.certificate),
      usages: [...decision.usages],
      predecessors: [...decision.predecessors],
      revision,
    });
  }

  async #answerDrafts({ station }: PartnerRef, partner: Partner): Promise<OutboundDraft[]> {
    return planAnswer(await this.#partners.ownCertificates(station), partner.usages);
  }

  async #writeDown(
    ref: PartnerRef,
    record: ExchangeRecord,
    decided: DecidedFile,
    next: { owed: readonly OutboundDraft[]; dialable: boolean; session: string | undefined },
  ): Promise<Ledger> {
    const now = this.#clock.now();
    const { ledger: stored, first } = await this.#ledgers.change(ref, (ledger) => {
      const written = decideFile(ledger, record.id, decided, now);
      if (written.events.length === 0) return { ...written, result: { ledger: written.ledger, first: false } };
      const queued = queueFiles(written.ledger, next.owed, now);
      const reached = withReach(queued.ledger, next.dialable);
      const result = next.session === undefined ? reached : holdForSession(reached, next.session, now);
      const events = [...written.events, ...queued.events];
      return {
        ledger: result,
        closed: queued.closed,
        events,
        dial: next.dialable,
        result: { ledger: result, first: true },
      };
    });
    if (first) this.#log(ref, record, decided.decision);
    return stored;
  }

  #log({ station, partner }: PartnerRef, { id: exchange, kind }: ExchangeRecord, decision: AcceptanceDecision): void {
    const { accepted } = decision;
    const why = accepted ? {} : { reason: decision.reason, why: decision.message };
    this.#logger.info({ exchange, station, partner, kind, accepted, ...why }, 'exchange decided');
  }
}

/** The registry has the last word: it may know a reason that no check looks at, such as a file that is full. */
function notFiled(checks: AcceptanceDecision['checks'], message: string): AcceptanceDecision {
  return { accepted: false, reason: 'not-filed', message, checks: [...checks, { check: 'filed', ok: false, message }] };
}

/** Another replica decided on facts that have changed since, and took it over: what is on file counts. */
function takenOverMeanwhile(
  { certificates }: Partner,
  certificate: Certificate,
  checks: AcceptanceDecision['checks'],
): AcceptanceDecision {
  const usages = certificates.find(({ fingerprint }) => fingerprint === certificate.fingerprint)?.usages ?? [];
  const message = 'taken over: it was decided so before what stands against it came up';
  const filed = { check: 'filed', ok: true, message };
  return { accepted: true, certificate, usages, predecessors: [], message, checks: [...checks, filed] };
}

/** A refusal that the same request would meet again at any time; a partner that is gone is no matter of the certificate. */
function isFinal({ code }: CertlaneError): boolean {
  return code === 'failed-precondition' || code === 'invalid-argument' || code === 'already-exists';
}

function readFile(record: ExchangeRecord): ReadFile {
  try {
    return { ok: true, certificate: readOneCertificate(Buffer.from(record.octets, 'base64')) };
  } catch (thrown) {
    if (isPkiError(thrown)) return { ok: false, message: thrown.message };
    throw thrown;
  }
}

function toBase64(certificate: Certificate): string {
  return Buffer.from(certificate.der).toString('base64');
}
