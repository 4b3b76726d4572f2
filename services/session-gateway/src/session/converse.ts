import { closeDown } from './close-down.js';
import { listen, type ListenerParts } from './listen.js';
import type { Peer } from './peer.js';
import { speak, type SpeakerParts } from './speak.js';

/** Everything both directions need. */
export type ConversationParts = ListenerParts & SpeakerParts;

/**
 * The session once it is up: the turn goes to and fro until one side gets it unasked and has nothing to say
 * (RFC 5024 §3.3.4, §3.4.1).
 *
 * @param speaking whether the turn is ours first: it is the Initiator's
 * @throws {SessionOver} however the session ends, also in order
 */
export async function converse(peer: Peer, speaking: boolean, parts: ConversationParts): Promise<never> {
  let unasked = false;
  if (!speaking) unasked = (await listen(peer, parts)).turnCameUnasked;
  for (;;) {
    const spoken = await speak(peer, parts);
    if (parts.closingDown.aborted) closeDown(peer);
    if (spoken.turn === 'ours') {
      // Handing back a turn that was just handed over, with nothing said in between, would go on for ever.
      if (unasked && spoken.items === 0) return peer.endNormally();
      peer.request({ primitive: 'F_CD_RQ' });
    }
    unasked = (await listen(peer, parts)).turnCameUnasked;
  }
}
