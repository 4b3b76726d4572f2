/**
 * Every place where we accept what RFC 5024 does not allow, with who does it. Each use is reported as a notice; none
 * applies to what we send.
 */
export const LENIENCIES = [
  {
    name: 'finalCarriageReturnMissing',
    fields: ['SSRMCR', 'SSIDCR', 'ESIDCR'],
    absent: true,
    effect: 'may be absent',
    on: true,
    source: 'deployed clients omit it',
    section: '5.3.2',
  },
  {
    name: 'lineFeedForCarriageReturn',
    fields: ['SSRMCR', 'SSIDCR', 'ESIDCR'],
    effect: 'may be 0A',
    on: true,
    source: 'a public client sends it',
    section: '5.3.2',
  },
  {
    name: 'creditWithoutReserved',
    fields: ['CDTRSV1'],
    absent: true,
    effect: 'may be absent',
    on: true,
    source: 'deployed systems send the octet C alone',
    section: '5.3.7',
  },
  {
    name: 'descriptionLengthMissing',
    fields: ['SFIDDESCL'],
    absent: true,
    effect: 'may be absent',
    on: true,
    source: 'reads as no description',
    section: '5.3.3',
  },
  {
    name: 'reasonTextMissing',
    fields: ['SFNAREASL', 'EFNAREASL', 'ESIDREASL', 'NERPREASL'],
    absent: true,
    effect: 'may be absent',
    on: true,
    source: 'the layout of older protocol levels; reads as no text',
    section: '5.3.11',
  },
  {
    name: 'hashAndSignatureMissing',
    fields: ['EERPHSHL', 'NERPHSHL'],
    absent: true,
    effect: 'may be absent',
    on: true,
    source: 'the layout of older protocol levels; reads as not signed',
    section: '5.3.13',
  },
  {
    name: 'trailingCarriageReturn',
    fields: ['SFNAREAST', 'EFNAREAST', 'EERPSIG'],
    effect: 'may be followed by 0D',
    on: true,
    source: 'a public encoder adds it',
    section: '5.3.5',
  },
  {
    name: 'authenticationBlankBelowLevel5',
    fields: ['SSIDAUTH'],
    effect: 'may be a space when SSIDLEV is below 5',
    on: true,
    source: 'the octet is reserved at those levels; reads as N',
    section: '5.3.2',
  },
  {
    name: 'damagedEndSession',
    fields: ['ESIDREAS', 'ESIDREASL', 'ESIDREAST'],
    effect: 'may be anything',
    on: true,
    source: 'an ESID is never answered by another; reads as reason 99 with the text there is',
    section: '5.3.11',
  },
  {
    name: 'blankPaddedNumber',
    fields: [],
    effect: 'any number may be blank, or padded with leading spaces',
    on: false,
    source: 'some readers accept it; reads as zeros',
    section: '5.3',
  },
] as const satisfies readonly Leniency[];

/** One row of the table of leniencies. */
export interface Leniency {
  readonly name: string;
  /** The fields it is about; none for all. */
  readonly fields: readonly string[];
  /** The command may end before the field. */
  readonly absent?: true;
  readonly effect: string;
  /** Whether it applies unless asked otherwise. */
  readonly on: boolean;
  readonly source: string;
  /** Section of RFC 5024 it departs from. */
  readonly section: string;
}

/** The name of a leniency. */
export type LeniencyName = (typeof LENIENCIES)[number]['name'];

/** A leniency that was used: log it, it tells which partner's software is at fault. */
export interface Notice {
  readonly leniency: LeniencyName;
  readonly field: string;
}

/** What applies unless asked otherwise. */
export const DEFAULT_LENIENCIES: ReadonlySet<LeniencyName> = new Set(
  LENIENCIES.filter((row) => row.on).map((row) => row.name),
);

/** RFC 5024 to the letter. */
export const NO_LENIENCIES: ReadonlySet<LeniencyName> = new Set();

/** The leniency that lets a command end before this field. */
export function absenceLeniency(field: string): LeniencyName | undefined {
  return LENIENCIES.find((row: Leniency) => row.absent === true && row.fields.includes(field))?.name;
}
