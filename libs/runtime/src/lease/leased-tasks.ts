import type { Logger } from 'pino';
import type { Clock } from '../service/clock.js';
import type { Ids } from '../service/ids.js';
import type { DocumentStore } from '../store/documents.js';
import { LeasedTask, type LeasedTaskParts } from './leased-task.js';
import { Lease } from './lease.js';

/** What the tasks of a service stand over. */
export interface LeasedTasksParts {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/**
 * What a service does in one replica at a time: each task has a lease of its name. All begin once the service is wired, and stop before
 * it does.
 */
export class LeasedTasks {
  readonly #parts: LeasedTasksParts;
  readonly #tasks: LeasedTask[] = [];

  constructor(parts: LeasedTasksParts) {
    this.#parts = parts;
  }

  /** Adds a task; to be called while the service is being wired. */
  add(task: Pick<LeasedTaskParts, 'name' | 'everyMs' | 'work'>): LeasedTask {
    const { logger, ...parts } = this.#parts;
    const added = new LeasedTask({ ...task, lease: new Lease({ ...parts, name: task.name }), logger });
    this.#tasks.push(added);
    return added;
  }

  onApplicationBootstrap(): void {
    for (const task of this.#tasks) task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop()));
  }
}
