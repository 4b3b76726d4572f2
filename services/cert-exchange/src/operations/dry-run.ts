import type { exchangeRequests, ParsedRequestOf, ReplyOf } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import type { Clock } from '@certlane/runtime';
import { decideAcceptance } from '../domain/acceptance/decide.js';
import { decisionRecordOf, OURSELVES } from '../domain/acceptance/decision-record.js';
import { toldToPartner } from '../domain/acceptance/told-to-partner.js';
import { fittingText } from '../domain/virtual-file.js';
import type { Partners } from '../ports/partners.js';
import type { GatherFacts } from './gather-facts.js';

type Request = ParsedRequestOf<typeof exchangeRequests.decide>;
type Reply = ReplyOf<typeof exchangeRequests.decide>;

/** What would become of a certificate file if the partner sent it now: the same facts, the same chain, and nothing written or told. */
export class DryRun {
  readonly #partners: Partners;
  readonly #gather: GatherFacts;
  readonly #clock: Clock;

  constructor(options: { readonly partners: Partners; readonly gather: GatherFacts; readonly clock: Clock }) {
    this.#partners = options.partners;
    this.#gather = options.gather;
    this.#clock = options.clock;
  }

  /** @throws {CertlaneError} `not-found` for an unknown partner, `unavailable` when the facts cannot be had now */
  async run({ station, partner, kind, description, mode, octets }: Request): Promise<Reply> {
    // A sub-station has no sessions of its own.
    const sender = await this.#partners.get({ station, partner });
    const caller = sender.via === undefined ? sender : await this.#partners.get({ station, partner: sender.via });
    const inBypass = mode === undefined ? caller.bypass.open : mode === 'exchange-only';
    const file = { kind, description, octets, inBypass, originator: partner };
    const { facts, owner } = await this.#gather.run({ station, partner: caller.id }, file);
    const decision = decideAcceptance(facts);
    const record = decisionRecordOf(facts, decision, {
      revision: owner.revision,
      at: this.#clock.now(),
      by: OURSELVES,
    });
    return {
      decision: record,
      session: { mode: inBypass ? 'exchange-only' : 'full', secureAuthentication: facts.proven },
      ...(facts.file.ok ? { certificate: summaryOf(facts.file.certificate) } : {}),
      ...(decision.outcome === 'accepted' ? { answer: { kind: 'eerp' } } : {}),
      ...(decision.outcome === 'refused'
        ? { answer: { kind: 'nerp', text: fittingText(toldToPartner(decision)) } }
        : {}),
    };
  }
}
