import { runMain } from '@certlane/runtime';
import { readConfig } from './config.js';
import { startCertExchange } from './service.js';

await runMain('cert-exchange', (env) => startCertExchange(readConfig(env)));
