export { open, seal, sealFor } from './seal.js';
export { MAXIMUM_PLAINTEXT_OCTETS } from './sealed-text.js';
export { boxPublicKey, SEALING_SECRET_OCTETS, SealingKey } from './sealing-key.js';
