import 'reflect-metadata';
import { runMain } from '@certlane/runtime';
import { start } from './start.js';

await runMain('session-gateway', start);
