import { runService, type RunningService, type RuntimeConfig, type ServiceParts } from '@certlane/runtime';
import { registryModule } from './registry-module.js';

/** Starts partner-registry; resolves when it takes requests. */
export function startPartnerRegistry(
  config: RuntimeConfig,
  others: Omit<ServiceParts, 'name' | 'config' | 'module'> = {},
): Promise<RunningService> {
  return runService({ name: 'partner-registry', config, module: registryModule, ...others });
}
