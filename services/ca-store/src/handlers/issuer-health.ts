import { HEALTH, LOGGER, type Health, type Logger } from '@certlane/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ISSUERS, type Issuers } from '../ports/issuers.js';

/** Ready means: every installed issuer can be read. None at all is ready too; then nothing is trusted. */
@Injectable()
export class IssuerHealth implements OnApplicationBootstrap {
  readonly #issuers: Issuers;
  readonly #health: Health;
  readonly #logger: Logger;

  constructor(@Inject(ISSUERS) issuers: Issuers, @Inject(HEALTH) health: Health, @Inject(LOGGER) logger: Logger) {
    this.#issuers = issuers;
    this.#health = health;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#health.register('issuers', async () => {
      await this.#issuers.all();
    });
    this.#logger.info({ issuers: (await this.#issuers.all()).length }, 'issuers installed');
  }
}
