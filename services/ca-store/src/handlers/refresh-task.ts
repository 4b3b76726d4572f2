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
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RefreshLoop } from '../operations/refresh-loop.js';

const NAME = 'refresh-lists';
/** Between the end of the loop, which ends only with the lease, and another try. */
const AGAIN_MS = 1_000;

/** Runs {@link RefreshLoop} in one replica at a time. */
@Injectable()
export class RefreshTask implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #task: LeasedTask;

  constructor(
    @Inject(RefreshLoop) loop: RefreshLoop,
    @Inject(STORE) store: DocumentStore,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) ids: Ids,
    @Inject(LOGGER) logger: Logger,
  ) {
    const lease = new Lease({ store, name: NAME, clock, ids });
    const work = (signal: AbortSignal): Promise<void> => loop.run(signal);
    this.#task = new LeasedTask({ lease, name: NAME, everyMs: AGAIN_MS, work, logger });
  }

  onApplicationBootstrap(): void {
    this.#task.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#task.stop();
  }
}
