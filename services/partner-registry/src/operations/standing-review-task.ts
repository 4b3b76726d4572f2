import {
  CLOCK,
  IDS,
  Lease,
  LeasedTask,
  LOGGER,
  STORE,
  type Clock,
  type DocumentStore,
  type Ids,
  type Logger,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { StandingReview } from './standing-review.js';

const NAME = 'standing-review';
/** How often it is looked whether a review is due. */
const LOOK_MILLISECONDS = 1_000;

/** Lets one replica at a time review certificates on file. */
@Injectable()
export class StandingReviewTask {
  readonly #task: LeasedTask;

  constructor(
    @Inject(StandingReview) review: StandingReview,
    @Inject(STORE) store: DocumentStore,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) ids: Ids,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#task = new LeasedTask({
      lease: new Lease({ store, name: NAME, clock, ids }),
      name: NAME,
      everyMs: LOOK_MILLISECONDS,
      work: (signal) => review.run(signal),
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.#task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#task.stop();
  }
}
