import type { EfnaReason } from '../reasons/efna.js';
import type { EsidReason } from '../reasons/esid.js';
import type { NerpReason } from '../reasons/nerp.js';
import type { SfnaReason } from '../reasons/sfna.js';

/** A format as RFC 5024 §5.3 prints it: fixed or variable, kind, octets (`n`: as the length field before it says). */
export type FieldFormat = `${'F' | 'V'} ${'X' | '9' | 'U' | 'T'}(${number | 'n'})`;

/** The reason type of each command that has one. */
export interface ReasonTypes {
  readonly ESID: EsidReason;
  readonly SFNA: SfnaReason;
  readonly EFNA: EfnaReason;
  readonly NERP: NerpReason;
}

/**
 * Why a field is on the wire but not in the command object: the codec supplies and checks it.
 * `length` counts the octets of the field after it.
 */
export type FieldRole = 'command' | 'constant' | 'reserved' | 'length' | 'carriage return';

/**
 * What an X field may hold when we send it: the set of RFC 5024 §5.3; that set and the underscore, which dataset names
 * of the certificate exchange need; or any printable ASCII, for what is echoed or agreed with the partner.
 */
export type Charset = 'X' | 'X with underscore' | 'printable';

/** One row of a command table. Everything about a field is said here and nowhere else. */
export interface Field {
  readonly name: string;
  /** Offset from the start of the exchange buffer; null after a field of variable length, as in the RFC's tables. */
  readonly position: number | null;
  readonly format: FieldFormat;
  readonly meaning: string;
  readonly role?: FieldRole;
  /** Role `constant` only: the octets, as ASCII. */
  readonly constant?: string;
  /** The only values there are; any other is invalid data, both ways. */
  readonly values?: readonly (string | number)[];
  /** The values we send; any other is passed on when received, for SFNA to answer. */
  readonly listed?: readonly number[];
  /** Lowest and highest value of a number; without it, all that the digits can say. */
  readonly range?: readonly [number, number];
  /** The reason table a two-digit code belongs to. */
  readonly reason?: keyof ReasonTypes;
  /** Never shown in a log. */
  readonly secret?: true;
  /** Must not be blank when sent. */
  readonly required?: true;
  /** X fields: what may be sent; `X` unless said. */
  readonly charset?: Charset;
  /** X fields: unprintable octets are passed on when received, for SFNA to answer. */
  readonly unchecked?: true;
  /** Among the octets that EERPSIG or NERPSIG signs. */
  readonly signed?: true;
  /** The property of the command object where it is not called like the field. */
  readonly property?: string;
}

/** A rule between fields that holds for what we send. */
export interface SendingRule {
  readonly section: string;
  readonly text: string;
  /** Given the command object. */
  readonly holds: (command: never) => boolean;
}

/** One command: its octet, where the RFC defines it, and its fields in wire order. */
export interface CommandTable {
  readonly name: string;
  /** The command octet, as an ASCII character. */
  readonly octet: string;
  /** Section of RFC 5024. */
  readonly section: string;
  readonly title: string;
  readonly direction: string;
  readonly fields: readonly Field[];
}

type ValueOf<F extends Field> = F extends { values: readonly (infer Value)[] }
  ? Value
  : F extends { reason: infer Kind extends keyof ReasonTypes }
    ? ReasonTypes[Kind]
    : F extends { format: `${string} 9(17)` }
      ? bigint
      : F extends { format: `${string} 9(${string}` }
        ? number
        : F extends { format: `${string} U(${string}` }
          ? Uint8Array
          : string;

type PropertyOf<F extends Field> = F extends { role: FieldRole }
  ? never
  : F extends { property: infer Property extends string }
    ? Property
    : F['name'];

/** The command object a table describes: `command` and one property for each field that has no role. */
export type CommandOf<Table extends CommandTable> = {
  readonly [Key in 'command' | PropertyOf<Table['fields'][number]>]: Key extends 'command'
    ? Table['name']
    : ValueOf<Extract<Table['fields'][number], { name: Key } | { property: Key }>>;
};
