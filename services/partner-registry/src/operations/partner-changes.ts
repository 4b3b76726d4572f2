import type { AuditSubject } from '@certlane/contracts';
import { AUDIT, type AuditTrail } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Show } from '../domain/audit-views.js';
import type { Change, Fact } from '../domain/change.js';
import type { PartnerRecord } from '../domain/records.js';
import type { Changed, Kept, PartnerKey, Partners } from '../ports/partners.js';
import { PARTNERS } from '../ports/tokens.js';

/** A change as the audit trail tells it. */
export interface Act {
  /** Dotted name, `partner.set`. */
  readonly act: string;
  /** Who acts; left out, this service. */
  readonly actor: string | undefined;
  readonly reason?: string;
  /** What it is about beside station and partner. */
  readonly about?: AuditSubject;
  readonly show: Show;
}

type Decide = (current: Kept | undefined) => Change<PartnerRecord>;

/**
 * Changes of partners that go into the audit trail. What changes nothing, and what is refused before anything is done, leaves no
 * entry: the trail says what was done, and what somebody set out to do.
 */
@Injectable()
export class PartnerChanges {
  readonly #partners: Partners;
  readonly #audit: AuditTrail;

  constructor(@Inject(PARTNERS) partners: Partners, @Inject(AUDIT) audit: AuditTrail) {
    this.#partners = partners;
    this.#audit = audit;
  }

  /**
   * A change that is told once it is made.
   * @throws {CertlaneError} what {@link Partners.change} throws; `unavailable` when it is made and could not be written down
   */
  async make(key: PartnerKey, act: Act, decide: Decide): Promise<Changed> {
    const changed = await this.#partners.change(key, decide);
    if (changed.changed) {
      const shown = act.show(changed.before, changed.after.record);
      await this.#audit.record({ ...draftOf(key, act), ...shown, phase: 'done' });
    }
    return changed;
  }

  /**
   * A change that cannot be taken back: the trail says before that it is intended, and after how it ended.
   * @throws {CertlaneError} what {@link Partners.change} and {@link AuditTrail.around} throw
   */
  async makeForGood(key: PartnerKey, act: Act, decide: Decide): Promise<Changed> {
    const found = await this.#partners.get(key);
    const { record } = decide(found);
    if (record === found?.record) return this.#partners.change(key, decide);
    const { before, serialNumbers } = act.show(found?.record, record);
    return this.#audit.around(
      { ...draftOf(key, act), before, serialNumbers },
      () => this.#partners.change(key, decide),
      ({ before: was, after }) => {
        const shown = act.show(was, after.record);
        return { after: shown.after, serialNumbers: shown.serialNumbers };
      },
    );
  }

  /**
   * The removal of a partner, told like {@link makeForGood}.
   * @param decide refuses, or says what to tell
   * @returns the record that was removed; undefined when there was none
   */
  async remove(
    key: PartnerKey,
    act: Act,
    decide: (current: PartnerRecord) => Promise<readonly Fact[]>,
  ): Promise<PartnerRecord | undefined> {
    const found = (await this.#partners.get(key))?.record;
    if (found === undefined) return undefined;
    await decide(found);
    const { before, serialNumbers } = act.show(found, undefined);
    return this.#audit.around({ ...draftOf(key, act), before, serialNumbers }, () =>
      this.#partners.remove(key, decide),
    );
  }
}

function draftOf({ station, partner }: PartnerKey, { act, actor, reason, about }: Act) {
  return { act, actor, about: { station, partner, ...about }, ...(reason === undefined ? {} : { reason }) };
}
