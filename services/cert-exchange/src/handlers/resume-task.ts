import { caEvents } from '@certlane/contracts';
import { Hears, LEASED_TASKS, type LeasedTask, type LeasedTasks } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { ResumeHeld } from '../operations/resume-held.js';

/** Lists are read once a day: what nobody heard of is found long before it matters. */
const EVERY_MILLISECONDS = 300_000;

/**
 * Decides anew what waits for something that changes by itself: as soon as ca-store knows more, and from time to time. In one
 * replica: whichever takes the lease over walks at once, so an event that nobody heard meanwhile is made up for.
 */
@Controller()
export class ResumeTask {
  readonly #task: LeasedTask;

  constructor(
    @Inject(ResumeHeld) private readonly resume: ResumeHeld,
    @Inject(LEASED_TASKS) tasks: LeasedTasks,
  ) {
    const work = (signal: AbortSignal): Promise<void> => this.resume.run(signal);
    this.#task = tasks.add({ name: 'resume-held', everyMs: EVERY_MILLISECONDS, work });
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
    if (this.#task.held) await this.resume.run();
  }
}
