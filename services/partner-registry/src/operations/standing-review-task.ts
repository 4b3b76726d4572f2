import { LEASED_TASKS, type LeasedTasks } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { StandingReview } from './standing-review.js';

/** How often it is looked whether a review is due. */
const LOOK_MILLISECONDS = 1_000;

/** Lets one replica at a time review certificates on file. */
@Injectable()
export class StandingReviewTask {
  constructor(@Inject(StandingReview) review: StandingReview, @Inject(LEASED_TASKS) tasks: LeasedTasks) {
    tasks.add({ name: 'standing-review', everyMs: LOOK_MILLISECONDS, work: (signal) => review.run(signal) });
  }
}
