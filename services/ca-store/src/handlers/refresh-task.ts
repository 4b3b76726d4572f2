import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RefreshLoop } from '../operations/refresh-loop.js';

/** Runs {@link RefreshLoop} as long as the service runs. */
@Injectable()
export class RefreshTask implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(@Inject(RefreshLoop) private readonly loop: RefreshLoop) {}

  onApplicationBootstrap(): void {
    this.#running = this.loop.run(this.#stop.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
