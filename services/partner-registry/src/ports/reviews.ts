import type { ReviewScope } from '../domain/review-scope.js';
import type { DueReview, ReviewState } from '../domain/review-state.js';

/** Where it is kept what is to be reviewed: one note for all replicas. */
export interface Reviews {
  current(): Promise<ReviewState>;
  /** @throws {CertlaneError} `unavailable`, `conflict` */
  ask(scope: ReviewScope, events: readonly string[]): Promise<void>;
  /** @throws {CertlaneError} `unavailable`, `conflict` */
  finish(review: DueReview, begunAt: Date): Promise<void>;
}
