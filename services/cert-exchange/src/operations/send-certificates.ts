import type { Exchange, exchangeRequests, ParsedRequestOf } from '@certlane/contracts';
import { CertlaneError } from '@certlane/contracts';
import type { AuditTrail, Clock } from '@certlane/runtime';
import { withReach } from '../domain/ledger/dial.js';
import { queueFiles } from '../domain/ledger/outbound.js';
import { planOrder } from '../domain/sending/plan.js';
import { viewOf } from '../domain/ledger/view.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';

type Request = ParsedRequestOf<typeof exchangeRequests.send>;

/** Carries out the order to send, request or replace certificates: queued durably, then dialled. */
export class SendCertificates {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; partners: Partners; audit: AuditTrail; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /**
   * @param actor who gives the order, for the audit trail
   * @throws {CertlaneError} `failed-precondition` when exchange is off for the partner or there is nothing to send
   */
  async run(request: Request, actor: string | undefined): Promise<Exchange[]> {
    const { station, partner: id, kind, certificate, replaces } = request;
    const ref = { station, partner: id };
    const [partner, owned] = await Promise.all([this.#partners.get(ref), this.#partners.ownCertificates(station)]);
    if (!partner.acx) {
      throw new CertlaneError(
        'failed-precondition',
        `automatic certificate exchange is off for partner '${id}': turn it on with 'certlane partner set ${id} --acx'`,
        { details: { field: 'partner', partner: id } },
      );
    }
    const planned = planOrder({ kind, station, certificate, replaces }, owned, partner.usages);
    const { via } = partner;
    // Files of a sub-station go in the sessions of the partner that it belongs to.
    const called = via === undefined ? ref : { station, partner: via };
    const drafts = via === undefined ? planned : planned.map((draft) => ({ ...draft, destination: id }));
    const { connection } = via === undefined ? partner : await this.#partners.get(called);
    const now = this.#clock.now();
    const dial = connection !== null;
    if (drafts.length === 0) return [];
    const queue = (): Promise<Exchange[]> =>
      this.#ledgers.change(called, (ledger) => {
        const { ids, ...queued } = queueFiles(ledger, drafts, now);
        const reached = withReach(queued.ledger, dial);
        const open = reached.open.filter((one) => ids.includes(one.id));
        return { ...queued, ledger: reached, dial, result: open.map((one) => viewOf(called, one, reached)) };
      });
    const serialNumbers = drafts.map((draft) => draft.certificate.serialNumber);
    const reason = replaces === undefined ? kind : `${kind}, in place of certificate ${replaces.slice(0, 12)}`;
    return this.#audit.around(
      { act: 'exchange.send', actor, about: ref, reason, serialNumbers },
      queue,
      (exchanges) => ({
        after: { exchanges: exchanges.map((one) => ({ id: one.id, certificate: one.certificate?.fingerprint })) },
      }),
    );
  }
}
