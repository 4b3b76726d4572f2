import type { CommandNamed } from '../wire/command.js';

/** What SFIDFMT may say. RFC 5024 §5.3.3 */
export type VirtualFileFormat = CommandNamed<'SFID'>['SFIDFMT'];

/** How a virtual file is cut on the wire. */
export interface VirtualFileLayout {
  /** F and V: records; U and T: one record, the file. */
  readonly format: VirtualFileFormat;
  /** F: octets of each record; V: of the longest; 0 for U and T. */
  readonly recordLength: number;
}

/** What EFID says of a file: always the whole file, also where a restart skipped part of it. RFC 5024 §5.3.8 */
export interface FileCounts {
  /** EFIDRCNT; zero for U and T. */
  readonly records: bigint;
  /** EFIDUCNT: octets of the virtual file, before compression into subrecords. */
  readonly units: bigint;
}

/** A file of which nothing has been transmitted. */
export const NOTHING: FileCounts = { records: 0n, units: 0n };

const BLOCK = 1024n;

/** What of an SFID decides how the file is cut. */
export type LayoutFields = Pick<CommandNamed<'SFID'>, 'SFIDFMT' | 'SFIDLRECL' | 'SFIDSEC' | 'SFIDCOMP' | 'SFIDENV'>;

/**
 * The layout in which the file is transmitted: a signed, compressed, encrypted or enveloped file has no records left, whatever
 * SFIDFMT says of the original. RFC 5024 §5.3.3
 */
export function transmittedLayout(sfid: LayoutFields): VirtualFileLayout {
  const enveloped = sfid.SFIDSEC !== 0 || sfid.SFIDCOMP !== 0 || sfid.SFIDENV !== 0;
  if (enveloped || !hasRecords(sfid.SFIDFMT)) return { format: enveloped ? 'U' : sfid.SFIDFMT, recordLength: 0 };
  return { format: sfid.SFIDFMT, recordLength: sfid.SFIDLRECL };
}

/** Whether record boundaries are transmitted. */
export function hasRecords(format: VirtualFileFormat): boolean {
  return format === 'F' || format === 'V';
}

/** A size in octets as SFIDFSIZ and SFIDOSIZ say it: blocks of 1024, the last one counted whole. RFC 5024 §5.3.3 */
export function blocksOf(octets: bigint): number {
  return Number((octets + BLOCK - 1n) / BLOCK);
}
