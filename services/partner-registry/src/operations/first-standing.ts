import { CLOCK, LOGGER, type Clock, type Logger } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { certificateOf } from '../domain/filing.js';
import { requirePartner } from '../domain/presence.js';
import { isReviewed, keepStandings } from '../domain/standing.js';
import type { Kept, PartnerKey, Partners } from '../ports/partners.js';
import { PARTNERS, VALIDATOR } from '../ports/tokens.js';
import type { Validator } from '../ports/validator.js';
import { ReviewRequests } from './review-requests.js';

/** Far less than whoever asks us waits for our own answer. */
const WAIT = { milliseconds: 2_000 };

/**
 * Finds how a certificate stands that has just come on file, so that nobody has to wait a day for the next review to hear that it is
 * not trusted.
 */
@Injectable()
export class FirstStanding {
  readonly #partners: Partners;
  readonly #validator: Validator;
  readonly #reviews: ReviewRequests;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(PARTNERS) partners: Partners,
    @Inject(VALIDATOR) validator: Validator,
    @Inject(ReviewRequests) reviews: ReviewRequests,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#partners = partners;
    this.#validator = validator;
    this.#reviews = reviews;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * Finds it now. What is on file is on file whatever comes of this: a review is asked for where ca-store does not answer at once.
   * @returns the partner as it is then
   */
  async find(key: PartnerKey, fingerprint: string, filed: Kept): Promise<Kept> {
    const certificate = certificateOf(filed.record, fingerprint);
    if (certificate === undefined || !isReviewed(certificate, this.#clock.now())) return filed;
    try {
      const finding = await this.#validator.validate(certificate.certificate, filed.record, WAIT);
      const { after } = await this.#partners.change(key, (current) =>
        keepStandings(
          requirePartner(current, key).record,
          filed.record,
          new Map([[fingerprint, finding]]),
          this.#clock.now(),
        ),
      );
      return after;
    } catch (thrown) {
      this.#logger.warn({ fingerprint, err: thrown }, 'how a certificate stands is found by a review');
      this.later(key);
      return filed;
    }
  }

  /** Has it found soon after, by a review. */
  later({ station, partner }: PartnerKey): void {
    this.#reviews.ask({ partners: [{ station, partner }] });
  }
}
