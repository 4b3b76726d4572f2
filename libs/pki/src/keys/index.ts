export {
  createKeyPair,
  type KeyPair,
  privateKeyFromPkcs8,
  privateKeyToPkcs8,
  RSA_KEY_SIZES,
  type RsaKeySize,
  spkiOf,
} from './key-pair.js';
export { keyMatches, readPrivateKey } from './read-private-key.js';
