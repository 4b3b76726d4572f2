import { describe, expect, it } from '@jest/globals';
import { EfnaReason } from '../reasons/efna.js';
import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from '../wire/errors.js';
import { ExchangeBufferDecoder, type DecoderOptions } from './decoder.js';
import { appendixA, receive, send, subrecordVectors } from './testing/transfer.js';
import type { VirtualFileLayout } from './virtual-file.js';

const U: VirtualFileLayout = { format: 'U', recordLength: 0 };
const F3: VirtualFileLayout = { format: 'F', recordLength: 3 };
const V5: VirtualFileLayout = { format: 'V', recordLength: 5 };
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const decoderOf = (layout: VirtualFileLayout, more: Partial<DecoderOptions> = {}): ExchangeBufferDecoder =>
  new ExchangeBufferDecoder({ layout, sizeLimit: 1_000_000n, ...more });
const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

function errorOf(act: () => unknown): ProtocolError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('ExchangeBufferDecoder', () => {
  it.each(subrecordVectors())('$name: the file comes out, with its records and counts', (vector) => {
    const { format, recordLength } = vector;
    const decoder = decoderOf({ format, recordLength });
    expect(receive(decoder, vector.buffers)).toEqual(vector.records);
    expect(decoder.counts).toEqual({ records: vector.EFIDRCNT, units: vector.EFIDUCNT });
    expect(decoder.finish(decoder.counts)).toBeUndefined();
    expect(decoder.isMarkedEnded).toBe(true);
  });

  it('reads the exchange buffer of RFC 5024 Appendix A', () => {
    const { file, buffer } = appendixA();
    expect(receive(decoderOf({ format: 'T', recordLength: 0 }), [buffer])).toEqual([file]);
  });

  it('gives record boundaries within a buffer', () => {
    const decoder = decoderOf(V5);
    const { octets, recordEnds } = decoder.decode(hex('81 41 80 02 42 43 81 44 01 45'));
    expect([textOf(octets), recordEnds]).toEqual(['ABCDE', [1, 1, 4]]);
    expect(decoder.decode(hex('80')).recordEnds).toEqual([0]);
    expect(decoder.finish({ records: 4n, units: 5n })).toBeUndefined();
  });

  it.each([
    ['subrecords of no length', '00 00 81 41 00', 'A'],
    ['compressed subrecords that stand for nothing', '40 41 C0 42 01 43', 'C'],
    ['records marked in a file that has none', '81 41 81 42', 'AB'],
  ])('takes %s', (_case, payload, text) => {
    expect(textOf(decoderOf(U).decode(hex(payload)).octets)).toBe(text);
  });

  it.each(['3F 41', '45', '81', '02 41 42 7F', '7F'])(
    'refuses a subrecord that is cut off (%s), storing nothing',
    (payload) => {
      const decoder = decoderOf(U);
      const target = new Uint8Array(100);
      expect(errorOf(() => decoder.decode(hex(payload), target)).reason).toBe(EsidReason.invalidData);
      expect(target).toEqual(new Uint8Array(100));
      expect(decoder.counts.units).toBe(0n);
    },
  );

  it.each([
    ['empty', ''],
    ['full of zero octets', '00 00 00 00'],
    ['with end marks only', '80'],
    ['with runs of nothing', '40 41'],
  ])('does not take endless DATA %s', (_case, payload) => {
    const decoder = decoderOf(U, { emptyBufferLimit: 3 });
    for (let count = 0; count < 3; count += 1) decoder.decode(hex(payload));
    expect(errorOf(() => decoder.decode(hex(payload))).reason).toBe(EsidReason.protocolViolation);
  });

  it('counts empty DATA anew after each that brings something', () => {
    const decoder = decoderOf(U, { emptyBufferLimit: 2 });
    for (let count = 0; count < 10; count += 1) decoder.decode(hex(count % 3 === 2 ? '01 41' : ''));
    expect(decoder.counts.units).toBe(3n);
  });

  it('takes empty records as progress, up to the size limit', () => {
    const decoder = decoderOf(V5, { emptyBufferLimit: 1, sizeLimit: 10n });
    for (let count = 0; count < 5; count += 1) expect(decoder.decode(hex('80 80')).recordEnds).toEqual([0, 0]);
    expect(decoder.problem).toBeUndefined();
    decoder.decode(hex('80'));
    expect(decoder.problem?.reason).toBe(EfnaReason.fileSizeTooBig);
  });

  it('stops at the size limit before it takes memory, however small the DATA', () => {
    const decoder = decoderOf(U, { sizeLimit: 1000n });
    const bomb = new Uint8Array(99_998).map((_, index) => (index % 2 === 0 ? 0x7f : 0x41));
    expect(decoder.decode(bomb).octets).toHaveLength(0);
    expect(decoder.problem).toEqual({ reason: EfnaReason.fileSizeTooBig, text: 'More than 1000 octets' });
    expect(decoder.decode(hex('81 41')).octets).toHaveLength(0);
    expect(decoder.finish({ records: 0n, units: 0n })?.reason).toBe(EfnaReason.fileSizeTooBig);
  });

  it('takes exactly as much as the size limit says', () => {
    const decoder = decoderOf(U, { sizeLimit: 65n, received: { records: 0n, units: 2n } });
    expect(decoder.decode(hex(`3f${'41'.repeat(63)}`)).octets).toHaveLength(63);
    expect(decoder.problem).toBeUndefined();
    decoder.decode(hex('01 41'));
    expect(decoder.problem?.reason).toBe(EfnaReason.fileSizeTooBig);
  });

  it.each<[string, VirtualFileLayout, string, EfnaReason]>([
    ['a fixed record that is too short', F3, '83 41 42 43 82 41 42', EfnaReason.recordFormatNotSupported],
    ['a fixed record that is too long', F3, '84 41 42 43 44', EfnaReason.recordFormatNotSupported],
    ['an empty fixed record', F3, '80', EfnaReason.recordFormatNotSupported],
    ['a fixed record that goes on and on', F3, '04 41 42 43 44', EfnaReason.recordFormatNotSupported],
    ['a variable record that is too long', V5, 'C6 41', EfnaReason.recordLengthNotSupported],
    ['a variable record that goes on and on', V5, '46 41', EfnaReason.recordLengthNotSupported],
  ])('refuses %s at the end of the file, and stores nothing more', (_case, layout, payload, reason) => {
    const decoder = decoderOf(layout);
    expect(decoder.decode(hex(payload)).octets).toHaveLength(0);
    expect(decoder.problem?.reason).toBe(reason);
    expect(decoder.decode(hex('83 41 42 43')).octets).toHaveLength(0);
    expect(decoder.finish(decoder.counts)?.reason).toBe(reason);
  });

  it('adds up records that span buffers', () => {
    const decoder = decoderOf(V5);
    for (const payload of ['03 41 42 43', '02 44 45', '80 05 41 42 43 44 45']) decoder.decode(hex(payload));
    expect(decoder.problem).toBeUndefined();
    decoder.decode(hex('81 46'));
    expect(decoder.problem?.reason).toBe(EfnaReason.recordLengthNotSupported);
  });

  it.each<[string, VirtualFileLayout, string[], bigint, bigint, EfnaReason | undefined]>([
    ['no DATA, nothing announced', U, [], 0n, 0n, undefined],
    ['no DATA, five octets announced', U, [], 0n, 5n, EfnaReason.invalidByteCount],
    ['one octet too few', U, ['81 41'], 0n, 2n, EfnaReason.invalidByteCount],
    ['a record count for a file without records', U, ['81 41'], 7n, 1n, undefined],
    ['a missing end mark', U, ['01 41'], 0n, 1n, undefined],
    ['a wrong record count', F3, ['83 41 42 43'], 2n, 3n, EfnaReason.invalidRecordCount],
    ['an open fixed record', F3, ['02 41 42'], 1n, 2n, EfnaReason.invalidRecordCount],
    ['an open variable record', V5, ['81 41 01 42'], 2n, 2n, EfnaReason.invalidRecordCount],
    ['the right counts', V5, ['81 41 80'], 2n, 1n, undefined],
  ])('%s', (_case, layout, payloads, records, units, reason) => {
    const decoder = decoderOf(layout);
    for (const payload of payloads) decoder.decode(hex(payload));
    expect(decoder.finish({ records, units })?.reason).toBe(reason);
  });

  it('says whether the file ended with its mark', () => {
    const decoder = decoderOf(U);
    decoder.decode(hex('81 41'));
    expect(decoder.isMarkedEnded).toBe(true);
    decoder.decode(hex('01 42'));
    expect(decoder.isMarkedEnded).toBe(false);
    decoder.decode(hex('C4 42'));
    decoder.decode(hex(''));
    expect(decoder.isMarkedEnded).toBe(true);
  });

  it('says whether anything was compressed', () => {
    const decoder = decoderOf(U);
    decoder.decode(hex('02 41 42 81 40'));
    expect(decoder.hasSeenCompression).toBe(false);
    decoder.decode(hex('01 41 C4 20 81 43'));
    decoder.decode(hex('81 41'));
    expect(decoder.hasSeenCompression).toBe(true);
  });

  it('writes into the memory it is given, where that is long enough', () => {
    const target = new Uint8Array(10);
    const decoder = decoderOf(U);
    expect(decoder.decode(hex('02 41 42'), target).octets.buffer).toBe(target.buffer);
    expect(decoder.decode(hex('4B 41'), target).octets.buffer).not.toBe(target.buffer);
  });

  it('counts beyond 2^32 octets and 2^53 exactly', () => {
    const received = { records: 2n ** 33n, units: 99_999_999_999_999_000n };
    const decoder = decoderOf(V5, { received, sizeLimit: 10n ** 17n });
    decoder.decode(hex('85 41 42 43 44 45'));
    expect(decoder.counts).toEqual({ records: 8_589_934_593n, units: 99_999_999_999_999_005n });
    expect(decoder.finish({ records: 8_589_934_593n, units: 99_999_999_999_999_005n })).toBeUndefined();
    expect(decoder.finish({ records: 8_589_934_593n, units: 99_999_999_999_999_006n })?.reason).toBe(
      EfnaReason.invalidByteCount,
    );
  });

  it('takes up a broken transfer where it stopped', () => {
    const file = Uint8Array.from({ length: 3172 }, (_, index) => (index * 13) & 0xff);
    const transmitted = { records: 0n, units: 1024n };
    const { buffers, counts } = send({ layout: U, bufferSize: 128, compression: false, transmitted }, [
      file.slice(1024),
    ]);
    const decoder = decoderOf(U, { received: transmitted });
    expect(receive(decoder, buffers)).toEqual([file.slice(1024)]);
    expect(counts.units).toBe(3172n);
    expect(decoder.finish(counts)).toBeUndefined();
  });
});
