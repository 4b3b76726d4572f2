import { describe, expect, it } from '@jest/globals';
import { aPartner, day, fingerprintOf } from '../testing/records.js';
import { entryLike, identify, makeEntry, unidentify, type Identification } from './identification.js';
import { LIMITS } from './records.js';

const issuer = { fingerprint: fingerprintOf('issuer'), subject: 'CN=Issuer' };
const asked = (changes: Partial<Identification> = {}): Identification => ({
  subject: 'CN=oftp2.example.com,O=Example,C=DE',
  issuer,
  usages: ['tls', 'file-signature'],
  ...changes,
});
const entry = (changes: Partial<Identification> = {}) => makeEntry(asked(changes), day(0));

describe('making an entry', () => {
  it.each([
    ['a host name', 'oftp2.example.com', 'CN=oftp2.example.com'],
    ['a host name with blanks round it', '  oftp2.example.com ', 'CN=oftp2.example.com'],
    ['a common name with a comma', 'Example, Inc.', 'CN=Example\\, Inc.'],
    ['a partial name', 'O=Example , C=DE', 'O=Example,C=DE'],
  ])('reads %s', (_name, subject, expected) => {
    expect(entry({ subject }).subject).toBe(expected);
  });

  it.each([
    ['an empty subject', { subject: '  ' }, 'subject'],
    ['a name that does not parse', { subject: 'CN=a,=b' }, 'subject'],
    ['an unknown attribute', { subject: 'BANANA=1' }, 'subject'],
    ['a name that is too long written out', { subject: 'CN=' + '\u200b'.repeat(1000) }, 'subject'],
    ['a key usage that names nothing', { keyUsage: '00' }, 'keyUsage'],
  ])('refuses %s and names the field', (_name, changes, field) => {
    expect(() => entry(changes)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringContaining(`${field}: `),
        details: { field },
      }),
    );
  });

  it('brings key usage and purposes into one form', () => {
    expect(entry({ keyUsage: 'a000', extendedKeyUsage: ['1.2.4', '1.2.3', '1.2.4'] })).toMatchObject({
      keyUsage: 'a0',
      extendedKeyUsage: ['1.2.3', '1.2.4'],
    });
    expect(entry({ extendedKeyUsage: [] })).not.toHaveProperty('extendedKeyUsage');
  });
});

describe('identifying', () => {
  const once = identify(aPartner({ entries: [] }), entry()).record;

  it('tells the entry', () => {
    expect(identify(aPartner({ entries: [] }), entry()).facts).toMatchObject([
      { contract: { name: 'partner.identified' }, data: { entry: { id: entry().id } } },
    ]);
  });

  it.each([
    ['the same', {}],
    ['the same in another order, case and spacing', { subject: 'c=de, o=EXAMPLE, cn=OFTP2.example.com' }],
  ])('%s again is no change', (_name, changes) => {
    expect(identify(once, entry(changes))).toEqual({ record: once, facts: [] });
    expect(entryLike(once, entry(changes))).toBe(once.entries[0]);
  });

  it('the same for other usages is refused and says what to do', () => {
    expect(() => identify(once, entry({ usages: ['tls'] }))).toThrow(
      expect.objectContaining({ code: 'already-exists', message: expect.stringContaining('take it out first') }),
    );
  });

  it.each([
    ['issuer', { issuer: { ...issuer, fingerprint: fingerprintOf('other') } }],
    ['key usage', { keyUsage: '80' }],
    ['purposes', { extendedKeyUsage: ['1.2.3'] }],
    ['subject', { subject: 'CN=oftp2.example.com' }],
  ])('another %s is another entry with another id', (_name, changes) => {
    const { record } = identify(once, entry(changes));
    expect(new Set(record.entries.map(({ id }) => id)).size).toBe(2);
  });

  it('stops at the limit', () => {
    const many = Array.from({ length: LIMITS.entries }, (_, n) => entry({ subject: `host-${n}` }));
    const full = many.reduce((partner, one) => identify(partner, one).record, aPartner({ entries: [] }));
    expect(() => identify(full, entry())).toThrow(expect.objectContaining({ code: 'failed-precondition' }));
  });

  it('stops where all entries together would be too large', () => {
    const large = (n: number) => entry({ subject: `O=${n}${'x'.repeat(4000)}` });
    const count = Math.floor(LIMITS.entryOctets / 4500);
    const many = Array.from({ length: count }, (_, n) => large(n));
    const full = many.reduce((partner, one) => identify(partner, one).record, aPartner({ entries: [] }));
    const more = Array.from({ length: LIMITS.entries - count }, (_, n) => large(count + n));
    expect(() => more.reduce((partner, one) => identify(partner, one).record, full)).toThrow(
      expect.objectContaining({
        code: 'failed-precondition',
        message: expect.stringMatching(/^subject: .* octets; at/),
      }),
    );
  });

  it('takes out what was entered, and only that', () => {
    const { record, facts } = unidentify(once, entry().id);
    expect(record.entries).toEqual([]);
    expect(facts).toMatchObject([{ contract: { name: 'partner.unidentified' } }]);
    expect(() => unidentify(record, entry().id)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
