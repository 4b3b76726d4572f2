export { readConfig } from './config.js';
export { startPartnerRegistry } from './service.js';
