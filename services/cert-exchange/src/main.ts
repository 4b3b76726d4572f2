import 'reflect-metadata';
import { runMain, runService } from '@certlane/runtime';
import { readConfig } from './config.js';
import { serviceModule } from './service.module.js';

await runMain('cert-exchange', (env) =>
  runService({ name: 'cert-exchange', config: readConfig(env), module: serviceModule }),
);
