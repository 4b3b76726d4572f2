import { EsidReason } from '../reasons/esid.js';
import type { CommandNamed } from '../wire/command.js';

/** Send only, receive only, both: what a side does with files. Other commands flow both ways in every mode. */
export type Mode = CommandNamed<'SSID'>['SSIDSR'];

/** What this station can do, RFC 5024 §9.7. */
export interface Capabilities {
  readonly mode: Mode;
  /** Largest DATA exchange buffer accepted, 128 to 99999 octets. */
  readonly bufferSize: number;
  /** Largest credit window, 1 to 999 buffers. */
  readonly credit: number;
  /** Buffer compression. */
  readonly compression: boolean;
  readonly restart: boolean;
}

/** What both sides agreed on; `mode` is ours. */
export interface Negotiated extends Capabilities {
  readonly authentication: boolean;
}

/** The part of an SSID that is negotiated. */
export type Terms = Pick<
  CommandNamed<'SSID'>,
  'SSIDLEV' | 'SSIDSDEB' | 'SSIDSR' | 'SSIDCMPR' | 'SSIDREST' | 'SSIDSPEC' | 'SSIDCRED'
>;

/** Why no session can come of it. */
export interface Incompatible {
  readonly reason: EsidReason;
  readonly text: string;
}

/** Either what was agreed, or why nothing could be. */
export type Negotiation = { readonly agreed: Capabilities } | { readonly refused: Incompatible };

/** ODETTE-FTP 2.0; lower levels are not spoken, higher ones are answered with this one. */
const LEVEL = 5;

/** The mode that is left when what one side may do is narrowed to `wanted`; undefined where nothing is. */
export function narrowMode(own: Mode, wanted: Mode): Mode | undefined {
  if (own === wanted || wanted === 'B') return own;
  return own === 'B' ? wanted : undefined;
}

/** Our side of a pair of modes: what we may do while the peer may do `peer`. */
function agreeOnMode(own: Mode, peer: Mode): Mode | undefined {
  const sends = own !== 'R' && peer !== 'S';
  const receives = own !== 'S' && peer !== 'R';
  if (sends && receives) return 'B';
  if (sends) return 'S';
  return receives ? 'R' : undefined;
}

/** The Initiator's terms: all that it can do. RFC 5024 §5.3.2 */
export function offer(own: Capabilities): Terms {
  return {
    SSIDLEV: LEVEL,
    SSIDSDEB: own.bufferSize,
    SSIDSR: own.mode,
    SSIDCMPR: own.compression ? 'Y' : 'N',
    SSIDREST: own.restart ? 'Y' : 'N',
    // Special logic repairs X.25 PADs; over TCP there is nothing to repair.
    SSIDSPEC: 'N',
    SSIDCRED: own.credit,
  };
}

/**
 * What can be agreed between us and the terms a peer sent, by either role: the lower of two numbers, the common ones of
 * two abilities. RFC 5024 §5.3.2, §9.8.3 (P2)
 *
 * @param own our capabilities, or in the Initiator's case what it offered
 * @param answering true for the Responder, which may still lower what the Initiator offered; the Initiator can only
 *   take the answer or leave it
 */
export function negotiate(own: Capabilities, received: Terms, answering: boolean): Negotiation {
  const mode = agreeOnMode(own.mode, received.SSIDSR);
  if (received.SSIDLEV < LEVEL) return refuse(`Level 5 needed, not ${received.SSIDLEV}`);
  if (mode === undefined) return refuse(`Mode ${received.SSIDSR} leaves nothing to ${own.mode}`);
  if (!answering) {
    if (received.SSIDLEV > LEVEL) return refuse(`Level ${received.SSIDLEV} answered to level ${LEVEL}`);
    if (received.SSIDSPEC === 'Y') return refuse('Special logic answered, not offered');
    // With two different windows one side would wait for a CDT that the other does not owe.
    if (received.SSIDCRED > own.credit) return refuse(`Credit ${received.SSIDCRED} answered to ${own.credit}`);
  }
  return {
    agreed: {
      mode,
      bufferSize: Math.min(own.bufferSize, received.SSIDSDEB),
      credit: Math.min(own.credit, received.SSIDCRED),
      compression: own.compression && received.SSIDCMPR === 'Y',
      restart: own.restart && received.SSIDREST === 'Y',
    },
  };
}

function refuse(text: string): Negotiation {
  return { refused: { reason: EsidReason.incompatibleMode, text } };
}
