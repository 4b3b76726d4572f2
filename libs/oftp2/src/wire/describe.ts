import type { Command } from './command.js';
import { layoutOf, type Slot } from './layout.js';
import { forLog } from './text.js';

/** A command as a log or a trace may show it. */
export type CommandForLog = Readonly<Record<string, string | number>>;

/** Digests are shown whole, longer octets by their length. */
const LONGEST_HEX = 64;

function describeValue({ field }: Slot, value: unknown): string | number {
  if (ArrayBuffer.isView(value)) {
    const octets = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const whole = !field.secret && octets.length > 0 && octets.length <= LONGEST_HEX;
    return whole ? octets.toString('hex') : `${octets.length} octets`;
  }
  if (field.secret) return 'not shown';
  if (typeof value === 'number') return value;
  return forLog(String(value));
}

/**
 * A command for the log: passwords, challenges and file data are not in it, control characters are taken out, counts of 17
 * digits are texts.
 */
export function describeCommand(command: Command): CommandForLog {
  const values = command as unknown as Readonly<Record<string, unknown>>;
  const shown: Record<string, string | number> = { command: command.command };
  for (const slot of layoutOf(command.command).slots) {
    const key = slot.field.property ?? slot.field.name;
    if (slot.field.role === undefined) shown[key] = describeValue(slot, values[key]);
  }
  return shown;
}
