import { EsidReason } from '../reasons/esid.js';
import type { NerpReason } from '../reasons/nerp.js';
import type { EndResponse, FileDescription, NegativeEndResponse } from '../session/primitives.js';
import type { Command, CommandNamed } from '../wire/command.js';

const NONE = new Uint8Array(0);

/** A sound SSID, with what a test wants different. */
export function ssid(
  code: string,
  password: string,
  changes: Partial<CommandNamed<'SSID'>> = {},
): CommandNamed<'SSID'> {
  return {
    command: 'SSID',
    SSIDLEV: 5,
    SSIDCODE: code,
    SSIDPSWD: password,
    SSIDSDEB: 4096,
    SSIDSR: 'B',
    SSIDCMPR: 'Y',
    SSIDREST: 'Y',
    SSIDSPEC: 'N',
    SSIDCRED: 64,
    SSIDAUTH: 'N',
    SSIDUSER: '',
    ...changes,
  };
}

/** A certificate file as its SFID describes it, with what a test wants different. */
export function fileDescription(from: string, to: string, changes: Partial<FileDescription> = {}): FileDescription {
  return {
    SFIDDSN: 'ODETTE_CERTIFICATE_DELIVER',
    SFIDDATE: 20260301,
    SFIDTIME: 1200000001,
    SFIDUSER: '',
    SFIDDEST: to,
    SFIDORIG: from,
    SFIDFMT: 'U',
    SFIDLRECL: 0,
    SFIDFSIZ: 1,
    SFIDOSIZ: 1,
    SFIDREST: 0n,
    SFIDSEC: 0,
    SFIDCIPH: 0,
    SFIDCOMP: 0,
    SFIDENV: 0,
    SFIDSIGN: 'N',
    SFIDDESC: '',
    ...changes,
  };
}

/** A sound SFID of a certificate file, with what a test wants different. */
export function sfid(from: string, to: string, changes: Partial<FileDescription> = {}): CommandNamed<'SFID'> {
  return { command: 'SFID', ...fileDescription(from, to, changes) };
}

/** What an unsigned EERP for that file says, as its receiver sends it. */
export function endResponseFor(file: FileDescription): EndResponse {
  return {
    EERPDSN: file.SFIDDSN,
    EERPDATE: file.SFIDDATE,
    EERPTIME: file.SFIDTIME,
    EERPUSER: '',
    EERPDEST: file.SFIDORIG,
    EERPORIG: file.SFIDDEST,
    EERPHSH: NONE,
    EERPSIG: NONE,
  };
}

/** An unsigned EERP for that file, as its receiver sends it. */
export function eerpFor(file: FileDescription): CommandNamed<'EERP'> {
  return { command: 'EERP', ...endResponseFor(file) };
}

/** What an unsigned NERP for that file says, as its receiver sends it. */
export function negativeEndResponseFor(file: FileDescription, reason: NerpReason, text = ''): NegativeEndResponse {
  return {
    NERPDSN: file.SFIDDSN,
    NERPDATE: file.SFIDDATE,
    NERPTIME: file.SFIDTIME,
    NERPDEST: file.SFIDORIG,
    NERPORIG: file.SFIDDEST,
    NERPCREA: file.SFIDDEST,
    NERPREAS: reason,
    NERPREAST: text,
    NERPHSH: NONE,
    NERPSIG: NONE,
  };
}

/** An unsigned NERP for that file, as its receiver sends it. */
export function nerpFor(file: FileDescription, reason: NerpReason, text = ''): CommandNamed<'NERP'> {
  return { command: 'NERP', ...negativeEndResponseFor(file, reason, text) };
}

/** One DATA with these octets as its only subrecord, the end of the file; 63 octets at most. */
export function lastData(octets: Uint8Array): CommandNamed<'DATA'> {
  return { command: 'DATA', payload: Buffer.concat([Buffer.from([0x80 | octets.length]), octets]) };
}

/** EFID of a file without records. */
export function efid(octets: number): CommandNamed<'EFID'> {
  return { command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: BigInt(octets) };
}

/** The normal end. */
export const normalEnd: Command = { command: 'ESID', ESIDREAS: EsidReason.normalEnd, ESIDREAST: '' };
