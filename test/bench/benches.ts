import type { BenchRow } from './report.js';

/** Every benchmark by name; loaded when it runs, so that one that needs nothing is not kept waiting by the others. */
export const benches: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  'exchange-buffer': async () => (await import('./exchange-buffer.js')).run(),
  throughput: async () => (await import('./throughput.js')).run(),
  'idle-sessions': async () => (await import('./idle-sessions.js')).run(),
  bus: async () => (await import('./bus.js')).run(),
  validation: async () => (await import('./validation.js')).run(),
  decisions: async () => (await import('./decisions.js')).run(),
  exchanges: async () => (await import('./exchanges.js')).run(),
};
