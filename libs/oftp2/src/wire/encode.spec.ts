import { describe, expect, it } from '@jest/globals';
import { SfnaReason } from '../reasons/sfna.js';
import type { Command, CommandNamed } from './command.js';
import { decodeCommand } from './decode.js';
import { encodeCommand, encodeFrame } from './encode.js';
import { EncodeError } from './errors.js';
import { goldenVector } from './testing/golden-vectors.js';
import { fitText } from './text.js';

const ssid = goldenVector('ssid-initiator').command as CommandNamed<'SSID'>;
const sfid = goldenVector('sfid-variable').command as CommandNamed<'SFID'>;
const eerp = goldenVector('eerp-signed').command as CommandNamed<'EERP'>;
const sfna = (SFNAREAST: string): Command => ({
  command: 'SFNA',
  SFNAREAS: SfnaReason.unspecified,
  SFNARRTR: 'N',
  SFNAREAST,
});

function errorOf(act: () => unknown): EncodeError {
  try {
    act();
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('encodeCommand', () => {
  it('fills fields to the last octet without padding', () => {
    const full = { ...ssid, SSIDCODE: 'O0013ACMEPARTS     PLANT1', SSIDPSWD: 'SECRET12' };
    expect(decodeCommand(encodeCommand(full))).toEqual(full);
    const name = { ...sfid, SFIDDSN: 'ODETTE_CERTIFICATE_REQUEST' };
    expect(decodeCommand(encodeCommand(name))).toEqual(name);
  });

  it.each<[string, Command]>([
    ['SSIDCODE', { ...ssid, SSIDCODE: 'O0013ACMEPARTS     PLANT1X' }],
    ['SSIDCODE', { ...ssid, SSIDCODE: '   ' }],
    ['SSIDCODE', { ...ssid, SSIDCODE: 'O0013acme' }],
    ['SSIDPSWD', { ...ssid, SSIDPSWD: 'SECRET123' }],
    ['SSIDPSWD', { ...ssid, SSIDPSWD: 'SECRÉT' }],
    ['SSIDSDEB', { ...ssid, SSIDSDEB: 102_400 }],
    ['SSIDSDEB', { ...ssid, SSIDSDEB: 127 }],
    ['SSIDSDEB', { ...ssid, SSIDSDEB: 4096.5 }],
    ['SSIDCRED', { ...ssid, SSIDCRED: 0 }],
    ['SSIDCRED', { ...ssid, SSIDCRED: 1000 }],
    ['SSIDLEV', { ...ssid, SSIDLEV: 0 }],
    ['SSIDSR', { ...ssid, SSIDSR: 'X' as 'S' }],
    ['SSIDREST', { ...ssid, SSIDREST: 'y' as 'Y' }],
    ['SFIDDSN', { ...sfid, SFIDDSN: 'ODETTE_CERTIFICATE_REQUESTS' }],
    ['SFIDDSN', { ...sfid, SFIDDSN: '' }],
    ['SFIDDSN', { ...sfid, SFIDDSN: 'orders' }],
    ['SFIDDEST', { ...sfid, SFIDDEST: 'O0942_BIGCAR' }],
    ['SFIDDATE', { ...sfid, SFIDDATE: 120_260_301 }],
    ['SFIDDATE', { ...sfid, SFIDDATE: -1 }],
    ['SFIDFSIZ', { ...sfid, SFIDFSIZ: 10_000_000_000_000 }],
    ['SFIDREST', { ...sfid, SFIDREST: 100_000_000_000_000_000n }],
    ['SFIDREST', { ...sfid, SFIDREST: -1n }],
    ['SFIDSEC', { ...sfid, SFIDSEC: 4 }],
    ['SFIDCIPH', { ...sfid, SFIDCIPH: 42 }],
    ['SFIDDESC', { ...sfid, SFIDDESC: 'ß'.repeat(500) }],
    ['SFIDDESC', { ...sfid, SFIDDESC: 'half \ud83d' }],
    ['SFNAREAST', sfna('x'.repeat(1000))],
    ['EERPSIG', { ...eerp, EERPSIG: new Uint8Array(65_536) }],
    ['EERP', { ...eerp, EERPHSH: new Uint8Array(65_535), EERPSIG: new Uint8Array(65_535) }],
    ['AURPRSP', { command: 'AURP', AURPRSP: new Uint8Array(19) }],
    ['AUCHCHAL', { command: 'AUCH', AUCHCHAL: new Uint8Array(65_536) }],
    ['DATA', { command: 'DATA', payload: new Uint8Array(99_999) }],
  ])('refuses a value that does not fit %s', (field, command) => {
    const error = errorOf(() => encodeCommand(command));
    expect(error.field).toBe(field);
    expect(error.message).toContain(field);
  });

  it.each<[string, Partial<CommandNamed<'SFID'>>]>([
    ['SFIDLRECL', { SFIDFMT: 'U' }],
    ['SFIDLRECL', { SFIDFMT: 'F', SFIDLRECL: 0 }],
    ['65535', { SFIDLRECL: 65_536 }],
    ['SFIDENV', { SFIDENV: 0 }],
    ['SFIDENV', { SFIDENV: 0, SFIDSEC: 0 }],
    ['SFIDCIPH', { SFIDCIPH: 0 }],
    ['SFIDTIME', { SFIDTIME: 1_200_000_000 }],
  ])('refuses an SFID whose fields contradict each other (%s)', (rule, change) => {
    expect(errorOf(() => encodeCommand({ ...sfid, ...change })).message).toContain(rule);
  });

  it('never shows a secret in an error', () => {
    expect(errorOf(() => encodeCommand({ ...ssid, SSIDPSWD: 'HUNTER2HUNTER2' })).message).not.toContain('HUNTER');
  });

  it('says what is missing', () => {
    const error = errorOf(() => encodeCommand({ command: 'SFPA' } as unknown as Command));
    expect(error).toMatchObject({ code: 'OFTP2_ENCODE', field: 'SFPAACNT' });
  });

  it('sends codes outside the set of the RFC only when asked to', () => {
    const lower = { ...ssid, SSIDCODE: 'o0013acme' };
    expect(decodeCommand(encodeCommand(lower, { charset: 'printable' }))).toEqual(lower);
  });

  it('keeps 17 digits exactly', () => {
    const efid: Command = { command: 'EFID', EFIDRCNT: 99_999_999_999_999_998n, EFIDUCNT: 99_999_999_999_999_999n };
    expect(Buffer.from(encodeCommand(efid)).toString('latin1')).toBe('T9999999999999999899999999999999999');
    expect(decodeCommand(encodeCommand(efid))).toEqual(efid);
  });

  it('counts octets, not characters, and takes a text of 999 octets', () => {
    const text = `${'x'.repeat(997)}ß`;
    const oeb = encodeCommand(sfna(text));
    expect(Buffer.from(oeb).toString('latin1').slice(0, 7)).toBe('399N999');
    expect(oeb).toHaveLength(7 + 999);
    expect(decodeCommand(oeb)).toEqual(sfna(text));
  });

  it('refuses 998 ASCII octets and one of two octets, which fitText cuts to 998', () => {
    const text = `${'x'.repeat(998)}ß`;
    expect(errorOf(() => encodeCommand(sfna(text))).field).toBe('SFNAREAST');
    expect(encodeCommand(sfna(fitText(text)))).toHaveLength(7 + 998);
  });
});

describe('encodeFrame', () => {
  it('frames the longest exchange buffer there is', () => {
    const frame = encodeFrame({ command: 'DATA', payload: new Uint8Array(99_998).fill(0x55) });
    expect([...frame.subarray(0, 6)]).toEqual([0x10, 0x01, 0x86, 0xa3, 0x44, 0x55]);
    expect(frame).toHaveLength(100_003);
  });
});
