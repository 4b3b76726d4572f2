import { CertlaneError } from '@certlane/contracts';
import { HEALTH, LOGGER, type Health, type Logger } from '@certlane/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TRUST_STATE, type TrustState } from '../ports/trust-state.js';

/**
 * Ready means: the trust state can be read, and there is an authority to end at as soon as a trust list is followed. Without any list no
 * authority at all is ready too; then nothing is trusted.
 */
@Injectable()
export class TrustHealth implements OnApplicationBootstrap {
  readonly #state: TrustState;
  readonly #health: Health;
  readonly #logger: Logger;

  constructor(@Inject(TRUST_STATE) state: TrustState, @Inject(HEALTH) health: Health, @Inject(LOGGER) logger: Logger) {
    this.#state = state;
    this.#health = health;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#health.register('trust-anchors', async () => {
      const { anchors, trustLists } = await this.#state.current();
      if (anchors.size > 0 || trustLists.size === 0) return String(anchors.size);
      const names = [...trustLists.keys()].join(', ');
      const remedy = 'certlane tsl show NAME says why, certlane tsl set NAME --url URL corrects an address';
      throw new CertlaneError(
        'failed-precondition',
        `0: no edition of a followed trust list (${names}) names an authority, and no issuer is installed; ${remedy}`,
      );
    });
    const { version, issuers, anchors, trustLists, revocationLists } = await this.#state.current();
    const held = {
      version,
      issuers: issuers.size,
      anchors: anchors.size,
      trustLists: trustLists.size,
      revocationLists: revocationLists.size,
    };
    this.#logger.info(held, 'trust state loaded');
  }
}
