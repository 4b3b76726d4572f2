import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { boxPublicKey, open, seal, sealFor, SealingKey } from './index.js';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const key = new SealingKey(secret);
const other = new SealingKey(randomBytes(32));
const plaintext = new Uint8Array(Buffer.from('a private key'));
const context = 'private-key/O0013ACME';

const forms = [
  ['seal', (octets: Uint8Array, purpose: string) => seal(key, octets, purpose), 'certlane.sealed.v1.'],
  ['sealFor', (octets: Uint8Array, purpose: string) => sealFor(boxPublicKey(key), octets, purpose), 'certlane.box.v1.'],
] as const;

describe.each(forms)('%s', (_, sealed, prefix) => {
  it('gives a text that opens with the key under the same context', () => {
    const text = sealed(plaintext, context);
    expect(text.startsWith(prefix)).toBe(true);
    expect(text).not.toContain(Buffer.from(plaintext).toString('base64url'));
    expect(open(key, text, context)).toEqual(plaintext);
  });

  it('opens with a key made again from the same octets', () => {
    expect(open(new SealingKey(secret), sealed(plaintext, context), context)).toEqual(plaintext);
  });

  it('never gives the same text twice', () => {
    expect(sealed(plaintext, context)).not.toBe(sealed(plaintext, context));
  });

  it('seals nothing at all and a lot', () => {
    const large = new Uint8Array(1_048_576).fill(7);
    expect(open(key, sealed(new Uint8Array(0), context), context)).toEqual(new Uint8Array(0));
    expect(open(key, sealed(large, ''), '').length).toBe(large.length);
    expect(refusalOf(() => sealed(new Uint8Array(1_048_577), context))).toBe('too-large');
  });

  it('says so when the key is another', () => {
    const text = sealed(plaintext, context);
    expect(refusalOf(() => open(other, text, context))).toBe('sealed-for-another-key');
    expect(messageOf(() => open(other, text, context))).toMatch(
      /sealed for key [0-9a-f]{16}, and this is key [0-9a-f]{16}/,
    );
  });

  it('says so when the context is another', () => {
    const text = sealed(plaintext, context);
    expect(refusalOf(() => open(key, text, 'private-key/O0177BETA'))).toBe('sealed-not-authentic');
  });

  it('notices every octet that was changed', () => {
    const text = sealed(plaintext, context);
    const octets = Buffer.from(text.slice(prefix.length), 'base64url');
    for (let at = 0; at < octets.length; at += 1) {
      const changed = Buffer.from(octets);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const answer = refusalOf(() => open(key, prefix + changed.toString('base64url'), context));
      expect(answer).toBe(at < 8 ? 'sealed-for-another-key' : 'sealed-not-authentic');
    }
  });

  it('notices octets taken off and put on', () => {
    const text = sealed(plaintext, context);
    const octets = Buffer.from(text.slice(prefix.length), 'base64url');
    for (const changed of [octets.subarray(0, octets.length - 1), Buffer.concat([octets, Buffer.from('x')])]) {
      expect(refusalOf(() => open(key, prefix + changed.toString('base64url'), context))).toBe('sealed-not-authentic');
    }
    expect(refusalOf(() => open(key, prefix + octets.subarray(0, 30).toString('base64url'), context))).toMatch(
      /^sealed-/,
    );
  });
});

describe('open', () => {
  it('does not take one form for the other', () => {
    const text = seal(key, plaintext, context);
    expect(refusalOf(() => open(key, text.replace('sealed', 'box'), context))).toMatch(/^sealed-/);
  });

  it.each([
    '',
    'certlane.sealed.v1.',
    'certlane.sealed.v2.AAAA',
    'certlane.sealed.v1.AAAA',
    'certlane.sealed.v1.*',
    '-----BEGIN PRIVATE KEY-----',
    `certlane.sealed.v1.${'A'.repeat(3_000_000)}`,
  ])('refuses a text of another form', (text) => {
    expect(refusalOf(() => open(key, text, context))).toBe('sealed-malformed');
  });

  it('refuses a sender key of small order, which would make the box open to anyone', () => {
    const id = Buffer.from(sealFor(boxPublicKey(key), plaintext, context).slice(16), 'base64url').subarray(0, 8);
    const forged = Buffer.concat([id, Buffer.alloc(32), Buffer.alloc(32)]).toString('base64url');
    expect(refusalOf(() => open(key, `certlane.box.v1.${forged}`, context))).toBe('sealed-not-authentic');
  });

  it('gives back whatever was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (octets, purpose) => {
        for (const [, sealed] of forms) expect(open(key, sealed(octets, purpose), purpose)).toEqual(octets);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a sealing key', () => {
  it.each([0, 16, 31, 33, 64])('is not made of %d octets', (length) => {
    expect(refusalOf(() => new SealingKey(randomBytes(length)))).toBe('sealing-key-invalid');
  });

  it('is not made of one octet repeated, as an empty file or a forgotten default would be', () => {
    expect(refusalOf(() => new SealingKey(new Uint8Array(32)))).toBe('sealing-key-invalid');
  });

  it('shows its secret nowhere', () => {
    const shown = inspect(key, { depth: 5, showHidden: true }) + JSON.stringify(key);
    expect(shown).not.toContain(Buffer.from(secret).toString('hex').slice(0, 8));
    expect(JSON.stringify(key)).toBe('{}');
  });

  it('always has the same public half, another key another', () => {
    expect(boxPublicKey(new SealingKey(secret))).toBe(boxPublicKey(key));
    expect(boxPublicKey(key)).toMatch(/^certlane\.boxkey\.v1\.[A-Za-z0-9_-]{43}$/);
    expect(boxPublicKey(other)).not.toBe(boxPublicKey(key));
  });

  it.each(['', 'certlane.boxkey.v1.', 'certlane.boxkey.v1.AAAA', 'AAAA'])('is not found in %j', (text) => {
    expect(refusalOf(() => sealFor(text, plaintext, context))).toBe('sealing-key-invalid');
  });

  it('opens what was sealed with it before, so that an update of the program leaves the store readable', () => {
    const sealed = 'certlane.sealed.v1.UAzvHm6r4RwnqkRbxRvL4LSqGLStctFKl7H2zeQj_77DTxv-5qVKNittVvNjZoefPA';
    const boxed =
      'certlane.box.v1.61SDJO5vHxrVeDOyzEKmn2Lfio-2tqCi9NgnqPTnhF6SfJFuo3SSfuonV42KK-VCuHOXVVOtGNJvRqdNOVIwjpsfwgzD';
    expect(Buffer.from(open(key, sealed, context)).toString()).toBe('a private key');
    expect(Buffer.from(open(key, boxed, context)).toString()).toBe('a private key');
  });
});
