export { readConfig } from './config.js';
export { startCaStore } from './service.js';
