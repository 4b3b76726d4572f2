export { start } from './start.js';
export { Gateway } from './gateway.js';
