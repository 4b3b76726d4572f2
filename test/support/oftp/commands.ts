import { EsidReason, type Command, type CommandNamed } from '@certlane/oftp2';

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

/** A sound SFID of a certificate file, with what a test wants different. */
export function sfid(from: string, to: string, changes: Partial<CommandNamed<'SFID'>> = {}): CommandNamed<'SFID'> {
  return {
    command: 'SFID',
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

/** An unsigned EERP for that SFID, as its receiver sends it. */
export function eerpFor(file: CommandNamed<'SFID'>): CommandNamed<'EERP'> {
  return {
    command: 'EERP',
    EERPDSN: file.SFIDDSN,
    EERPDATE: file.SFIDDATE,
    EERPTIME: file.SFIDTIME,
    EERPUSER: '',
    EERPDEST: file.SFIDORIG,
    EERPORIG: file.SFIDDEST,
    EERPHSH: new Uint8Array(0),
    EERPSIG: new Uint8Array(0),
  };
}

/** One DATA with these octets as its only subrecord, the end of the file; 63 octets at most. */
export function lastData(octets: Uint8Array): Command {
  return { command: 'DATA', payload: Buffer.concat([Buffer.from([0x80 | octets.length]), octets]) };
}

/** EFID of a file without records. */
export function efid(octets: number): Command {
  return { command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: BigInt(octets) };
}

/** The normal end. */
export const normalEnd: Command = { command: 'ESID', ESIDREAS: EsidReason.normalEnd, ESIDREAST: '' };
