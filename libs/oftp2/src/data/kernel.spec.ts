import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kernelModule } from './kernel-module.js';
import { loadKernel, scriptKernel, type SubrecordKernel } from './kernel.js';

const wasm = loadKernel() as SubrecordKernel;
const LONGEST = 1562;

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

describe('the subrecord kernel', () => {
  it('is loaded from the octets in the source', () => {
    expect(wasm).toBeDefined();
    expect(kernelModule()).toHaveLength(222);
  });

  it.each([0, 1, 2, 3, 62, LONGEST, 2048, 2049, 5000])('packs %i subrecords like the script', (count) => {
    const source = noise(count * 63 + 9);
    const [fast, slow] = [wasm, scriptKernel].map((kernel) => {
      const target = new Uint8Array(count * 64 + 7).fill(0xaa);
      kernel.pack(source, 9, target, 5, count);
      return target;
    });
    expect(fast).toEqual(slow);
    expect(slow?.subarray(0, 5)).toEqual(new Uint8Array(5).fill(0xaa));
    expect(slow?.subarray(5 + count * 64)).toEqual(new Uint8Array(2).fill(0xaa));
  });

  it.each([0, 1, 2, 3, 62, LONGEST, 2048, 2049, 5000])('unpacks %i subrecords like the script', (count) => {
    const source = noise(count * 64 + 3);
    const [fast, slow] = [wasm, scriptKernel].map((kernel) => {
      const target = new Uint8Array(count * 63 + 4).fill(0xaa);
      kernel.unpack(source, 3, target, 2, count);
      return target;
    });
    expect(fast).toEqual(slow);
    expect(slow?.subarray(2 + count * 63)).toEqual(new Uint8Array(2).fill(0xaa));
  });

  it.each([
    ['WebAssembly', wasm],
    ['script', scriptKernel],
  ])('%s: what is packed has a header before each 63 octets, and unpacks to the same', (_name, kernel) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(70), fc.nat(70), (count, from, at) => {
        const source = noise(from + count * 63);
        const packed = new Uint8Array(at + count * 64);
        kernel.pack(source, from, packed, at, count);
        for (let index = 0; index < count; index += 1) {
          expect(packed[at + index * 64]).toBe(63);
          const start = from + index * 63;
          expect(packed.slice(at + index * 64 + 1, at + index * 64 + 64)).toEqual(source.slice(start, start + 63));
        }
        const unpacked = new Uint8Array(count * 63);
        kernel.unpack(packed, at, unpacked, 0, count);
        expect(unpacked).toEqual(source.slice(from));
      }),
      { numRuns: 50 },
    );
  });
});
