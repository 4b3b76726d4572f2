export { start } from './start.js';
export { Gateway } from './gateway.js';
export { readConfig } from './config.js';
