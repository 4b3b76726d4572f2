import { describe, expect, it } from '@jest/globals';
import { EfnaReason, efnaReasons } from './efna.js';
import { EsidReason, esidReasons } from './esid.js';
import { NerpReason, nerpReasons } from './nerp.js';
import type { ReasonRow } from './reason.js';
import { SfnaReason, sfnaReasons } from './sfna.js';
import { nerpReasonForEfna, nerpReasonForEsid, nerpReasonForSfna } from './to-nerp.js';

describe('reason tables', () => {
  it.each<[string, { readonly rows: readonly ReasonRow[] }, number[]]>([
    ['ESID', esidReasons, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99]],
    ['SFNA', sfnaReasons, [1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 99]],
    ['EFNA', efnaReasons, [1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 99]],
    [
      'NERP',
      nerpReasons,
      [3, 4, 9, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 90, 99],
    ],
  ])('%s lists exactly the codes of the RFC, each with a text of its own', (_name, table, expected) => {
    expect(table.rows.map((row) => row.code)).toEqual(expected);
    expect(new Set(table.rows.map((row) => row.text)).size).toBe(expected.length);
    expect(new Set(table.rows.map((row) => row.name)).size).toBe(expected.length);
  });

  it('does not let one kind of reason stand for another', () => {
    const take = (reason: EsidReason): number => reason;
    // @ts-expect-error EFNA reasons are no ESID reasons
    take(EfnaReason.invalidOrigin);
    // @ts-expect-error SFNA reasons are no ESID reasons
    take(SfnaReason.invalidOrigin);
    // @ts-expect-error NERP reasons are no ESID reasons
    take(NerpReason.invalidOrigin);
    // @ts-expect-error a bare number is no reason
    take(3);
    const efna: EfnaReason = EfnaReason.unspecified;
    // @ts-expect-error EFNA and SFNA share codes, not types
    const sfna: SfnaReason = efna;
    expect([take(EsidReason.userCodeNotKnown), sfna]).toEqual([3, 99]);
  });

  it('keeps a code nobody lists, and treats it as unspecified', () => {
    const unlisted = esidReasons.of(42);
    expect(unlisted).toBe(42);
    expect(esidReasons.isListed(unlisted)).toBe(false);
    expect(esidReasons.text(unlisted)).toBe('Unlisted reason 42');
    expect(esidReasons.effective(unlisted)).toBe(EsidReason.unspecified);
    expect(esidReasons.effective(EsidReason.timeOut)).toBe(EsidReason.timeOut);
    expect(esidReasons.text(EsidReason.timeOut)).toBe('Time out');
  });

  it.each([-1, 100, 1.5, Number.NaN])('refuses %s, which two digits cannot say', (code) => {
    expect(() => nerpReasons.of(code)).toThrow(RangeError);
  });
});

describe('the NERP reason for a refusal', () => {
  it.each([
    [1, 11],
    [2, 12],
    [3, 13],
    [4, 14],
    [5, 15],
    [6, 16],
    [10, 20],
    [11, 21],
    [12, 22],
    [13, 23],
    [14, 24],
    [15, 25],
    [16, 26],
    [17, 27],
    [18, 28],
    [19, 29],
    [20, 30],
    [99, 99],
    [77, 99],
  ])('by SFNA or EFNA %i is %i', (refusal, expected) => {
    expect(nerpReasonForSfna(sfnaReasons.of(refusal))).toBe(expected);
    expect(nerpReasonForEfna(efnaReasons.of(refusal))).toBe(expected);
  });

  it('by EFNA 21 to 23 crosses decryption and decompression over', () => {
    expect(nerpReasonForEfna(EfnaReason.invalidFileSignature)).toBe(NerpReason.invalidFileSignature);
    expect(nerpReasonForEfna(EfnaReason.decryptionFailure)).toBe(33);
    expect(nerpReasonForEfna(EfnaReason.decompressionFailure)).toBe(32);
    expect(nerpReasonForSfna(sfnaReasons.of(22))).toBe(NerpReason.unspecified);
  });

  it.each([
    [3, 3],
    [4, 4],
    [99, 9],
    [42, 9],
    [0, undefined],
    [2, undefined],
    [5, undefined],
    [12, undefined],
  ])('by ESID %i is %s', (ended, expected) => {
    expect(nerpReasonForEsid(esidReasons.of(ended))).toBe(expected);
  });
});
