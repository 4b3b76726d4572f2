import { randomBytes } from 'node:crypto';
import { CHALLENGE_OCTETS } from '@certlane/pki';
import type { ScriptedPeer } from './scripted-peer.js';

/** What a peer proves itself with, and the station to it. */
export interface Proof {
  /** Opens what was enveloped for the peer's certificate. */
  readonly open: (envelope: Uint8Array) => Uint8Array;
  /** Envelops for the station's certificate. */
  readonly envelop: (challenge: Uint8Array) => Uint8Array;
}

/** The challenges of both sides, and what the station made of ours. */
export interface Authenticated {
  readonly theirs: Uint8Array;
  readonly ours: Uint8Array;
  readonly response: Uint8Array;
}

/** Secure authentication from the Initiator's side, after the SSIDs (RFC 5024 §4.2.3). */
export async function authenticate(peer: ScriptedPeer, { open, envelop }: Proof): Promise<Authenticated> {
  peer.send({ command: 'SECD' });
  const theirs = open((await peer.expect('AUCH')).AUCHCHAL);
  peer.send({ command: 'AURP', AURPRSP: theirs });
  await peer.expect('SECD');
  const ours = randomBytes(CHALLENGE_OCTETS);
  peer.send({ command: 'AUCH', AUCHCHAL: envelop(ours) });
  return { theirs, ours, response: (await peer.expect('AURP')).AURPRSP };
}
