import { runMain } from '@certlane/runtime';
import { readConfig } from './config.js';
import { startPartnerRegistry } from './service.js';

await runMain('partner-registry', (env) => startPartnerRegistry(readConfig(env)));
