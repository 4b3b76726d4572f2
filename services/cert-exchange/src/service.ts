import { runService, type RunningService, type RuntimeConfig, type ServiceParts } from '@certlane/runtime';
import { certExchangeModule } from './cert-exchange-module.js';

/** Starts cert-exchange; resolves when it takes requests. */
export function startCertExchange(
  config: RuntimeConfig,
  others: Omit<ServiceParts, 'name' | 'config' | 'module'> = {},
): Promise<RunningService> {
  return runService({ name: 'cert-exchange', config, module: certExchangeModule, ...others });
}
