import { caEvents, type CloudEvent, type DataOf, type EventContract } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import {
  EVERYTHING,
  scopeOfAdded,
  scopeOfRemoved,
  scopeOfRevocations,
  type ReviewScope,
} from '../domain/review-scope.js';
import { ReviewRequests } from '../operations/review-requests.js';

type Heard<C extends EventContract> = CloudEvent<DataOf<C>>;

/** Events after which certificates on file may stand or fall. */
@Controller()
export class ReviewHandlers {
  readonly #requests: ReviewRequests;

  constructor(@Inject(ReviewRequests) requests: ReviewRequests) {
    this.#requests = requests;
  }

  @Hears(caEvents.issuerAdded)
  issuerAdded({ id, data }: Heard<typeof caEvents.issuerAdded>): Promise<void> {
    return this.#ask(id, scopeOfAdded(data.issuer));
  }

  @Hears(caEvents.issuerRemoved)
  issuerRemoved({ id, data }: Heard<typeof caEvents.issuerRemoved>): Promise<void> {
    return this.#ask(id, scopeOfRemoved(data.issuer));
  }

  @Hears(caEvents.trustListTaken)
  trustListTaken({ id, data }: Heard<typeof caEvents.trustListTaken>): Promise<void> {
    return data.addedCount + data.removedCount === 0 ? Promise.resolve() : this.#ask(id, EVERYTHING);
  }

  @Hears(caEvents.trustListRemoved)
  trustListRemoved({ id }: Heard<typeof caEvents.trustListRemoved>): Promise<void> {
    return this.#ask(id, EVERYTHING);
  }

  @Hears(caEvents.revocationListTaken)
  revocationListTaken({ id, data }: Heard<typeof caEvents.revocationListTaken>): Promise<void> {
    return this.#ask(id, scopeOfRevocations(data.issuer));
  }

  @Hears(caEvents.revocationListRemoved)
  revocationListRemoved({ id, data }: Heard<typeof caEvents.revocationListRemoved>): Promise<void> {
    return this.#ask(id, scopeOfRevocations(data.issuer));
  }

  @Hears(caEvents.revocationListFailed)
  revocationListFailed({ id }: Heard<typeof caEvents.revocationListFailed>): Promise<void> {
    return this.#ask(id, { undetermined: true });
  }

  #ask(event: string, scope: ReviewScope): Promise<void> {
    this.#requests.ask(scope, [event]);
    return Promise.resolve();
  }
}
