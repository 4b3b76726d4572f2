import {
  capacityOf,
  encodeFrame,
  ExchangeBufferDecoder,
  ExchangeBufferEncoder,
  FrameReader,
  scriptKernel,
  SlabPool,
  subrecordKernel,
  type SubrecordKernel,
  type VirtualFileLayout,
} from '@certlane/oftp2';
import { median, type BenchRow } from './report.js';

/** Moves this many octets of the file once. */
interface Task {
  readonly octets: number;
  readonly work: () => void;
}

const UNIT = 'GB/s of file';
const LAYOUT: VirtualFileLayout = { format: 'U', recordLength: 0 };
const CHUNK = 1 << 20;
const CHUNKS = 48;
const ROUNDS = 9;
const LONGEST = 99_999;
const PIECE = 65_536;
const FULL = 64;
const COUNT = 63;

const file = Buffer.alloc(CHUNK).map((_, index) => (index * 31 + (index >> 8)) & 0xff);

function secondsOf(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Slices of the file copied into memory that stays hot: what no codec can beat. */
function copying(slice: number): Task {
  const target = Buffer.alloc(slice);
  return {
    octets: CHUNK * CHUNKS,
    work: () => {
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
        for (let start = 0; start < CHUNK; start += slice) target.set(file.subarray(start, start + slice));
      }
    },
  };
}

function encoding(bufferSize: number, reuse: boolean, compression = false): Task {
  return {
    octets: CHUNK * CHUNKS,
    work: () => {
      const pool = new SlabPool();
      const memory = reuse ? { allocate: pool.lease } : {};
      const encoder = new ExchangeBufferEncoder({ layout: LAYOUT, bufferSize, compression, ...memory });
      const drain = (): void => {
        for (let frames = encoder.next(); frames !== undefined; frames = encoder.next()) pool.release(frames.released);
      };
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
        encoder.push(file);
        drain();
      }
      encoder.end();
      drain();
    },
  };
}

/** DATA payloads of one chunk of the file. */
function payloads(bufferSize: number): Buffer[] {
  const encoder = new ExchangeBufferEncoder({ layout: LAYOUT, bufferSize, compression: false });
  const found: Buffer[] = [];
  const drain = (): void => {
    for (let frames = encoder.next(1); frames !== undefined; frames = encoder.next(1)) {
      found.push(Buffer.from(frames.octets.subarray(5)));
    }
  };
  encoder.push(file);
  drain();
  encoder.end();
  drain();
  return found;
}

function decoding(bufferSize: number, reuse: boolean): Task {
  const buffers = payloads(bufferSize);
  const target = reuse ? Buffer.alloc(bufferSize) : undefined;
  return {
    octets: CHUNK * CHUNKS,
    work: () => {
      const decoder = new ExchangeBufferDecoder({ layout: LAYOUT, sizeLimit: 1n << 50n });
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
        for (const payload of buffers) decoder.decode(payload, target);
      }
    },
  };
}

/** Frames of the longest size read and decoded, as they come from a socket in pieces of 64 KiB. */
function receiving(recycle: boolean): Task {
  const stream = Buffer.concat(payloads(LONGEST).map((payload) => encodeFrame({ command: 'DATA', payload })));
  const target = Buffer.alloc(LONGEST);
  return {
    octets: CHUNK * CHUNKS,
    work: () => {
      const reader = new FrameReader({ command: LONGEST, data: LONGEST });
      const decoder = new ExchangeBufferDecoder({ layout: LAYOUT, sizeLimit: 1n << 50n });
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
        for (let start = 0; start < stream.length; start += PIECE) {
          reader.push(stream.subarray(start, start + PIECE));
          for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
            decoder.decode(frame.subarray(1), target);
            if (recycle) reader.recycle(frame);
          }
        }
      }
    },
  };
}

/** The inner copy alone, for the longest buffer. */
function packing(kernel: SubrecordKernel): Task {
  const count = Math.floor(capacityOf(LONGEST) / COUNT);
  const target = Buffer.alloc(count * FULL);
  const times = Math.floor((CHUNK * CHUNKS) / (count * COUNT));
  return {
    octets: times * count * COUNT,
    work: () => {
      for (let time = 0; time < times; time += 1) kernel.pack(file, 0, target, 0, count);
    },
  };
}

const TASKS: readonly {
  readonly name: string;
  readonly bufferSize: number;
  readonly task: Task;
  readonly note: string;
}[] = [
  { name: 'encode', bufferSize: LONGEST, task: encoding(LONGEST, true), note: 'memory used again; aim 2.5' },
  { name: 'decode', bufferSize: LONGEST, task: decoding(LONGEST, true), note: 'memory used again; aim 2.5' },
  {
    name: 'encode, fresh memory',
    bufferSize: LONGEST,
    task: encoding(LONGEST, false),
    note: 'page faults of new memory',
  },
  {
    name: 'decode, fresh memory',
    bufferSize: LONGEST,
    task: decoding(LONGEST, false),
    note: 'page faults of new memory',
  },
  { name: 'frames read and decoded', bufferSize: LONGEST, task: receiving(true), note: 'pieces of 64 KiB, recycled' },
  {
    name: 'frames read and decoded, fresh memory',
    bufferSize: LONGEST,
    task: receiving(false),
    note: 'pieces of 64 KiB',
  },
  { name: 'encode', bufferSize: 4096, task: encoding(4096, true), note: 'many frames to a write' },
  { name: 'decode', bufferSize: 4096, task: decoding(4096, true), note: '' },
  { name: 'encode', bufferSize: 1024, task: encoding(1024, true), note: '' },
  { name: 'decode', bufferSize: 1024, task: decoding(1024, true), note: '' },
  {
    name: 'encode, compression on',
    bufferSize: LONGEST,
    task: encoding(LONGEST, true, true),
    note: 'content without runs',
  },
  {
    name: 'inner copy, WebAssembly',
    bufferSize: LONGEST,
    task: packing(subrecordKernel),
    note: 'in and out of its memory',
  },
  { name: 'inner copy, script', bufferSize: LONGEST, task: packing(scriptKernel), note: 'the fallback' },
];

/**
 * Octets of an uncompressed U file per second through the exchange-buffer codec, beside copying the same octets. Rounds of all
 * tasks are interleaved, so that a busy machine disturbs figure and limit alike; medians are given.
 */
export function run(): Promise<BenchRow[]> {
  const limits = new Map(
    [...new Set(TASKS.map((row) => row.bufferSize))].map((size) => [size, copying(capacityOf(size))]),
  );
  const tasks = [...limits.values(), ...TASKS.map((row) => row.task)];
  const speeds = new Map<Task, number[]>(tasks.map((task) => [task, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const task of tasks) {
      const speed = task.octets / secondsOf(task.work) / 1e9;
      // The first rounds are the compiler's.
      if (round >= 2) speeds.get(task)?.push(speed);
    }
  }
  const speedOf = (task: Task | undefined): number => median((task && speeds.get(task)) ?? []);
  const figures = TASKS.map(({ name, bufferSize, task, note }) => {
    const limit = speedOf(limits.get(bufferSize));
    const value = speedOf(task);
    return { name: `exchange buffer ${bufferSize}: ${name}`, value, unit: UNIT, limit, ratio: value / limit, note };
  });
  return Promise.resolve(figures);
}
