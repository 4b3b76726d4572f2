import { randomBytes } from 'node:crypto';
import { EsidReason } from '@certlane/oftp2';
import { CHALLENGE_OCTETS, envelopChallenge, isPkiError, openChallenge, type ChallengeKey } from '@certlane/pki';
import type { Vault } from '../domain/vault.js';
import type { RunDecision } from '../ports/session-trust.js';
import type { Peer } from './peer.js';

/** What secure authentication runs on: all certificates of ours that the partner may use, and the ones it is known by. */
export interface AuthenticationParts {
  readonly station: string;
  readonly decision: RunDecision;
  readonly vault: Vault;
}

/** The Responder challenges first and answers second. RFC 5024 §4.2.3 */
export async function authenticateAsResponder(peer: Peer, parts: AuthenticationParts): Promise<void> {
  await challenge(peer, parts);
  await answer(peer, parts);
}

/** The Initiator answers first and challenges second. RFC 5024 §4.2.3 */
export async function authenticateAsInitiator(peer: Peer, parts: AuthenticationParts): Promise<void> {
  await answer(peer, parts);
  await challenge(peer, parts);
}

/** The session machine compares what comes back; a wrong answer ends the session with ESID 11. */
async function challenge(peer: Peer, { decision, vault }: AuthenticationParts): Promise<void> {
  await peer.expect('F_CHALLENGE_IND');
  const [theirs] = decision.theirs;
  if (theirs === undefined) return refuse(peer, 'no certificate of the partner is there to challenge it with');
  const octets = randomBytes(CHALLENGE_OCTETS);
  const { cipher, keyTransport } = decision.challenge;
  const recipient = vault.readCertificate(theirs);
  const envelope = envelopChallenge({ challenge: octets, recipient, cipher, keyTransport });
  peer.request({ primitive: 'F_CHALLENGE_RS', envelope, challenge: octets });
}

async function answer(peer: Peer, { station, decision, vault }: AuthenticationParts): Promise<void> {
  const { envelope } = await peer.expect('F_RESPONSE_IND');
  const keys = decision.ours.map((usable) => vault.openCertificate(station, usable));
  const response = opened(envelope, keys);
  if (response === undefined) return refuse(peer, 'the challenge of the partner is not for a certificate of ours');
  peer.request({ primitive: 'F_RESPONSE_RS', response });
}

function opened(envelope: Uint8Array, keys: readonly ChallengeKey[]): Uint8Array | undefined {
  try {
    return openChallenge(envelope, keys);
  } catch (error) {
    if (isPkiError(error, 'challenge-undecipherable')) return undefined;
    throw error;
  }
}

function refuse(peer: Peer, message: string): never {
  return peer.endWith(EsidReason.invalidChallengeResponse, 'Secure authentication failed', {
    outcome: 'refused',
    message,
  });
}
