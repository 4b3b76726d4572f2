import { AUDIT, CLOCK, type AuditTrail, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { showStandings } from '../domain/audit-views.js';
import { requirePartner } from '../domain/presence.js';
import type { PartnerRecord } from '../domain/records.js';
import { keepStandings, type Findings } from '../domain/standing.js';
import type { Changed, Partners } from '../ports/partners.js';
import { PARTNERS } from '../ports/tokens.js';

/** Keeps what was found about certificates on file. */
@Injectable()
export class Standings {
  readonly #partners: Partners;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(@Inject(PARTNERS) partners: Partners, @Inject(AUDIT) audit: AuditTrail, @Inject(CLOCK) clock: Clock) {
    this.#partners = partners;
    this.#audit = audit;
    this.#clock = clock;
  }

  /**
   * What fell or stands again is an act of this service: a revoked certificate serves nothing from then on.
   * @param asked the partner as it was when ca-store was asked
   * @throws {CertlaneError} `not-found` where the partner is gone; `conflict`, `unavailable`
   */
  async keep(asked: PartnerRecord, findings: Findings): Promise<Changed> {
    const key = { station: asked.station, partner: asked.id };
    const changed = await this.#partners.change(key, (current) =>
      keepStandings(requirePartner(current, key).record, asked, findings, this.#clock.now()),
    );
    if (changed.changed) {
      const shown = showStandings(changed.before, changed.after.record);
      if (shown.serialNumbers?.length !== 0) {
        await this.#audit.record({ act: 'partner-certificate.review', about: key, ...shown, phase: 'done' });
      }
    }
    return changed;
  }
}
