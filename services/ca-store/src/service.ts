import { runService, type RunningService, type RuntimeConfig, type ServiceParts } from '@certlane/runtime';
import { caStoreModule } from './ca-store-module.js';

/** Starts ca-store; resolves when it takes requests. */
export function startCaStore(
  config: RuntimeConfig,
  others: Omit<ServiceParts, 'name' | 'config' | 'module'> = {},
): Promise<RunningService> {
  return runService({ name: 'ca-store', config, module: caStoreModule, ...others });
}
