export { caStoreVariables, readConfig, usualLists, type CaStoreConfig, type ListSettings } from './config.js';
export { startCaStore } from './service.js';
