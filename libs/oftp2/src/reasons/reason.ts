/** The four commands that carry a reason code. */
export type ReasonKind = 'ESID' | 'SFNA' | 'EFNA' | 'NERP';

declare const kind: unique symbol;

/**
 * A two-digit reason code (0 to 99) that knows which command it belongs to: code 03 is "user code not known" in ESID and
 * "invalid origin" in SFNA, so the four kinds do not assign to one another.
 */
export type Reason<Kind extends ReasonKind> = number & { readonly [kind]: Kind };

/** One row of a reason table: the constant's name, the code on the wire, the text for people. */
export interface ReasonRow {
  readonly name: string;
  readonly code: number;
  readonly text: string;
}

/** The constants of a reason table, by their names. */
export type ReasonConstants<Kind extends ReasonKind, Rows extends readonly ReasonRow[]> = {
  readonly [Row in Rows[number] as Row['name']]: Reason<Kind>;
};

const UNSPECIFIED = 99;

/** All that can be asked about the reasons of one command. */
export class ReasonTable<Kind extends ReasonKind> {
  readonly #textByCode: ReadonlyMap<number, string>;

  /**
   * @param kind the command the codes belong to
   * @param rows every code the RFC lists for it; 99 must be among them
   */
  constructor(
    readonly kind: Kind,
    readonly rows: readonly ReasonRow[],
  ) {
    this.#textByCode = new Map(rows.map((row) => [row.code, row.text]));
  }

  /**
   * The reason with this code, whether listed or not: what a peer sent is kept as it came.
   * @throws {RangeError} unless the code is a whole number from 0 to 99
   */
  of(code: number): Reason<Kind> {
    if (!Number.isInteger(code) || code < 0 || code > 99) {
      throw new RangeError(`${this.kind} reason ${code} does not fit two digits; use a code from 0 to 99`);
    }
    return code as Reason<Kind>;
  }

  /** Whether the RFC lists this code for this command. */
  isListed(reason: Reason<Kind>): boolean {
    return this.#textByCode.has(reason);
  }

  /** The reason to act on: itself where listed, else 99 (unspecified). */
  effective(reason: Reason<Kind>): Reason<Kind> {
    return this.isListed(reason) ? reason : this.of(UNSPECIFIED);
  }

  /** The text for people; a code nobody lists is shown as it came. */
  text(reason: Reason<Kind>): string {
    return this.#textByCode.get(reason) ?? `Unlisted reason ${String(reason).padStart(2, '0')}`;
  }
}

/** Names the codes of a table, so that code reads `EsidReason.invalidPassword`. */
export function constantsOf<Kind extends ReasonKind, const Rows extends readonly ReasonRow[]>(
  table: ReasonTable<Kind>,
  rows: Rows,
): ReasonConstants<Kind, Rows> {
  return Object.fromEntries(rows.map((row) => [row.name, table.of(row.code)])) as ReasonConstants<Kind, Rows>;
}
