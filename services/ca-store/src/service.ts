import { runService, type RunningService, type ServiceParts } from '@certlane/runtime';
import { caStoreModule } from './ca-store-module.js';
import { usualLists, type CaStoreConfig } from './config.js';

/** Starts ca-store; resolves when it takes requests. */
export function startCaStore(
  config: CaStoreConfig,
  others: Omit<ServiceParts, 'name' | 'config' | 'module'> = {},
): Promise<RunningService> {
  return runService({ name: 'ca-store', config, module: caStoreModule(config.lists ?? usualLists), ...others });
}
