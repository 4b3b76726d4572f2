import { setTimeout as sleep } from 'node:timers/promises';
import { isCertlaneError, type ValidationVerdict } from '@certlane/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { FiledCertificate, PartnerRecord } from '../domain/records.js';
import { inScope, type ReviewScope } from '../domain/review-scope.js';
import { dueAt } from '../domain/review-state.js';
import { isReviewed } from '../domain/standing.js';
import type { Partners } from '../ports/partners.js';
import type { Reviews } from '../ports/reviews.js';
import { PARTNERS, REVIEWS, VALIDATOR } from '../ports/tokens.js';
import type { Validator } from '../ports/validator.js';
import { Standings } from './standings.js';
import { SubStations } from './sub-stations.js';

const PAGE = 100;
/** Questions under way at once: so few that those of sessions do not wait behind them. */
const UNDER_WAY = 4;
const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/**
 * Goes through certificates on file and keeps whether they stand, when something has changed that they stand on, and once a day.
 * Without an answer of ca-store nothing is concluded: it is asked again until it answers.
 */
@Injectable()
export class StandingReview {
  readonly #partners: Partners;
  readonly #subStations: SubStations;
  readonly #reviews: Reviews;
  readonly #validator: Validator;
  readonly #standings: Standings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #troubled = false;

  constructor(
    @Inject(PARTNERS) partners: Partners,
    @Inject(SubStations) subStations: SubStations,
    @Inject(REVIEWS) reviews: Reviews,
    @Inject(VALIDATOR) validator: Validator,
    @Inject(Standings) standings: Standings,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#partners = partners;
    this.#subStations = subStations;
    this.#reviews = reviews;
    this.#validator = validator;
    this.#standings = standings;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Reviews what is due, if anything is. What is not finished when the signal aborts is begun anew by whoever runs next. */
  async run(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const due = dueAt(await this.#reviews.current(), now);
    if (due === undefined) return;
    let changed = 0;
    for await (const records of this.#concerned(due.scope)) {
      changed += await this.#reviewAll(records, due.scope, signal);
      signal.throwIfAborted();
    }
    await this.#reviews.finish(due, now);
    this.#logger.info({ scope: due.scope, changed }, 'certificates on file were reviewed');
  }

  /** Partners that may have a certificate in the scope, some at a time. */
  async *#concerned({ partners: named, ...others }: ReviewScope): AsyncGenerator<readonly PartnerRecord[]> {
    if (named !== undefined && Object.keys(others).length === 0) {
      const found = await Promise.all(named.map((key) => this.#partners.get(key)));
      yield found.flatMap((kept) => kept?.record ?? []);
      return;
    }
    for (let after: string | undefined; ;) {
      const page = await this.#partners.list({ limit: PAGE, after });
      yield page.partners.map(({ record }) => record);
      if (page.next === undefined) return;
      after = page.next;
    }
  }

  /** @returns at how many partners something changed */
  async #reviewAll(records: readonly PartnerRecord[], scope: ReviewScope, signal: AbortSignal): Promise<number> {
    const left = [...records];
    let changed = 0;
    const work = async () => {
      for (let record = left.shift(); record !== undefined; record = left.shift()) {
        if (scope.everything === true) await this.#subStations.tidy(record);
        if (await this.#review(record, scope, signal)) changed += 1;
      }
    };
    try {
      await Promise.all(Array.from({ length: UNDER_WAY }, work));
    } finally {
      // Where one has failed the others stop as well: the review is begun anew.
      left.length = 0;
    }
    return changed;
  }

  async #review(partner: PartnerRecord, scope: ReviewScope, signal: AbortSignal): Promise<boolean> {
    const concerned = partner.certificates.filter(
      (one) => isReviewed(one, this.#clock.now()) && inScope(scope, partner, one),
    );
    const findings = new Map<string, ValidationVerdict>();
    for (const certificate of concerned) {
      const verdict = await this.#ask(certificate, partner, signal);
      if (verdict !== undefined) findings.set(certificate.fingerprint, verdict);
    }
    if (findings.size === 0) return false;
    signal.throwIfAborted();
    try {
      return (await this.#standings.keep(partner, findings)).changed;
    } catch (thrown) {
      if (isCertlaneError(thrown) && thrown.code === 'not-found') return false;
      throw thrown;
    }
  }

  /** What ca-store says; undefined where it cannot judge this certificate at all. */
  async #ask(
    { certificate, fingerprint }: FiledCertificate,
    partner: PartnerRecord,
    signal: AbortSignal,
  ): Promise<ValidationVerdict | undefined> {
    for (let ms = FIRST_PAUSE_MILLISECONDS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MILLISECONDS)) {
      signal.throwIfAborted();
      try {
        const verdict = await this.#validator.validate(certificate, partner);
        this.#troubled = false;
        return verdict;
      } catch (thrown) {
        if (!isCertlaneError(thrown) || thrown.code !== 'unavailable') {
          this.#logger.warn({ fingerprint, partner: partner.id, err: thrown }, 'a certificate could not be reviewed');
          return undefined;
        }
        this.#trouble(thrown);
        await pause(ms, signal);
      }
    }
  }

  /** Said once: a ca-store that is away is away for every certificate. */
  #trouble(thrown: unknown): void {
    if (!this.#troubled) this.#logger.warn({ err: thrown }, 'certificates cannot be reviewed now; it is tried again');
    this.#troubled = true;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
