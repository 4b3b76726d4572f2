import { fingerprint, odetteId, timestamp } from '@certlane/contracts';
import {
  documentKey,
  mutate,
  STORE,
  type CollectionDefinition,
  type Documents,
  type DocumentStore,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ReviewScope } from '../domain/review-scope.js';
import { askFor, finish, NEVER, type DueReview, type ReviewState } from '../domain/review-state.js';
import type { Reviews } from '../ports/reviews.js';

const scope = z.object({
  everything: z.boolean().exactOptional(),
  names: z.array(z.string()).exactOptional(),
  anchors: z.array(fingerprint).exactOptional(),
  doubtful: z.boolean().exactOptional(),
  undetermined: z.boolean().exactOptional(),
  partners: z.array(z.object({ station: odetteId, partner: odetteId })).exactOptional(),
});

const state = z.object({
  number: z.int(),
  scope: scope.exactOptional(),
  heard: z.array(z.string()),
  walkedAt: timestamp.exactOptional(),
});

/** One document, `review.standing`. */
const reviewDocuments = {
  name: 'review',
  schema: state as z.ZodType<ReviewState>,
} satisfies CollectionDefinition<z.ZodType<ReviewState>>;

const KEY = documentKey('standing');

/** {@link Reviews} as a document. */
@Injectable()
export class StoredReviews implements Reviews {
  readonly #documents: Documents<ReviewState>;

  constructor(@Inject(STORE) store: DocumentStore) {
    this.#documents = store.collection(reviewDocuments);
  }

  async current(): Promise<ReviewState> {
    return (await this.#documents.get(KEY))?.value ?? NEVER;
  }

  ask(scope: ReviewScope, events: readonly string[]): Promise<void> {
    return this.#change((before) => askFor(before, scope, events));
  }

  finish(review: DueReview, begunAt: Date): Promise<void> {
    return this.#change((before) => finish(before, review, begunAt));
  }

  #change(decide: (before: ReviewState) => ReviewState): Promise<void> {
    return mutate(this.#documents, KEY, (current = NEVER) => {
      const value = decide(current);
      return value === current ? { do: 'nothing', result: undefined } : { do: 'write', value, result: undefined };
    });
  }
}
