import { describe, expect, it } from '@jest/globals';
import { EsidReason } from '../reasons/esid.js';
import { decodeCommand, decodeExchangeBuffer } from './decode.js';
import { ProtocolError } from './errors.js';
import { DEFAULT_LENIENCIES, NO_LENIENCIES, type LeniencyName } from './leniencies.js';
import { goldenBuffer } from './testing/golden-vectors.js';

const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** A golden exchange buffer with other octets at a position. */
function patched(name: string, position: number, text: string): Uint8Array {
  const oeb = goldenBuffer(name);
  oeb.set(octets(text), position);
  return oeb;
}

function longer(name: string, more: string): Uint8Array {
  return new Uint8Array(Buffer.concat([goldenBuffer(name), octets(more)]));
}

const shorter = (name: string, length: number): Uint8Array => goldenBuffer(name).subarray(0, length);

function errorOf(oeb: Uint8Array, leniencies?: ReadonlySet<LeniencyName>): ProtocolError {
  try {
    decodeCommand(oeb, leniencies ? { leniencies } : {});
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const { commandNotRecognised, invalidData, bufferSizeError } = EsidReason;

describe('decodeCommand', () => {
  it.each<[string, Uint8Array, EsidReason]>([
    ['octet Z', octets('Z'), commandNotRecognised],
    ['octet 00', octets('\0'), commandNotRecognised],
    ['the letter d, as commands are case-sensitive', octets('d\x83ABC'), commandNotRecognised],
    ['no octet at all', octets(''), bufferSizeError],
    ['SSRM of another server', patched('ssrm', 1, 'ODETTE FTP Ready'), invalidData],
    ['SSID of 62 octets', longer('ssid-initiator', '\r'), bufferSizeError],
    ['SSID of 1000 octets', longer('ssid-initiator', ' '.repeat(939)), bufferSizeError],
    ['SSID of 59 octets', shorter('ssid-initiator', 59), bufferSizeError],
    ['SSIDLEV 0', patched('ssid-initiator', 1, '0'), invalidData],
    ['SSIDCODE with NUL', patched('ssid-initiator', 4, '\0'), invalidData],
    ['SSIDCODE with FF', patched('ssid-initiator', 4, '\xff'), invalidData],
    ['SSIDSDEB 00127', patched('ssid-initiator', 35, '00127'), invalidData],
    ['SSIDSDEB 0000A', patched('ssid-initiator', 35, '0000A'), invalidData],
    ['SSIDSDEB blank', patched('ssid-initiator', 35, '     '), invalidData],
    ['SSIDCRED 000', patched('ssid-initiator', 44, '000'), invalidData],
    ['SSIDCRED -01', patched('ssid-initiator', 44, '-01'), invalidData],
    ['SSIDSR X', patched('ssid-initiator', 40, 'X'), invalidData],
    ['SSIDREST y', patched('ssid-initiator', 42, 'y'), invalidData],
    ['SSIDAUTH blank at level 5', patched('ssid-initiator', 47, ' '), invalidData],
    ['SSIDCR of another octet', patched('ssid-initiator', 60, 'x'), invalidData],
    ['AUCH with length FFFF and 10 octets', octets('A\xff\xff0123456789'), bufferSizeError],
    ['AUCH with more than its length', octets('A\x00\x0501234567'), bufferSizeError],
    ['AURP of 19 octets', shorter('aurp', 20), bufferSizeError],
    ['AURP of 21 octets', longer('aurp', '!'), bufferSizeError],
    ['SFIDDESCL 999 with 5 octets', longer('sfid-enveloped', '').fill(0x39, 162, 165), bufferSizeError],
    ['SFIDDESCL with a letter', patched('sfid-enveloped', 162, '0x0'), invalidData],
    ['SFIDFMT Q', patched('sfid-enveloped', 106, 'Q'), invalidData],
    ['SFIDSIGN n', patched('sfid-enveloped', 161, 'n'), invalidData],
    ['SFIDREST with a letter', patched('sfid-enveloped', 154, 'X'), invalidData],
    ['SFIDDEST with a control character', patched('sfid-enveloped', 56, '\x1b'), invalidData],
    ['EFIDUCNT with a letter', patched('efid', 34, 'X'), invalidData],
    ['EFID of 34 octets', shorter('efid', 34), bufferSizeError],
    ['CD with an octet after it', octets('R '), bufferSizeError],
    ['CDT of two octets', octets('C '), bufferSizeError],
    ['EERPHSHL FFFF', patched('eerp-signed', 106, '\xff\xff'), bufferSizeError],
    ['EERPSIGL FFFF', patched('eerp-signed', 140, '\xff\xff'), bufferSizeError],
    ['EERP cut in its hash', shorter('eerp-signed', 120), bufferSizeError],
    ['EERP without signature length', shorter('eerp-signed', 140), bufferSizeError],
    ['NERPREAS AB', patched('nerp-signed', 126, 'AB'), invalidData],
    ['SFNARRTR blank', patched('sfna', 3, ' '), invalidData],
    ['EFPACD Q', octets('4Q'), invalidData],
  ])('refuses %s with the right ESID reason', (_case, oeb, reason) => {
    expect(errorOf(oeb).reason).toBe(reason);
  });

  it('says which field is wrong, and nothing of what was in it', () => {
    const error = errorOf(patched('ssid-initiator', 27, 'HUNTER\x01\x02'));
    expect(error.message).toBe('SSIDPSWD: printable characters only');
    expect(errorOf(patched('ssid-initiator', 35, '00127')).message).toBe('SSIDSDEB: 128 to 99999');
  });

  it('accepts 8D where 0D is meant', () => {
    for (const name of ['ssrm', 'ssid-initiator', 'esid']) {
      const oeb = goldenBuffer(name);
      oeb[oeb.length - 1] = 0x8d;
      expect(decodeExchangeBuffer(oeb, { leniencies: NO_LENIENCIES }).notices).toEqual([]);
    }
  });

  it('passes on what SFNA and not ESID should answer', () => {
    expect(decodeCommand(patched('sfid-enveloped', 155, '0442'))).toMatchObject({ SFIDSEC: 4, SFIDCIPH: 42 });
    expect(decodeCommand(patched('sfid-enveloped', 159, '29'))).toMatchObject({ SFIDCOMP: 2, SFIDENV: 9 });
    expect(decodeCommand(patched('sfid-enveloped', 1, ' '.repeat(26)))).toMatchObject({ SFIDDSN: '' });
    expect(decodeCommand(patched('sfid-enveloped', 3, '\0\xff'))).toMatchObject({
      SFIDDSN: 'OD\0\xffTE-CERTIFICATE-DELIVER',
    });
    expect(decodeCommand(patched('sfid-enveloped', 107, '00080'))).toMatchObject({ SFIDFMT: 'U', SFIDLRECL: 80 });
    expect(decodeCommand(patched('sfid-enveloped', 44, '0000'))).toMatchObject({ SFIDTIME: 0 });
  });

  it('keeps codes that nobody lists', () => {
    expect(decodeCommand(patched('nerp-signed', 126, '77'))).toMatchObject({ NERPREAS: 77 });
    expect(decodeCommand(octets('377N000'))).toMatchObject({ SFNAREAS: 77 });
    expect(decodeCommand(patched('ssid-initiator', 1, '6'))).toMatchObject({ SSIDLEV: 6 });
  });

  it('ignores what reserved fields hold', () => {
    expect(decodeCommand(octets('Cxy'))).toEqual({ command: 'CDT' });
    expect(decodeCommand(patched('ssid-initiator', 48, '\0\xff??'))).toMatchObject({ SSIDUSER: 'USER-52' });
  });

  it('removes trailing spaces from X fields and nothing else', () => {
    expect(decodeCommand(patched('ssid-initiator', 2, '  O 1 '.padEnd(25)))).toMatchObject({ SSIDCODE: '  O 1' });
    expect(decodeCommand(octets('302N006 text '))).toMatchObject({ SFNAREAST: ' text ' });
  });

  it('replaces what is no UTF-8', () => {
    expect(decodeCommand(octets('302N003a\xc3\x28'))).toMatchObject({ SFNAREAST: 'a\ufffd(' });
    expect(decodeCommand(octets('302N006\xef\xbb\xbfabc'))).toMatchObject({ SFNAREAST: '\ufeffabc' });
  });

  it('gives DATA as a view and other octets as copies', () => {
    const data = octets('D\x83ABC');
    const { command } = decodeExchangeBuffer(data);
    expect(command.command === 'DATA' && command.payload.buffer === data.buffer).toBe(true);
    const aurp = goldenBuffer('aurp');
    const response = decodeCommand(aurp);
    aurp.fill(0);
    expect(response.command === 'AURP' && response.AURPRSP[0]).toBe(0xf0);
  });

  it('takes DATA without any subrecord', () => {
    expect(decodeCommand(octets('D'))).toEqual({ command: 'DATA', payload: new Uint8Array(0) });
  });
});

describe('leniencies', () => {
  const cases: [LeniencyName, string, Uint8Array, object][] = [
    ['finalCarriageReturnMissing', 'SSRMCR', shorter('ssrm', 18), { command: 'SSRM' }],
    ['finalCarriageReturnMissing', 'SSIDCR', shorter('ssid-initiator', 60), { SSIDUSER: 'USER-52' }],
    ['finalCarriageReturnMissing', 'ESIDCR', octets('F05003abc'), { ESIDREAS: 5, ESIDREAST: 'abc' }],
    ['lineFeedForCarriageReturn', 'SSIDCR', patched('ssid-initiator', 60, '\n'), { SSIDUSER: 'USER-52' }],
    ['lineFeedForCarriageReturn', 'ESIDCR', octets('F00000\n'), { ESIDREAS: 0 }],
    ['creditWithoutReserved', 'CDTRSV1', octets('C'), { command: 'CDT' }],
    ['descriptionLengthMissing', 'SFIDDESCL', shorter('sfid-enveloped', 162), { SFIDDESC: '' }],
    ['reasonTextMissing', 'SFNAREASL', octets('302N'), { SFNAREAS: 2, SFNARRTR: 'N', SFNAREAST: '' }],
    ['reasonTextMissing', 'EFNAREASL', octets('511'), { EFNAREAS: 11, EFNAREAST: '' }],
    ['reasonTextMissing', 'ESIDREASL', octets('F09\r'), { ESIDREAS: 9, ESIDREAST: '' }],
    ['reasonTextMissing', 'ESIDREASL', octets('F09'), { ESIDREAS: 9, ESIDREAST: '' }],
    ['reasonTextMissing', 'NERPREASL', shorter('nerp-signed', 128), { NERPREAS: 33, NERPSIG: new Uint8Array(0) }],
    ['hashAndSignatureMissing', 'EERPHSHL', shorter('eerp-signed', 106), { EERPHSH: new Uint8Array(0) }],
    ['hashAndSignatureMissing', 'NERPHSHL', shorter('nerp-signed', 140), { NERPREAST: 'nicht dü' }],
    ['trailingCarriageReturn', 'SFNAREAST', longer('sfna', '\r'), { SFNAREAST: 'Später bi' }],
    ['trailingCarriageReturn', 'EFNAREAST', longer('efna', '\r'), { EFNAREAST: 'zlib stream!' }],
    ['trailingCarriageReturn', 'EERPSIG', longer('example-eerp', '\r'), { EERPDSN: 'INVOIC.A1' }],
    ['authenticationBlankBelowLevel5', 'SSIDAUTH', patched('ssid-responder', 47, ' '), { SSIDAUTH: 'N' }],
    ['damagedEndSession', 'ESID', octets('FAB000\r'), { ESIDREAS: 99, ESIDREAST: '' }],
    ['damagedEndSession', 'ESID', octets('F04999abc'), { ESIDREAS: 4, ESIDREAST: 'abc' }],
    ['damagedEndSession', 'ESID', octets('F04000no length\x8d'), { ESIDREAS: 4, ESIDREAST: 'no length' }],
    ['damagedEndSession', 'ESID', octets('F'), { ESIDREAS: 99, ESIDREAST: '' }],
    ['blankPaddedNumber', 'SSIDSDEB', patched('ssid-initiator', 35, '  200'), { SSIDSDEB: 200 }],
    ['blankPaddedNumber', 'SFIDREST', patched('sfid-enveloped', 138, ' '.repeat(17)), { SFIDREST: 0n }],
  ];

  it.each(cases)('%s (%s): accepted and reported', (leniency, field, oeb, expected) => {
    const leniencies = new Set([...DEFAULT_LENIENCIES, leniency]);
    const { command, notices } = decodeExchangeBuffer(oeb, { leniencies });
    expect(command).toMatchObject(expected);
    expect(notices).toContainEqual({ leniency, field });
  });

  it.each(cases)('%s (%s): an error when switched off', (leniency, _field, oeb) => {
    const leniencies = new Set(
      [...DEFAULT_LENIENCIES].filter((name) => name !== leniency && name !== 'damagedEndSession'),
    );
    expect(() => decodeCommand(oeb, { leniencies })).toThrow(ProtocolError);
  });

  it('has no number filled with spaces unless asked for', () => {
    expect(DEFAULT_LENIENCIES.has('blankPaddedNumber')).toBe(false);
  });

  it('reports each departure of one command', () => {
    expect(decodeExchangeBuffer(octets('F09\n')).notices).toEqual([
      { leniency: 'reasonTextMissing', field: 'ESIDREASL' },
      { leniency: 'lineFeedForCarriageReturn', field: 'ESIDCR' },
    ]);
  });
});
