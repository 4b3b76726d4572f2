import { CLOCK, LOGGER, type Clock, type Logger } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { certificateOf } from '../domain/filing.js';
import { isReviewed } from '../domain/standing.js';
import type { Kept, PartnerKey } from '../ports/partners.js';
import { VALIDATOR } from '../ports/tokens.js';
import type { Validator } from '../ports/validator.js';
import { ReviewRequests } from './review-requests.js';
import { Standings } from './standings.js';

/** Far less than whoever asks us waits for our own answer. */
const WAIT = { milliseconds: 2_000 };

/**
 * Finds how a certificate stands that has just come on file, so that nobody has to wait a day for the next review to hear that it is
 * not trusted.
 */
@Injectable()
export class FirstStanding {
  readonly #standings: Standings;
  readonly #validator: Validator;
  readonly #reviews: ReviewRequests;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(Standings) standings: Standings,
    @Inject(VALIDATOR) validator: Validator,
    @Inject(ReviewRequests) reviews: ReviewRequests,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#standings = standings;
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
      return (await this.#standings.keep(filed.record, new Map([[fingerprint, finding]]))).after;
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
