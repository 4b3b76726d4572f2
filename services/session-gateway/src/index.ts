export { gatewayVariables, readConfig, type GatewayConfig } from './config.js';
export { Gateway } from './gateway.js';
export { startSessionGateway } from './start.js';
