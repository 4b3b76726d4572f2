import { runMain } from '@certlane/runtime';
import { readConfig } from './config.js';
import { startSessionGateway } from './start.js';

await runMain('session-gateway', (env) => startSessionGateway(readConfig(env)));
