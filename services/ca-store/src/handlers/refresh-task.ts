import { LEASED_TASKS, type LeasedTasks } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { RefreshLoop } from '../operations/refresh-loop.js';

/** Between the end of the loop, which ends only with the lease, and another try. */
const AGAIN_MS = 1_000;

/** Runs {@link RefreshLoop} in one replica at a time. */
@Injectable()
export class RefreshTask {
  constructor(@Inject(RefreshLoop) loop: RefreshLoop, @Inject(LEASED_TASKS) tasks: LeasedTasks) {
    tasks.add({ name: 'refresh-lists', everyMs: AGAIN_MS, work: (signal) => loop.run(signal) });
  }
}
