import type { Command } from '../wire/command.js';
import { offer, type Capabilities } from './negotiation.js';
import type { RequestNamed } from './primitives.js';

/** A request that may be stored until the turn is ours. */
export type StorableRequest = RequestNamed<'F_EERP_RQ' | 'F_NERP_RQ' | 'F_START_FILE_RQ'>;

/** The SSID of either role: its terms, and who it is. */
export function ssidOf(terms: Capabilities, who: RequestNamed<'F_CONNECT_RQ' | 'F_CONNECT_RS'>): Command {
  return {
    command: 'SSID',
    ...offer(terms),
    SSIDCODE: who.code,
    SSIDPSWD: who.password,
    SSIDAUTH: who.authentication ? 'Y' : 'N',
    SSIDUSER: who.user ?? '',
  };
}

/** The command that a stored request becomes when the turn has come. */
export function commandOf(request: StorableRequest): Command {
  switch (request.primitive) {
    case 'F_EERP_RQ':
      return { ...request.response, command: 'EERP' };
    case 'F_NERP_RQ':
      return { ...request.response, command: 'NERP' };
    case 'F_START_FILE_RQ':
      return { ...request.file, command: 'SFID' };
  }
}
