import { runService, type RunningService } from '@certlane/runtime';
import { SessionEndEvents } from './adapters/session-end-events.js';
import { readConfig } from './config.js';
import { Gateway } from './gateway.js';
import { gatewayModule } from './gateway-module.js';

/** How long the last events may take to reach their stream. */
const LAST_EVENTS_MILLISECONDS = 3_000;

/**
 * Starts the gateway; resolves when it listens and takes messages.
 * @throws {CertlaneError} `invalid-argument` for a wrong configuration, `failed-precondition` for a port that is taken,
 *   `unavailable` without NATS
 */
export async function start(env: Readonly<Record<string, string | undefined>>): Promise<RunningService> {
  const config = readConfig(env);
  const running = await runService({
    name: 'session-gateway',
    config: config.runtime,
    module: gatewayModule(config.gateway),
  });
  // The key lives on in what was derived from it.
  config.gateway.sealingKey.fill(0);
  return {
    ...running,
    close: async () => {
      // Sessions first: they need the bus, and a call that is under way holds its job.
      await running.get(Gateway).close();
      await running.get(SessionEndEvents).close(LAST_EVENTS_MILLISECONDS);
      await running.close();
    },
  };
}
