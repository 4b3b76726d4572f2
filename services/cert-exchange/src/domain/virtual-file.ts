import { createHash } from 'node:crypto';
import type { ExchangeKind, FileAnswer, VirtualFileIdentity } from '@certlane/contracts';

const datasetNames: Readonly<Record<ExchangeKind, string>> = {
  deliver: 'ODETTE_CERTIFICATE_DELIVER',
  request: 'ODETTE_CERTIFICATE_REQUEST',
  replace: 'ODETTE_CERTIFICATE_REPLACE',
};

/** The reserved SFIDDSN of a kind of exchange; the names are exactly 26 octets long. */
export function datasetNameOf(kind: ExchangeKind): string {
  return datasetNames[kind];
}

/** The kind of exchange a dataset name stands for, compared without case; undefined when it is none of the reserved ones. */
export function kindOf(datasetName: string): ExchangeKind | undefined {
  const name = datasetName.trim().toUpperCase();
  return (Object.keys(datasetNames) as ExchangeKind[]).find((kind) => datasetNames[kind] === name);
}

/**
 * Name of the exchange a virtual file belongs to: the same identity (RFC 5024 §5.3.3) always gives the same name, so a file
 * that comes twice is recognised without a search.
 */
export function exchangeIdOf(direction: 'inbound' | 'outbound', file: VirtualFileIdentity): string {
  const identity = [file.datasetName.toUpperCase(), file.date, file.time, file.originator, file.destination];
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `${direction === 'inbound' ? 'in' : 'out'}-${digest.slice(0, 24)}`;
}

/**
 * SFIDDATE and SFIDTIME (CCYYMMDD, HHMMSScccc) for a file made now, in UTC.
 * @param sequence tells files of the same millisecond apart, 0 to 9
 */
export function fileStamp(now: Date, sequence: number): Pick<VirtualFileIdentity, 'date' | 'time'> {
  const digits = now.toISOString().replace(/\D/g, '');
  return { date: digits.slice(0, 8), time: `${digits.slice(8, 17)}${sequence}` };
}

/** Longest text a NERP carries (RFC 5024 §5.3.14: NERPREAST), in octets. */
const LONGEST_TEXT = 999;

/** NERPREAS 34: file processing failed. The text says why; the code stays the same for every refused certificate. */
const FILE_PROCESSING_FAILED = 34;

/** The positive answer to a file. */
export function positiveAnswer(file: VirtualFileIdentity): FileAnswer {
  return { kind: 'eerp', file };
}

/** The negative answer to a file; the text is cut to what fits, never inside a character. */
export function negativeAnswer(file: VirtualFileIdentity, creator: string, text: string): FileAnswer {
  return { kind: 'nerp', file, reason: FILE_PROCESSING_FAILED, text: fittingText(text), creator };
}

/** A text cut to what fits into NERPREAST, never inside a character. */
export function fittingText(text: string): string {
  // As a part of a stream, because that leaves out a character whose last octets were cut off.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, LONGEST_TEXT), { stream: true });
}
