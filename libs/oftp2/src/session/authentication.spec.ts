import { describe, expect, it } from '@jest/globals';
import { sameOctets, samePadded } from './authentication.js';

describe('constant-time comparison', () => {
  it.each([
    ['SECRET1', 'SECRET1', true],
    ['SECRET1', 'SECRET1 ', true],
    ['', '', true],
    ['SECRET1', 'SECRET2', false],
    ['SECRET1', 'secret1', false],
    ['SECRET1', '', false],
    [' SECRET1', 'SECRET1', false],
    ['SECRETS12', 'SECRETS1', false],
    ['SECRETS1', 'SECRETS12', false],
    // Cut to one octet, this sign would be the letter S.
    ['SECRET1', '\u0153ECRET1', false],
  ])('of the texts "%s" and "%s" says %s', (received, expected, same) => {
    expect(samePadded(received, expected, 8)).toBe(same);
  });

  it('of octets needs equal lengths and values', () => {
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });
});
