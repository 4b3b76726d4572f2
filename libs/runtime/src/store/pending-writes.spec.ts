import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PendingWrites } from './pending-writes.js';

describe('PendingWrites', () => {
  it('stands behind everything it knows when nothing is open', () => {
    const pending = new PendingWrites(10);
    expect([pending.low(), pending.empty]).toEqual([11, true]);
    pending.reached(20);
    expect(pending.low()).toBe(21);
  });

  it('stays at a record until its messages are cleared or it is erased', () => {
    const pending = new PendingWrites(0);
    pending.written(pending.begin('a'), 5, true);
    pending.written(pending.begin('b'), 6, true);
    pending.reached(50);
    expect(pending.low()).toBe(5);
    pending.written(pending.begin('a'), 51, false);
    expect(pending.low()).toBe(6);
    pending.erased('b');
    expect([pending.low(), pending.empty]).toEqual([52, true]);
  });

  it('stays before a write under way, however far the stream goes meanwhile', () => {
    const pending = new PendingWrites(7);
    const ticket = pending.begin('a');
    pending.reached(100);
    expect(pending.low()).toBe(8);
    pending.refused(ticket);
    expect(pending.low()).toBe(101);
  });

  it('looks after a write without an answer as if it stood', () => {
    const pending = new PendingWrites(7);
    pending.unknown(pending.begin('a'));
    pending.reached(100);
    expect([pending.low(), pending.ripe(0), pending.empty]).toEqual([8, ['a'], false]);
    pending.settled('a', performance.now());
    expect([pending.low(), pending.empty]).toEqual([101, true]);
  });

  it('keeps what was written while somebody looked after the record', () => {
    const pending = new PendingWrites(0);
    const before = performance.now() - 1;
    pending.written(pending.begin('a'), 1, true);
    pending.settled('a', before);
    expect(pending.empty).toBe(false);
  });

  it('never stands behind a record that is left, in whatever order answers come', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      pending: fc.boolean(),
      answer: fc.nat(3),
      fate: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tracked = new PendingWrites(0);
        const left = new Map<string, number>();
        let sequence = 0;
        const answers: (() => void)[] = [];
        for (const { key, pending, answer, fate } of steps) {
          const ticket = tracked.begin(key);
          // The server takes writes as they come; its answers may come later, or not at all.
          const taken = (sequence += 1);
          if (pending) left.set(key, taken);
          else left.delete(key);
          answers.push(() => (fate === 0 ? tracked.unknown(ticket) : tracked.written(ticket, taken, pending)));
          while (answers.length > answer) answers.shift()?.();
          for (const stands of left.values()) expect(tracked.low()).toBeLessThanOrEqual(stands);
        }
      }),
    );
  });
});
