import { EsidReason } from '../reasons/esid.js';
import { CARRIAGE_RETURN } from './characters.js';
import { ProtocolError } from './errors.js';
import { layoutOfOctet, type Layout, type Slot } from './layout.js';
import { absenceLeniency, LENIENCIES, type LeniencyName, type Notice } from './leniencies.js';
import { readDigits } from './numbers.js';

/** A field's octets where they stand in the exchange buffer; undefined when the command ended before it. */
export interface Slice {
  readonly slot: Slot;
  readonly octets: Uint8Array | undefined;
}

/** An exchange buffer cut at its fields; every octet belongs to exactly one. */
export interface SlicedCommand {
  readonly layout: Layout;
  readonly slices: readonly Slice[];
}

function sizeError(layout: Layout, length: number): ProtocolError {
  return new ProtocolError(
    EsidReason.bufferSizeError,
    `${layout.name}: ${length} octets are not the length its fields say`,
  );
}

/** The layout of the command, by its first octet. */
function recognise(oeb: Uint8Array): Layout {
  const [octet] = oeb;
  if (octet === undefined) throw new ProtocolError(EsidReason.bufferSizeError, 'Empty exchange buffer');
  const layout = layoutOfOctet(octet);
  if (layout === undefined) throw new ProtocolError(EsidReason.commandNotRecognised, 'Command not recognised');
  return layout;
}

function isTrailingReturnAllowed(layout: Layout, rest: Uint8Array): string | undefined {
  const last = layout.slots.at(-1)?.field.name;
  const row = LENIENCIES.find((candidate) => candidate.name === 'trailingCarriageReturn');
  const covered = last !== undefined && (row?.fields as readonly string[]).includes(last);
  return covered && rest.length === 1 && rest[0] === CARRIAGE_RETURN ? last : undefined;
}

/**
 * Cuts an exchange buffer at its fields, by the lengths alone; values are not looked at.
 * @param leniencies what may depart from the RFC
 * @param notices gets what did
 * @throws {ProtocolError} reason 01 for an unknown command, 07 when the length is not the one the fields say
 */
export function slice(oeb: Uint8Array, leniencies: ReadonlySet<LeniencyName>, notices: Notice[]): SlicedCommand {
  const layout = recognise(oeb);
  const endsWithReturn = layout.slots.at(-1)?.field.role === 'carriage return';
  const slices: Slice[] = [];
  let position = 0;
  let counted: number | undefined;
  let ended = false;

  for (const slot of layout.slots) {
    const left = oeb.length - position;
    const width = slot.width ?? counted ?? left;
    if (width > left) {
      const leniency = absenceLeniency(slot.field.name);
      const allowed = leniency !== undefined && leniencies.has(leniency);
      // An old ESID has its carriage return where the text length stands now.
      if (!(ended || allowed) || left > (endsWithReturn ? 1 : 0)) throw sizeError(layout, oeb.length);
      if (!ended && leniency !== undefined) notices.push({ leniency, field: slot.field.name });
      ended = true;
      counted = 0;
      slices.push({ slot, octets: undefined });
      continue;
    }
    const octets = oeb.subarray(position, position + width);
    position += width;
    slices.push({ slot, octets });
    if (slot.field.role === 'length') counted = Number(readDigits(slot, octets, leniencies, notices));
  }

  if (position < oeb.length) {
    const field = isTrailingReturnAllowed(layout, oeb.subarray(position));
    if (field === undefined || !leniencies.has('trailingCarriageReturn')) throw sizeError(layout, oeb.length);
    notices.push({ leniency: 'trailingCarriageReturn', field });
  }
  return { layout, slices };
}
