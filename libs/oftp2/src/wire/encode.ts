import { HEADER_LENGTH, LONGEST_EXCHANGE_BUFFER, writeHeader } from '../framing/header.js';
import type { Command } from './command.js';
import { encodeField } from './encode-field.js';
import { EncodeError } from './errors.js';
import type { Charset } from './field.js';
import { layoutOf } from './layout.js';
import { SFID_RULES } from './sfid.js';

/** How strict we are with ourselves. */
export interface EncodeOptions {
  /** What X fields may hold at least; a partner's code or password outside the RFC's set needs `printable`. */
  readonly charset?: Charset;
}

function checkRules(command: Command): void {
  if (command.command !== 'SFID') return;
  for (const rule of SFID_RULES) {
    if (!rule.holds(command)) throw new EncodeError('SFID', `SFID is inconsistent: ${rule.text}`);
  }
}

function build(command: Command, offset: number, options: EncodeOptions): Uint8Array {
  checkRules(command);
  const layout = layoutOf(command.command);
  const values = command as unknown as Readonly<Record<string, unknown>>;
  const pieces = layout.slots.map((_, index) => encodeField(layout, index, values, options.charset ?? 'X'));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > LONGEST_EXCHANGE_BUFFER) {
    throw new EncodeError(
      command.command,
      `${command.command} would take ${length} octets; an exchange buffer has at most ${LONGEST_EXCHANGE_BUFFER}`,
    );
  }
  const target = new Uint8Array(offset + length);
  let position = offset;
  for (const piece of pieces) {
    target.set(piece, position);
    position += piece.length;
  }
  return target;
}

/**
 * The exchange buffer of a command, without stream transmission header.
 * @throws {EncodeError} when a value does not fit its field: nothing is ever cut, mapped or rounded
 */
export function encodeCommand(command: Command, options: EncodeOptions = {}): Uint8Array {
  return build(command, 0, options);
}

/**
 * A command as it goes to the socket: stream transmission header and exchange buffer in one piece, for one write.
 * @throws {EncodeError} as {@link encodeCommand}
 */
export function encodeFrame(command: Command, options: EncodeOptions = {}): Uint8Array {
  const frame = build(command, HEADER_LENGTH, options);
  writeHeader(frame, 0, frame.length - HEADER_LENGTH);
  return frame;
}
