export { readConfig } from './config.js';
export { serviceModule } from './service.module.js';
