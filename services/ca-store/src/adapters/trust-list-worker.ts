import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { Examination, ExaminationInput } from '../domain/trust-list/examine.js';
import type { TrustListExaminer } from '../ports/trust-list-examiner.js';

/** What one examination may take. */
export interface ExaminationLimits {
  /** 10 s unless told: the largest list that is no attack takes a second. */
  readonly milliseconds?: number;
  /** MiB of JavaScript heap; 256 unless told. */
  readonly heapMiB?: number;
}

/**
 * {@link TrustListExaminer} in a thread of its own for each list, one at a time. The time that a signature check takes grows with the
 * square of what a stranger wrote, and the libraries for it block: here they block nobody, and the thread is ended when it is time.
 */
@Injectable()
export class TrustListWorker implements TrustListExaminer {
  readonly #limits: Required<ExaminationLimits>;
  #before: Promise<unknown> = Promise.resolve();

  constructor(limits: ExaminationLimits = {}) {
    this.#limits = { milliseconds: limits.milliseconds ?? 10_000, heapMiB: limits.heapMiB ?? 256 };
  }

  examine(input: ExaminationInput): Promise<Examination> {
    const examined = this.#before.then(() => this.#inThread(input));
    this.#before = examined.catch(() => undefined);
    return examined;
  }

  async #inThread(input: ExaminationInput): Promise<Examination> {
    const { milliseconds, heapMiB } = this.#limits;
    const worker = new Worker(threadFile(), {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 32 },
      env: {},
    });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Examination>((resolve, reject) => {
        const tooCostly = (message: string): void => resolve({ ok: false, reason: 'too-costly', message });
        timer = setTimeout(() => tooCostly(`It could not be examined within ${milliseconds} ms.`), milliseconds);
        worker.once('message', (examination: Examination) => resolve(examination));
        worker.once('exit', () => tooCostly('Its examination ended without a result.'));
        worker.once('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooCostly(`Its examination took more than ${heapMiB} MiB.`);
          else reject(error);
        });
      });
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}

/** Where this runs from its sources, as unit tests do, the thread still runs what was compiled. */
function threadFile(): URL {
  const here = new URL('./trust-list-worker/main.js', import.meta.url);
  return existsSync(here) ? here : new URL(here.href.replace('/src/', '/dist/'));
}
