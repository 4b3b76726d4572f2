export { readConfig } from './config.js';
export { startCertExchange } from './service.js';
