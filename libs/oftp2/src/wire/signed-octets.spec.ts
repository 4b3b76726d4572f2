import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CommandNamed } from './command.js';
import { encodeCommand } from './encode.js';
import { signedOctets } from './signed-octets.js';
import { goldenVector } from './testing/golden-vectors.js';

const sha256 = (octets: Uint8Array | string): Buffer => createHash('sha256').update(octets).digest();
const hashOfAbc = new Uint8Array(sha256('abc'));
const empty = new Uint8Array(0);
const eerp = goldenVector('example-eerp').command as CommandNamed<'EERP'>;
const nerp = goldenVector('example-nerp').command as CommandNamed<'NERP'>;

describe('signedOctets', () => {
  it('are the 126 octets of the worked EERP', () => {
    const octets = signedOctets(encodeCommand({ ...eerp, EERPHSH: hashOfAbc, EERPSIG: empty }));
    expect(octets).toHaveLength(126);
    expect(sha256(octets).toString('hex')).toBe('a434e6b82eb326bb2fd70fd61ac8e5b300f51e7e0cdfce72f65593fc9bdc56a6');
  });

  it('are the 151 octets of the worked NERP, without its reason', () => {
    const octets = signedOctets(encodeCommand({ ...nerp, NERPHSH: hashOfAbc }));
    expect(octets).toHaveLength(151);
    expect(sha256(octets).toString('hex')).toBe('beea50e1fc19f24c326879def15267c6fb85d9f032422213df894af4fab99e48');
  });

  it('do not change with signature, user field, reserved octets or reason', () => {
    const plain = signedOctets(encodeCommand({ ...eerp, EERPHSH: hashOfAbc }));
    const other = encodeCommand({ ...eerp, EERPHSH: hashOfAbc, EERPUSER: 'X', EERPSIG: Uint8Array.of(1, 2, 3) });
    other.fill(0x2e, 27, 30);
    expect(signedOctets(other)).toEqual(plain);
  });

  it('are what was received, padding and all', () => {
    const received = encodeCommand({ ...eerp, EERPHSH: hashOfAbc });
    received[12] = 0x09;
    expect(signedOctets(received)[11]).toBe(0x09);
  });
});
