import { EsidReason } from '@certlane/oftp2';
import type { Peer } from './peer.js';

/** Ends a session because the gateway stops: whoever works on it learns so at its next step. */
export function closeDown(peer: Peer): void {
  peer.stop(EsidReason.emergencyCloseDown, 'This station is closing down', {
    outcome: 'failed',
    message: 'the gateway was told to stop',
  });
}
