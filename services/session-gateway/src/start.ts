import { runService, type RunningService, type RuntimeConfig, type ServiceParts } from '@certlane/runtime';
import { SessionEndEvents } from './adapters/session-end-events.js';
import type { GatewayConfig } from './config.js';
import { Gateway } from './gateway.js';
import { gatewayModule } from './gateway-module.js';

/** How long the last events may take to reach their stream. */
const LAST_EVENTS_MILLISECONDS = 3_000;

/**
 * Starts the gateway; resolves when it listens and takes messages. The sealing key in the configuration is overwritten.
 * @throws {CertlaneError} `failed-precondition` for a port that is taken, `unavailable` without NATS
 */
export async function startSessionGateway(
  config: { readonly runtime: RuntimeConfig; readonly gateway: GatewayConfig },
  others: Omit<ServiceParts, 'name' | 'config' | 'module'> = {},
): Promise<RunningService> {
  const module = gatewayModule(config.gateway);
  const running = await runService({ name: 'session-gateway', config: config.runtime, module, ...others });
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
