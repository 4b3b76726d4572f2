import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EncodeError } from '../wire/errors.js';
import { ExchangeBufferEncoder } from './encoder.js';
import { SlabPool } from './slab-pool.js';
import { capacityOf } from './subrecord.js';
import { appendixA, send, subrecordVectors } from './testing/transfer.js';
import type { VirtualFileLayout } from './virtual-file.js';

const U: VirtualFileLayout = { format: 'U', recordLength: 0 };
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const fileOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + 1) & 0xff);
const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

/** Headers of all subrecords of a file without compression. */
function headersOf(buffers: readonly Uint8Array[]): number[] {
  return buffers.flatMap((buffer) => {
    const headers: number[] = [];
    for (let position = 1; position < buffer.length;) {
      const header = buffer[position] as number;
      headers.push(header);
      position += 1 + (header & 0x3f);
    }
    return headers;
  });
}

describe('ExchangeBufferEncoder', () => {
  it.each(subrecordVectors())('$name: exactly these buffers and counts', (vector) => {
    const { format, recordLength, bufferSize, compression, records } = vector;
    const options = { layout: { format, recordLength }, bufferSize, compression };
    for (const chunkLength of [1, 2, 3, 5, 7, 1000]) {
      const sent = send(options, records, { chunkLength });
      expect(sent.buffers.map(hex)).toEqual(vector.buffers.map(hex));
      expect(sent.counts).toEqual({ records: vector.EFIDRCNT, units: vector.EFIDUCNT });
    }
  });

  it('makes the exchange buffer of RFC 5024 Appendix A', () => {
    const { file, buffer, digests } = appendixA();
    expect(digests).toEqual({ sha256OfFile: sha256(file), sha256OfBuffer: sha256(buffer) });
    for (const bufferSize of [821, 99_999]) {
      const layout: VirtualFileLayout = { format: 'T', recordLength: 0 };
      const sent = send({ layout, bufferSize, compression: false }, [file]);
      expect(sent.buffers.map(hex)).toEqual([hex(buffer)]);
      expect(sent.counts).toEqual({ records: 0n, units: 807n });
    }
  });

  it.each([
    [128, 125],
    [129, 126],
    [130, 126],
    [1024, 1007],
    [2048, 2015],
    [4096, 4031],
    [8192, 8063],
    [99_999, 98_435],
  ])('fills buffers of %i octets with %i of the file', (bufferSize, capacity) => {
    expect(capacityOf(bufferSize)).toBe(capacity);
    const { buffers } = send({ layout: U, bufferSize, compression: false }, [fileOf(capacity * 2)], {
      chunkLength: 1000,
    });
    expect(buffers).toHaveLength(2);
    expect(new Set(buffers.map((buffer) => buffer.length)).size).toBe(1);
  });

  it.each([0, 1, 62, 63, 64, 125, 126, 130, 1023, 1024, 1025, 2015, 2016])(
    'marks the last subrecord of %i octets, and no other',
    (length) => {
      for (const bufferSize of [128, 2048]) {
        for (const chunkLength of [1, 63, 64, 125, 126, 512, 4096]) {
          const { buffers, counts } = send({ layout: U, bufferSize, compression: false }, [fileOf(length)], {
            chunkLength,
          });
          const headers = headersOf(buffers);
          expect(headers.map((header) => header >= 0x80)).toEqual(
            headers.map((_, index) => index === headers.length - 1),
          );
          expect(headers.reduce((sum, header) => sum + (header & 0x3f), 0)).toBe(length);
          expect(Math.max(...buffers.map((buffer) => buffer.length))).toBeLessThanOrEqual(bufferSize);
          expect(counts).toEqual({ records: 0n, units: BigInt(length) });
        }
      }
    },
  );

  it('gives the lengths 128 and 7 for 130 octets at 128, and 4000, 4000, 686 for 8546 at 4000', () => {
    const lengths = (bufferSize: number, length: number): number[] =>
      send({ layout: U, bufferSize, compression: false }, [fileOf(length)]).buffers.map((buffer) => buffer.length);
    expect(lengths(128, 130)).toEqual([128, 7]);
    expect(lengths(4000, 8546)).toEqual([4000, 4000, 686]);
  });

  it('gives no more DATA than there is credit, and the rest later', () => {
    const encoder = new ExchangeBufferEncoder({ layout: U, bufferSize: 128, compression: false });
    encoder.push(fileOf(1000));
    expect(encoder.next(3)).toMatchObject({ buffers: 3 });
    expect(encoder.next(0)).toBeUndefined();
    expect(encoder.needsInput).toBe(false);
    expect(encoder.next(1)).toMatchObject({ buffers: 1 });
    expect(encoder.next(2)).toMatchObject({ buffers: 2 });
    expect(encoder.next()).toMatchObject({ buffers: 1 });
    expect(encoder.needsInput).toBe(true);
    encoder.end();
    expect(encoder.next(0)).toBeUndefined();
    expect(encoder.isDone).toBe(false);
    expect(encoder.next(1)).toMatchObject({ buffers: 1 });
    expect(encoder.isDone).toBe(true);
    expect(encoder.next(1)).toBeUndefined();
  });

  it('gives nothing without credit, not even a frame begun before', () => {
    const encoder = new ExchangeBufferEncoder({ layout: U, bufferSize: 128, compression: false });
    encoder.push(fileOf(100));
    expect(encoder.next(1)).toBeUndefined();
    encoder.push(fileOf(100));
    expect(encoder.next(0)).toBeUndefined();
    expect(encoder.next(1)).toMatchObject({ buffers: 1 });
  });

  it('puts many small frames into one piece of memory, for one write', () => {
    const encoder = new ExchangeBufferEncoder({ layout: U, bufferSize: 2048, compression: false });
    encoder.push(fileOf(2015 * 20 + 1));
    expect(encoder.next()).toMatchObject({ buffers: 20, octets: expect.objectContaining({ length: 2052 * 20 }) });
  });

  it('releases each piece of memory once, when its last frame was given out', () => {
    const pool = new SlabPool();
    const leased: Uint8Array[] = [];
    const allocate = (length: number): Uint8Array => {
      const slab = pool.lease(length);
      leased.push(slab);
      return slab;
    };
    const encoder = new ExchangeBufferEncoder({ layout: U, bufferSize: 99_999, compression: false, allocate });
    const file = fileOf(98_435 * 18 + 10);
    const received: number[] = [];
    encoder.push(file);
    let isEnded = false;
    for (;;) {
      const frames = encoder.next();
      if (frames === undefined && isEnded) break;
      if (frames === undefined) {
        encoder.end();
        isEnded = true;
        continue;
      }
      received.push(frames.octets.length);
      pool.release(frames.released);
    }
    // Slabs grow to half a mebibyte; from then on it is one and the same.
    expect(received).toEqual([...[1, 2, 5, 5, 5].map((frames) => frames * 100_003), 4 + 1 + 11]);
    expect(leased.map((slab) => slab.length / 100_003)).toEqual([1, 2, 5, 5, 5, 5]);
    expect(new Set(leased).size).toBe(3);
  });

  it('counts a file beyond 2^32 octets after a restart exactly', () => {
    const transmitted = { records: 0n, units: 5n * 2n ** 30n };
    const { counts } = send({ layout: U, bufferSize: 128, compression: false, transmitted }, [fileOf(1000)]);
    expect(counts).toEqual({ records: 0n, units: 5_368_710_120n });
    const records = { records: 2n ** 33n, units: 2n ** 40n };
    const layout: VirtualFileLayout = { format: 'F', recordLength: 10 };
    const resumed = send({ layout, bufferSize: 128, compression: false, transmitted: records }, [fileOf(1000)]);
    expect(resumed.counts).toEqual({ records: 8_589_934_692n, units: 1_099_511_628_776n });
  });

  it('sends 44 80 when a restart covers the whole file', () => {
    const transmitted = { records: 0n, units: 3072n };
    const sent = send({ layout: U, bufferSize: 128, compression: false, transmitted }, []);
    expect(sent.buffers.map(hex)).toEqual(['4480']);
    expect(sent.counts.units).toBe(3072n);
  });

  it.each<VirtualFileLayout>([
    { format: 'F', recordLength: 80 },
    { format: 'V', recordLength: 80 },
  ])('sends no DATA for a file of format $format without records', (layout) => {
    expect(send({ layout, bufferSize: 128, compression: false }, [])).toEqual({
      buffers: [],
      counts: { records: 0n, units: 0n },
    });
  });

  it('refuses what is no file of its layout', () => {
    const fixed = new ExchangeBufferEncoder({
      layout: { format: 'F', recordLength: 10 },
      bufferSize: 128,
      compression: false,
    });
    fixed.push(fileOf(25));
    expect(fixed.next()).toBeUndefined();
    expect(() => fixed.end()).toThrow(EncodeError);
    const variable = { layout: { format: 'V', recordLength: 10 }, bufferSize: 128, compression: false } as const;
    expect(() => new ExchangeBufferEncoder(variable).push(fileOf(11), true)).toThrow('SFIDLRECL 10');
    const open = new ExchangeBufferEncoder(variable);
    open.push(fileOf(5));
    expect(open.next()).toBeUndefined();
    expect(() => open.end()).toThrow(EncodeError);
    expect(() => open.push(fileOf(6), true)).toThrow(EncodeError);
    expect(() => new ExchangeBufferEncoder({ ...variable, layout: { format: 'F', recordLength: 0 } })).toThrow(
      EncodeError,
    );
    expect(() => new ExchangeBufferEncoder({ ...variable, bufferSize: 2 })).toThrow(EncodeError);
  });

  it('refuses more octets before the last ones are used up', () => {
    const encoder = new ExchangeBufferEncoder({ layout: U, bufferSize: 128, compression: false });
    encoder.push(fileOf(1000));
    expect(() => encoder.push(fileOf(1))).toThrow(EncodeError);
    expect(() => encoder.end()).toThrow(EncodeError);
  });
});
