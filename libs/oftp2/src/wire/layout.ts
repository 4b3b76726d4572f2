import { COMMANDS, type CommandName } from './command.js';
import type { CommandTable, Field } from './field.js';

/** A field with its format taken apart. */
export interface Slot {
  readonly field: Field;
  readonly kind: 'X' | '9' | 'U' | 'T';
  /** Octets; undefined for `n`: as the length field before it says, or all that is left. */
  readonly width: number | undefined;
}

/** A command table made ready for the codec. */
export interface Layout {
  readonly name: CommandName;
  readonly table: CommandTable;
  readonly octet: number;
  readonly slots: readonly Slot[];
}

function slotOf(field: Field): Slot {
  const [, kind, width] = /^[FV] ([X9UT])\((\d+|n)\)$/.exec(field.format) as unknown as [string, Slot['kind'], string];
  return { field, kind, width: width === 'n' ? undefined : Number(width) };
}

const LAYOUTS = Object.values(COMMANDS).map((table: CommandTable & { readonly name: CommandName }): Layout => ({
  name: table.name,
  table,
  octet: table.octet.charCodeAt(0),
  slots: table.fields.map(slotOf),
}));

const BY_OCTET: ReadonlyMap<number, Layout> = new Map(LAYOUTS.map((layout) => [layout.octet, layout]));
const BY_NAME = Object.fromEntries(LAYOUTS.map((layout) => [layout.name, layout])) as Readonly<
  Record<CommandName, Layout>
>;

/** The layout a command octet selects, case-sensitively; undefined for an octet that is no command. */
export function layoutOfOctet(octet: number): Layout | undefined {
  return BY_OCTET.get(octet);
}

/** The layout of a command. */
export function layoutOf(name: CommandName): Layout {
  return BY_NAME[name];
}
