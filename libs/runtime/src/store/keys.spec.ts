import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertKey, assertPattern, documentKey, patternExpression, patternPrefix } from './keys.js';

const matches = (pattern: string, key: string): boolean => new RegExp(patternExpression(pattern)).test(key);

describe('keys of documents', () => {
  it('are made of any texts', () => {
    expect(documentKey('O0013 A/B', '', 'x.y')).toBe('O0013_20A_2fB._.x_2ey');
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 25 }), { minLength: 1, maxLength: 4 }), (parts) =>
        assertKey(documentKey(...parts)),
      ),
    );
  });

  it('differ when their texts differ', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        expect(documentKey(...one) === documentKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a b', 'a.*', '>', 'ä', 'a\n', 'x'.repeat(513)])('are not %j', (key) => {
    expect(() => assertKey(key)).toThrow(/is no key/);
  });

  it.each(['>', '*', 'a', 'a.*', '*.b', 'a.>', '*.*.c', 'a.*.>'])('are listed by %s', (pattern) => {
    expect(() => assertPattern(pattern)).not.toThrow();
  });

  it.each(['', 'a.', '>.a', 'a>', 'a*', '**', 'a..b', 'a.b c'])('are not listed by %j', (pattern) => {
    expect(() => assertPattern(pattern)).toThrow(/is no pattern/);
  });

  it.each([
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['*.c', 'b.c', true],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['>', 'a.b', true],
  ])('by %s: %s %s', (pattern, key, expected) => {
    expect(matches(pattern, key)).toBe(expected);
    if (expected) expect(key.startsWith(patternPrefix(pattern))).toBe(true);
  });
});
