import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from './bounded-cache.js';

describe('BoundedCache', () => {
  it('makes each value once while it is kept, and keeps no more than it may', () => {
    const cache = new BoundedCache<string>(2);
    const made: string[] = [];
    const get = (key: string): string =>
      cache.get(key, () => {
        made.push(key);
        return key.toUpperCase();
      });
    expect(['a', 'b', 'a', 'c', 'b', 'a'].map(get)).toEqual(['A', 'B', 'A', 'C', 'B', 'A']);
    expect(made).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not keep a failure', () => {
    const cache = new BoundedCache<number>(2);
    const fail = (): number => {
      throw new Error('not now');
    };
    expect(() => cache.get('a', fail)).toThrow('not now');
    expect(cache.get('a', () => 1)).toBe(1);
  });
});
