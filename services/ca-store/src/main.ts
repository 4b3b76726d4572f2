import { runMain } from '@certlane/runtime';
import { readConfig } from './config.js';
import { startCaStore } from './service.js';

await runMain('ca-store', (env) => startCaStore(readConfig(env)));
