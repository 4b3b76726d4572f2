import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProtocolError } from '../wire/errors.js';
import { ExchangeBufferDecoder } from './decoder.js';
import { ExchangeBufferEncoder, type EncoderOptions } from './encoder.js';
import type { DataFrames } from './frame-writer.js';
import { SlabPool } from './slab-pool.js';
import { receive, send } from './testing/transfer.js';

/** Octets with runs, as compression meets them. */
const octets = fc
  .array(fc.tuple(fc.nat(3), fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 200 }))), {
    maxLength: 30,
  })
  .map((runs) => Uint8Array.from(runs.flatMap(([octet, count]) => new Array<number>(count).fill(octet))));

const setting = fc.record({
  bufferSize: fc.oneof(fc.integer({ min: 3, max: 140 }), fc.constantFrom(128, 129, 130, 1024, 2048, 99_999)),
  compression: fc.boolean(),
  chunkLength: fc.constantFrom(1, 2, 3, 5, 7, 62, 63, 64, 125, 126, 1000),
  credit: fc.constantFrom(1, 2, 3, 7, 999),
});
type Setting = typeof setting extends fc.Arbitrary<infer Value> ? Value : never;

function check(
  layout: EncoderOptions['layout'],
  records: readonly Uint8Array[],
  { chunkLength, credit, ...rest }: Setting,
): void {
  const options = { layout, ...rest };
  const sent = send(options, records, { chunkLength, credit });
  // However the file is divided and whatever the credit, the same buffers go out.
  expect(sent).toEqual(send(options, records));
  expect(Math.max(0, ...sent.buffers.map((buffer) => buffer.length))).toBeLessThanOrEqual(rest.bufferSize);

  const decoder = new ExchangeBufferDecoder({ layout, sizeLimit: 1_000_000n });
  const received = receive(decoder, sent.buffers);
  expect(decoder.finish(sent.counts)).toBeUndefined();
  const file = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex');
  expect(file(received)).toBe(file(records));
  if (layout.format === 'V' && records.length > 0) expect(received).toEqual(records);
}

describe('exchange buffers', () => {
  it('carry any U file unchanged', () => {
    fc.assert(
      fc.property(octets, setting, (file, settings) => check({ format: 'U', recordLength: 0 }, [file], settings)),
    );
  });

  it('carry any F file unchanged', () => {
    fc.assert(
      fc.property(octets, fc.integer({ min: 1, max: 200 }), setting, (file, recordLength, settings) => {
        const whole = file.slice(0, file.length - (file.length % recordLength));
        check({ format: 'F', recordLength }, [whole], settings);
      }),
    );
  });

  it('carry any V file unchanged, empty records and all', () => {
    fc.assert(
      fc.property(fc.array(octets, { maxLength: 5 }), setting, (records, settings) =>
        check({ format: 'V', recordLength: 10_000 }, records, settings),
      ),
    );
  });

  it('never grow by compression', () => {
    fc.assert(
      fc.property(octets, (file) => {
        const layout = { format: 'U', recordLength: 0 } as const;
        const size = (compression: boolean): number =>
          send({ layout, bufferSize: 99_999, compression }, [file]).buffers.reduce(
            (sum, buffer) => sum + buffer.length,
            0,
          );
        expect(size(true)).toBeLessThanOrEqual(size(false));
      }),
      { numRuns: 500 },
    );
  });

  it('on their way never change before their memory is released, however late that is', () => {
    fc.assert(
      fc.property(setting, fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (settings, delays) => {
        const pool = new SlabPool();
        const encoder = new ExchangeBufferEncoder({
          layout: { format: 'U', recordLength: 0 },
          bufferSize: settings.bufferSize,
          compression: settings.compression,
          // Memory comes back full of something else.
          allocate: (length) => pool.lease(length).fill(0xee),
        });
        const underWay: { readonly frames: DataFrames; readonly copy: string }[] = [];
        const copyOf = ({ octets: sent }: DataFrames): string => Buffer.from(sent).toString('hex');
        const leave = (waiting: number): void => {
          for (const { frames, copy } of underWay) expect(copyOf(frames)).toBe(copy);
          while (underWay.length > waiting) pool.release(underWay.shift()?.frames.released);
        };
        for (let chunk = 0; chunk < 12; chunk += 1) {
          encoder.push(new Uint8Array(settings.chunkLength * 40).fill(chunk));
          for (let frames = encoder.next(settings.credit); frames !== undefined;) {
            underWay.push({ frames, copy: copyOf(frames) });
            leave(delays[underWay.length % delays.length] ?? 0);
            frames = encoder.next(settings.credit);
          }
        }
        leave(0);
      }),
      { numRuns: 60 },
    );
  });

  it('of any octets are a file or a typed error, never more than 63 octets for two', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
        const decoder = new ExchangeBufferDecoder({ layout: { format: 'U', recordLength: 0 }, sizeLimit: 10_000n });
        try {
          expect(decoder.decode(payload).octets.length).toBeLessThanOrEqual(Math.ceil(payload.length / 2) * 63);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
