import { LOGGER, type Logger } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { mergeScopes, type ReviewScope } from '../domain/review-scope.js';
import type { Reviews } from '../ports/reviews.js';
import { REVIEWS } from '../ports/tokens.js';

/** Events come in bursts, one for each issuer that is installed: they are noted together. */
const GATHERED_MILLISECONDS = 500;

/** Notes what is to be reviewed. What cannot be noted is lost: the daily review makes up for it. */
@Injectable()
export class ReviewRequests {
  readonly #reviews: Reviews;
  readonly #logger: Logger;
  #gathered: { readonly scope: ReviewScope; readonly events: readonly string[] } | undefined;
  #noted: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(REVIEWS) reviews: Reviews, @Inject(LOGGER) logger: Logger) {
    this.#reviews = reviews;
    this.#logger = logger;
  }

  /** Asks for a review; it is noted soon after, together with what else is asked for by then. */
  ask(scope: ReviewScope, events: readonly string[] = []): void {
    const before = this.#gathered;
    this.#gathered =
      before === undefined
        ? { scope, events }
        : { scope: mergeScopes(before.scope, scope), events: [...before.events, ...events] };
    this.#timer ??= setTimeout(() => {
      this.#noted = this.#note();
    }, GATHERED_MILLISECONDS);
  }

  /** Notes what waits to be noted, before the store is closed. */
  async onModuleDestroy(): Promise<void> {
    await this.#noted;
    await this.#note();
  }

  async #note(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const asked = this.#gathered;
    this.#gathered = undefined;
    if (asked === undefined) return;
    try {
      await this.#reviews.ask(asked.scope, asked.events);
    } catch (thrown) {
      this.#logger.warn({ err: thrown }, 'a review could not be asked for; the daily one makes up for it');
    }
  }
}
