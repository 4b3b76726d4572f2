export type { ContentCipher } from './content-cipher.js';
export { CHALLENGE_OCTETS, type ChallengeEnvelopeOptions, envelopChallenge } from './envelop-challenge.js';
export type { KeyTransport, OaepHash } from './key-transport.js';
export { type ChallengeKey, openChallenge } from './open-challenge.js';
export { type EnvelopeRecipient, MAXIMUM_RECIPIENTS, recipientsOf } from './read-envelope.js';
