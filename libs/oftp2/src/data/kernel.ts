import { KERNEL_MEMORY, kernelModule } from './kernel-module.js';
import { COUNT, FULL_SUBRECORD } from './subrecord.js';

/** Copies between file octets and full literal subrecords; where the time of an uncompressed transfer goes. */
export interface SubrecordKernel {
  /** `count` times 63 octets of `source` become as many subrecords (header 3F) in `target`. */
  pack(source: Uint8Array, from: number, target: Uint8Array, at: number, count: number): void;
  /** `count` subrecords of `source`, all with header 3F, become 63 times as many octets in `target`. */
  unpack(source: Uint8Array, from: number, target: Uint8Array, at: number, count: number): void;
}

/** Copies few octets: for these a call into native code costs more than the copy. */
export function copyOctets(source: Uint8Array, from: number, target: Uint8Array, at: number, count: number): void {
  for (let index = 0; index < count; index += 1) target[at + index] = source[from + index] as number;
}

const MOVE = 8;
const LAST_MOVE = COUNT - MOVE;

/** 63 octets in moves of eight; the last overlaps the one before it by one octet. */
function moveSubrecord(source: DataView, from: number, target: DataView, at: number): void {
  for (let offset = 0; offset < LAST_MOVE; offset += MOVE) {
    target.setBigUint64(at + offset, source.getBigUint64(from + offset));
  }
  target.setBigUint64(at + LAST_MOVE, source.getBigUint64(from + LAST_MOVE));
}

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

/** The kernel without WebAssembly: for engines that have it switched off, and to test the other against. */
export const scriptKernel: SubrecordKernel = {
  pack(source, from, target, at, count) {
    const read = viewOf(source);
    const write = viewOf(target);
    for (let index = 0; index < count; index += 1) {
      write.setUint8(at + index * FULL_SUBRECORD, COUNT);
      moveSubrecord(read, from + index * COUNT, write, at + index * FULL_SUBRECORD + 1);
    }
  },
  unpack(source, from, target, at, count) {
    const read = viewOf(source);
    const write = viewOf(target);
    for (let index = 0; index < count; index += 1) {
      moveSubrecord(read, from + index * FULL_SUBRECORD + 1, write, at + index * COUNT);
    }
  },
};

/** Below this many subrecords copying into the module's memory and back costs more than it saves. */
const WORTH_A_CALL = 2;
const HALF = KERNEL_MEMORY / 2;
/** A full subrecord is the larger form; both forms of a batch fit into their halves of the memory. */
const BATCH = HALF / FULL_SUBRECORD;

/** The part of the WebAssembly interface used here; engines started without a compiler do not have it. */
declare const WebAssembly: {
  readonly Module: new (octets: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly pack: (source: number, target: number, count: number) => void;
  readonly unpack: (source: number, target: number, count: number) => void;
}

/**
 * The kernel on WebAssembly SIMD.
 * @returns undefined where the engine refuses the module
 */
export function loadKernel(): SubrecordKernel | undefined {
  let exports: KernelExports;
  try {
    const module = new WebAssembly.Module(kernelModule());
    exports = new WebAssembly.Instance(module).exports as KernelExports;
  } catch {
    return undefined;
  }
  const memory = new Uint8Array(exports.memory.buffer);

  const through = (
    run: (source: number, target: number, count: number) => void,
    [read, written]: readonly [number, number],
    [source, from, target, at, count]: Parameters<SubrecordKernel['pack']>,
  ): void => {
    for (let done = 0; done < count; done += BATCH) {
      const batch = Math.min(BATCH, count - done);
      const start = from + done * read;
      memory.set(source.subarray(start, start + batch * read), 0);
      run(0, HALF, batch);
      target.set(memory.subarray(HALF, HALF + batch * written), at + done * written);
    }
  };

  return {
    pack: (...args) =>
      args[4] < WORTH_A_CALL ? scriptKernel.pack(...args) : through(exports.pack, [COUNT, FULL_SUBRECORD], args),
    unpack: (...args) =>
      args[4] < WORTH_A_CALL ? scriptKernel.unpack(...args) : through(exports.unpack, [FULL_SUBRECORD, COUNT], args),
  };
}

/** The fastest kernel this engine runs; loaded once, used by one transfer at a time as all of it is synchronous. */
export const subrecordKernel: SubrecordKernel = loadKernel() ?? scriptKernel;
