import { describe, expect, it } from '@jest/globals';
import { ReceivedOctets } from './received-octets.js';

/** The octets of one DATA, decoded into that memory. */
function decoded(memory: Uint8Array, start: number, length: number, fill: number): Uint8Array {
  return memory.subarray(start, start + length).fill(fill);
}

describe('ReceivedOctets', () => {
  it('gives what lies one behind the other as one piece, when other memory comes', () => {
    const received = new ReceivedOctets();
    const [first, second] = [received.lease(100), received.lease(100)];
    expect(received.add(decoded(first, 0, 40, 1))).toBeUndefined();
    expect(received.add(decoded(first, 40, 50, 2))).toBeUndefined();
    const ready = received.add(decoded(second, 0, 10, 3));
    expect(ready).toEqual(new Uint8Array([...new Uint8Array(40).fill(1), ...new Uint8Array(50).fill(2)]));
    expect(received.rest()).toEqual(new Uint8Array(10).fill(3));
    expect(received.rest()).toBeUndefined();
  });

  it('fills memory again once it is written, and not before', () => {
    const received = new ReceivedOctets();
    const first = received.lease(100);
    received.add(decoded(first, 0, 90, 1));
    const second = received.lease(100);
    expect(second.buffer).not.toBe(first.buffer);
    const ready = received.add(decoded(second, 0, 90, 2));
    expect(received.lease(100).buffer).not.toBe(first.buffer);
    received.written(ready ?? first);
    expect(received.lease(100).buffer).toBe(first.buffer);
  });

  it('does not fill memory again in which octets wait', () => {
    const received = new ReceivedOctets();
    const memory = received.lease(100);
    received.add(decoded(memory, 0, 10, 1));
    const ready = received.add(decoded(memory, 50, 10, 2));
    expect(ready).toEqual(new Uint8Array(10).fill(1));
    received.written(ready ?? memory);
    expect(received.lease(100).buffer).not.toBe(memory.buffer);
    expect(received.rest()).toEqual(new Uint8Array(10).fill(2));
  });

  it('never fills memory that is not its own: others may have octets in it', () => {
    const received = new ReceivedOctets();
    const shared = Buffer.from('of all the process');
    received.add(shared);
    received.written(received.rest() ?? shared);
    expect(received.lease(shared.buffer.byteLength).buffer).not.toBe(shared.buffer);
    expect(shared.toString()).toBe('of all the process');
  });
});
