import { isCertlaneError, type CertlaneError, type Partner } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { AuditDraft, AuditTrail } from '@certlane/runtime';
import type { AcceptanceDecision } from '../domain/acceptance/decide.js';
import { notFiled, takenOverMeanwhile } from '../domain/acceptance/outcomes.js';
import type { ExchangeRecord } from '../domain/ledger/record.js';
import type { Partners } from '../ports/partners.js';
import type { Gathered } from './gather-facts.js';

type Settled = AcceptanceDecision & { outcome: 'accepted' | 'refused' };

/**
 * Has the registry do what was decided: take the certificate over, or settle that nothing is taken over. Of two replicas that decide
 * the same file on different facts, the registry lets one count. Both stand in the audit trail, before and after.
 */
export class SettleDecision {
  readonly #partners: Partners;
  readonly #audit: AuditTrail;

  constructor(options: { readonly partners: Partners; readonly audit: AuditTrail }) {
    this.#partners = options.partners;
    this.#audit = options.audit;
  }

  /**
   * @param person who decided so; undefined where nobody did: it is what the partner's file caused
   * @returns the decision that counts
   * @throws {CertlaneError} `conflict` when the partner was changed since the facts were gathered; `unavailable`
   */
  async run(
    record: ExchangeRecord,
    { facts, owner }: Gathered,
    decision: Settled,
    person: string | undefined,
  ): Promise<AcceptanceDecision> {
    const partner = `partner:${facts.originator}`;
    let by = person ?? partner;
    let settled: AcceptanceDecision = decision;
    if (decision.outcome === 'accepted') {
      try {
        await this.#takeOver(record, owner, decision, person);
        return decision;
      } catch (thrown) {
        if (!isCertlaneError(thrown) || !isFinal(thrown)) throw thrown;
        // Whoever accepted it did not decline it.
        by = partner;
        settled = notFiled(decision, thrown.message);
      }
    }
    if (facts.file.ok) return this.#decline(record, owner, { settled, certificate: facts.file.certificate, by });
    // No replica can take over what cannot be read, so there is nothing to settle; the NERP that follows is an act all the same.
    await this.#audit.record({
      ...draftOf('certificate.decline', record, owner),
      actor: by,
      reason: reasonOf(settled),
      phase: 'done',
    });
    return settled;
  }

  async #takeOver(
    record: ExchangeRecord,
    owner: Partner,
    decision: AcceptanceDecision & { outcome: 'accepted' },
    person: string | undefined,
  ): Promise<void> {
    const { certificate, usages, predecessors, message } = decision;
    const act = {
      ...draftOf('certificate.take-over', record, owner, certificate),
      actor: person ?? `partner:${owner.id}`,
      // Where a person decided, their words; why it fits stands with the exchange.
      reason: (person === undefined ? undefined : record.held?.word?.note) ?? message,
      before: { predecessors },
      serialNumbers: [certificate.serialNumber, ...serialNumbersOf(owner, predecessors)],
    };
    const request = {
      station: owner.station,
      partner: owner.id,
      exchange: record.id,
      kind: record.kind,
      certificate: Buffer.from(certificate.der).toString('base64'),
      usages: [...usages],
      predecessors: [...predecessors],
      revision: owner.revision,
    };
    await this.#audit.around(
      act,
      () => this.#partners.takeOver(request, person),
      () => ({ after: { usages } }),
    );
  }

  async #decline(
    record: ExchangeRecord,
    owner: Partner,
    { settled, certificate, by }: { settled: AcceptanceDecision; certificate: Certificate; by: string },
  ): Promise<AcceptanceDecision> {
    const ref = { station: owner.station, partner: owner.id };
    const declined = await this.#audit.around(
      { ...draftOf('certificate.decline', record, owner, certificate), actor: by, reason: reasonOf(settled) },
      () => this.#partners.decline(ref, record.id),
      (done) => ({ after: { declined: done } }),
    );
    return declined ? settled : takenOverMeanwhile(await this.#partners.get(ref), certificate, settled);
  }
}

function reasonOf(settled: AcceptanceDecision): string {
  return settled.outcome === 'refused' ? `${settled.reason}: ${settled.message}` : settled.message;
}

function draftOf(act: string, record: ExchangeRecord, owner: Partner, certificate?: Certificate): AuditDraft {
  return {
    act,
    about: {
      station: owner.station,
      partner: owner.id,
      exchange: record.id,
      ...(certificate === undefined ? {} : { certificate: certificate.fingerprint }),
      ...(record.held === undefined ? {} : { approval: record.id }),
    },
    serialNumbers: certificate === undefined ? [] : [certificate.serialNumber],
  };
}

function serialNumbersOf({ certificates }: Partner, fingerprints: readonly string[]): string[] {
  return certificates
    .filter(({ fingerprint }) => fingerprints.includes(fingerprint))
    .map(({ serialNumber }) => serialNumber);
}

/** A refusal that the same request would meet again at any time; a partner that is gone is no matter of the certificate. */
function isFinal({ code }: CertlaneError): boolean {
  return code === 'failed-precondition' || code === 'invalid-argument' || code === 'already-exists';
}
