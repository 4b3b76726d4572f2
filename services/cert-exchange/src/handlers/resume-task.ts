import { caEvents } from '@certlane/contracts';
import {
  CLOCK,
  Hears,
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
import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ResumeHeld } from '../operations/resume-held.js';

/** Lists are read once a day: what nobody heard of is found long before it matters. */
const EVERY_MILLISECONDS = 300_000;

/**
 * Decides anew what waits for something that changes by itself: as soon as ca-store knows more, and from time to time. In one
 * replica: whichever takes the lease over walks at once, so an event that nobody heard meanwhile is made up for.
 */
@Controller()
export class ResumeTask implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #lease: Lease;
  readonly #task: LeasedTask;

  constructor(
    @Inject(ResumeHeld) private readonly resume: ResumeHeld,
    @Inject(STORE) store: DocumentStore,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) ids: Ids,
    @Inject(LOGGER) logger: Logger,
  ) {
    const name = 'resume-held';
    this.#lease = new Lease({ store, name, clock, ids });
    this.#task = new LeasedTask({
      lease: this.#lease,
      name,
      everyMs: EVERY_MILLISECONDS,
      work: (signal) => this.resume.run(signal),
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.#task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#task.stop();
  }

  @Hears(caEvents.revocationListTaken)
  async revocationListTaken(): Promise<void> {
    await this.#heard();
  }

  @Hears(caEvents.trustListTaken)
  async trustListTaken(): Promise<void> {
    await this.#heard();
  }

  @Hears(caEvents.issuerAdded)
  async issuerAdded(): Promise<void> {
    await this.#heard();
  }

  async #heard(): Promise<void> {
    if (this.#lease.leftMs > 0) await this.resume.run();
  }
}
