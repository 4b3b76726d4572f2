import { describe, expect, it } from '@jest/globals';
import type { FileDescription } from '@certlane/oftp2';
import { judgeFile, type GateSettings } from './file-gate.js';
import { certificateFile } from './virtual-file.js';

const settings: GateSettings = {
  mode: 'full',
  destinations: ['O0942BIGCAR'],
  originators: ['O0013ACME'],
  subStations: ['O0013ACMEPLANT2'],
  maximumOctets: 65_536,
};

const sound: FileDescription = certificateFile(
  {
    datasetName: 'ODETTE_CERTIFICATE_DELIVER',
    date: '20260301',
    time: '1200000001',
    originator: 'O0013ACME',
    destination: 'O0942BIGCAR',
  },
  '',
  1_200,
);

const reasonFor = (changes: Partial<FileDescription>, other: Partial<GateSettings> = {}): number | undefined =>
  judgeFile({ ...sound, ...changes }, { ...settings, ...other }).refusal?.reason;

describe('judgeFile', () => {
  it('lets a certificate file through in either mode', () => {
    expect(judgeFile(sound, settings)).toEqual({ certificate: true, refusal: undefined });
    expect(judgeFile(sound, { ...settings, mode: 'exchange-only' })).toEqual({ certificate: true, refusal: undefined });
  });

  it.each([
    'ODETTE_CERTIFICATE_DELIVER',
    'ODETTE_CERTIFICATE_REQUEST',
    'ODETTE_CERTIFICATE_REPLACE',
    'odette_certificate_request',
  ])('knows %s as a certificate file', (SFIDDSN) => {
    expect(judgeFile({ ...sound, SFIDDSN }, { ...settings, mode: 'exchange-only' })).toMatchObject({
      certificate: true,
      refusal: undefined,
    });
  });

  it.each<[string, number | undefined, Partial<FileDescription>, Partial<GateSettings>]>([
    ['a certificate file of a sub-station', undefined, { SFIDORIG: 'O0013ACMEPLANT2' }, {}],
    ['the same in the bypass', 3, { SFIDORIG: 'O0013ACMEPLANT2' }, { mode: 'exchange-only' }],
    ['a payload file of a sub-station', 3, { SFIDORIG: 'O0013ACMEPLANT2', SFIDDSN: 'INVOICE' }, {}],
    ['a certificate file of somebody else', 3, { SFIDORIG: 'O0013ACMEPLANT3' }, {}],
    ['a certificate file for somebody else', 2, { SFIDORIG: 'O0013ACMEPLANT2', SFIDDEST: 'O0942OTHER' }, {}],
  ])('judges where it comes from: %s', (_name, reason, changes, other) => {
    expect(reasonFor(changes, other)).toBe(reason);
  });

  it.each(['INVOICE', 'OFTP_COMMUNICATION_SETUP', 'ODETTE_CERTIFICATE_DELIVE', 'ODETTE_CERTIFICATE_DELIVERY'])(
    'keeps %s out while the bypass is open, and leaves it to others afterwards',
    (SFIDDSN) => {
      expect(reasonFor({ SFIDDSN }, { mode: 'exchange-only' })).toBe(14);
      expect(judgeFile({ ...sound, SFIDDSN }, settings)).toEqual({ certificate: false, refusal: undefined });
    },
  );

  it.each<[what: string, changes: Partial<FileDescription>, reason: number | undefined]>([
    ['an empty name', { SFIDDSN: '' }, 1],
    ['a name that begins with a blank', { SFIDDSN: ' X' }, 1],
    ['a name with a control character', { SFIDDSN: 'A\u0007' }, 1],
    ['an absolute path', { SFIDDSN: '/ETC/PASSWD' }, 1],
    ['a path upwards', { SFIDDSN: 'A/../B' }, 1],
    ['a name with dots and slashes that is no path', { SFIDDSN: 'A..B/C.D' }, undefined],
    ['another destination', { SFIDDEST: 'O0001OTHER' }, 2],
    ['another originator', { SFIDORIG: 'O0001OTHER' }, 3],
    ['format F without record length', { SFIDFMT: 'F', SFIDLRECL: 0 }, 5],
    ['format F', { SFIDFMT: 'F', SFIDLRECL: 80 }, 4],
    ['format T', { SFIDFMT: 'T' }, 4],
    ['format U with a record length', { SFIDLRECL: 80 }, undefined],
    ['a security level nobody knows', { SFIDSEC: 4, SFIDENV: 1, SFIDCIPH: 4 }, 99],
    ['a suite nobody knows', { SFIDCIPH: 11 }, 15],
    ['a suite that only names how an EERP would be signed', { SFIDCIPH: 4 }, undefined],
    ['encryption without a suite', { SFIDSEC: 1, SFIDENV: 1 }, 15],
    ['encryption without an envelope', { SFIDSEC: 1, SFIDCIPH: 4 }, 99],
    ['encryption', { SFIDSEC: 1, SFIDCIPH: 4, SFIDENV: 1 }, 16],
    ['encryption and signature', { SFIDSEC: 3, SFIDCIPH: 4, SFIDENV: 1 }, 16],
    ['signature', { SFIDSEC: 2, SFIDCIPH: 4, SFIDENV: 1 }, 19],
    ['a compression nobody knows', { SFIDCOMP: 2, SFIDENV: 1 }, 18],
    ['compression', { SFIDCOMP: 1, SFIDENV: 1 }, 18],
    ['a bare envelope, as certificates travel in CMS', { SFIDENV: 1 }, undefined],
    ['an envelope nobody knows', { SFIDENV: 2 }, 99],
    ['the largest size', { SFIDFSIZ: 64 }, undefined],
    ['a larger size', { SFIDFSIZ: 65 }, 6],
  ])('answers %s with the reason the standard has for it', (_what, changes, reason) => {
    expect(reasonFor(changes)).toBe(reason);
  });

  it('names the first thing that is wrong, in the order of the checks', () => {
    expect(reasonFor({ SFIDDSN: '', SFIDDEST: 'X', SFIDSEC: 9 })).toBe(1);
    expect(reasonFor({ SFIDDEST: 'X', SFIDORIG: 'Y' })).toBe(2);
    expect(reasonFor({ SFIDORIG: 'Y', SFIDDSN: 'INVOICE' }, { mode: 'exchange-only' })).toBe(3);
  });

  it('gives every refusal a text for the partner', () => {
    const { refusal } = judgeFile({ ...sound, SFIDFSIZ: 1_000 }, settings);
    expect(refusal?.text).toBe('A certificate file has 65536 octets at most');
  });
});
