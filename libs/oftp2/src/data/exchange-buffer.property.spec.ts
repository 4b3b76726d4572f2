import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProtocolError } from '../wire/errors.js';
import { ExchangeBufferDecoder } from './decoder.js';
import type { EncoderOptions } from './encoder.js';
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
