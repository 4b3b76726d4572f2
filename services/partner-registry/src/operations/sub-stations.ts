import { isCertlaneError } from '@certlane/contracts';
import { CLOCK, IDS, type Clock, type Ids } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { requirePartner } from '../domain/presence.js';
import { LIMITS, type PartnerRecord, type SubStationClaim } from '../domain/records.js';
import { claimSubStation, isDead, releaseSubStations, type SubStation } from '../domain/sub-stations.js';
import type { Partners } from '../ports/partners.js';
import { PARTNERS } from '../ports/tokens.js';

/**
 * Keeps the list of sub-stations in the record of the partner in whose sessions their files come and go: sessions find it there
 * without a search, and adding a sub-station cannot cross the removal of that partner.
 *
 * A claim comes before the record of the sub-station and goes after it. What a kill in between leaves names nobody, and is taken
 * out when room is needed or the partner is looked at next.
 */
@Injectable()
export class SubStations {
  readonly #partners: Partners;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(@Inject(PARTNERS) partners: Partners, @Inject(CLOCK) clock: Clock, @Inject(IDS) ids: Ids) {
    this.#partners = partners;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** @throws {CertlaneError} what {@link claimSubStation} throws; `conflict`, `unavailable` */
  async claim(asked: SubStation): Promise<void> {
    const claim = this.#ids.next();
    const key = { station: asked.station, partner: asked.via };
    const now = this.#clock.now();
    const found = (await this.#partners.get(key))?.record;
    const full = found !== undefined && found.subStations.length >= LIMITS.subStations;
    const dead = full ? await this.#dead(found) : [];
    await this.#partners.change(key, (current) => claimSubStation(current?.record, asked, { claim, dead, now }));
  }

  /** Takes out the claim of a sub-station that was removed, as it stood before the removal. */
  async release(via: { readonly station: string; readonly partner: string }, claim: string): Promise<void> {
    await this.#release(via, [claim]);
  }

  /** The claim of a sub-station at its partner; undefined where there is none any more. */
  async claimOf({ station, id, via }: Pick<PartnerRecord, 'station' | 'id' | 'via'>): Promise<string | undefined> {
    if (via === undefined) return undefined;
    const carrier = (await this.#partners.get({ station, partner: via }))?.record;
    return carrier?.subStations.find((one) => one.id === id)?.claim;
  }

  /** The sub-stations of a partner, claims made just now included. */
  async alive(partner: PartnerRecord): Promise<SubStationClaim[]> {
    const dead = await this.#dead(partner);
    return partner.subStations.filter(({ claim }) => !dead.includes(claim));
  }

  /** Takes out what kills have left with a partner. */
  async tidy(partner: PartnerRecord): Promise<void> {
    const dead = await this.#dead(partner);
    if (dead.length > 0) await this.#release({ station: partner.station, partner: partner.id }, dead);
  }

  async #release(key: { readonly station: string; readonly partner: string }, claims: readonly string[]) {
    try {
      await this.#partners.change(key, (current) => releaseSubStations(requirePartner(current, key).record, claims));
    } catch (error) {
      // Its claims went with it.
      if (!isCertlaneError(error) || error.code !== 'not-found') throw error;
    }
  }

  async #dead({ station, id, subStations }: PartnerRecord): Promise<string[]> {
    const now = this.#clock.now();
    const looked = await Promise.all(
      subStations.map(async (one) => {
        const record = (await this.#partners.get({ station, partner: one.id }))?.record;
        return isDead(one, id, record, now) ? one.claim : undefined;
      }),
    );
    return looked.filter((claim) => claim !== undefined);
  }
}
