import {
  CLOCK,
  type LargeDocuments,
  LEASED_TASKS,
  type LeasedTasks,
  LOGGER,
  type Clock,
  type Logger,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CONTENTS } from '../../ports/contents.js';
import { UPLOADS, type Uploads } from '../../ports/uploads.js';
import { StoredTrustState } from './stored-trust-state.js';

const EVERY_MS = 600_000;

/** What nobody names stays so long after it was put: whoever puts a content names it well within this time. */
const AGE_MS = 3_600_000;

/**
 * Removes contents that the trust state no longer names, and what was handed over and never finished or used: every ten minutes, in one
 * replica at a time.
 */
@Injectable()
export class SweepContents {
  readonly #contents: Pick<LargeDocuments, 'sweep'>;
  readonly #uploads: Uploads;
  readonly #state: StoredTrustState;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(CONTENTS) contents: Pick<LargeDocuments, 'sweep'>,
    @Inject(UPLOADS) uploads: Uploads,
    @Inject(StoredTrustState) state: StoredTrustState,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(LEASED_TASKS) tasks: LeasedTasks,
  ) {
    this.#contents = contents;
    this.#uploads = uploads;
    this.#state = state;
    this.#clock = clock;
    this.#logger = logger;
    tasks.add({ name: 'sweep contents', everyMs: EVERY_MS, work: () => this.run() });
  }

  /** One round. */
  async run(): Promise<void> {
    const olderThan = new Date(this.#clock.now().getTime() - AGE_MS);
    await this.#uploads.sweep(olderThan);
    const swept = await this.#contents.sweep(await this.#state.contentsInForce(), olderThan);
    if (swept.contents + swept.parts > 0) this.#logger.info(swept, 'contents that nobody names removed');
  }
}
