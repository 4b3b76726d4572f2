import { CLOCK, HEALTH, type Clock, type Health } from '@certlane/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { listStatesText } from '../domain/refresh/list-states.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type TrustState } from '../ports/trust-state.js';

/** Shows how lists stand. Lists that are too old make verdicts worse, not the service unready: nobody else would have better ones. */
@Injectable()
export class RefreshHealth implements OnApplicationBootstrap {
  constructor(
    @Inject(HEALTH) private readonly health: Health,
    @Inject(TRUST_STATE) private readonly state: TrustState,
    @Inject(REFRESH_SETTINGS) private readonly settings: RefreshSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register('lists', async () =>
      listStatesText(await this.state.current(), this.settings, this.clock.now()),
    );
  }
}
