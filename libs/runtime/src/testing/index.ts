export { findNatsServer } from './find-nats-server.js';
export { countingIds, fixedClock } from './fixed-clock.js';
export type { FixedClock } from './fixed-clock.js';
export { memoryStore } from './memory-store.js';
export type { MemoryStore, MemoryStoreOptions } from './memory-store.js';
export { MemoryRecords } from '../store/memory-table.js';
export { testNats } from './test-nats.js';
export type { TestNats, TestUser } from './test-nats.js';
