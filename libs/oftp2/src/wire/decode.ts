import type { Command } from './command.js';
import { decodeField } from './decode-field.js';
import { ProtocolError } from './errors.js';
import { salvageEndSession } from './salvage-esid.js';
import { DEFAULT_LENIENCIES, type LeniencyName, type Notice } from './leniencies.js';
import { slice } from './slice.js';

/** How strict we are with the peer. */
export interface DecodeOptions {
  /** What may depart from the RFC; by default what {@link DEFAULT_LENIENCIES} holds. */
  readonly leniencies?: ReadonlySet<LeniencyName>;
}

/** A received command with all that may be wanted to know about it. */
export interface Decoded {
  readonly command: Command;
  /** The exchange buffer it came from, as it came: a view, for {@link signedOctets} and the hash of what was said. */
  readonly octets: Uint8Array;
  /** Where the peer departed from the RFC and was let. */
  readonly notices: readonly Notice[];
}

function decodeStrictly(oeb: Uint8Array, leniencies: ReadonlySet<LeniencyName>, notices: Notice[]): Command {
  const { layout, slices } = slice(oeb, leniencies, notices);
  const values: Record<string, unknown> = { command: layout.name };
  for (const { slot, octets } of slices) {
    const value = decodeField(slot, octets, values, leniencies, notices);
    if (value !== undefined) values[slot.field.property ?? slot.field.name] = value;
  }
  return values as unknown as Command;
}

/**
 * Decodes one exchange buffer (without stream transmission header), and says what was tolerated.
 * @throws {ProtocolError} with the ESID reason: 01 for an unknown command, 06 for invalid data, 07 for a wrong length
 */
export function decodeExchangeBuffer(oeb: Uint8Array, options: DecodeOptions = {}): Decoded {
  const leniencies = options.leniencies ?? DEFAULT_LENIENCIES;
  const notices: Notice[] = [];
  try {
    return { command: decodeStrictly(oeb, leniencies, notices), octets: oeb, notices };
  } catch (error) {
    const salvaged = error instanceof ProtocolError ? salvageEndSession(oeb, leniencies) : undefined;
    if (salvaged === undefined) throw error;
    return { command: salvaged, octets: oeb, notices: [{ leniency: 'damagedEndSession', field: 'ESID' }] };
  }
}

/**
 * The command in one exchange buffer (without stream transmission header).
 * @throws {ProtocolError} as {@link decodeExchangeBuffer}
 */
export function decodeCommand(oeb: Uint8Array, options: DecodeOptions = {}): Command {
  return decodeExchangeBuffer(oeb, options).command;
}
