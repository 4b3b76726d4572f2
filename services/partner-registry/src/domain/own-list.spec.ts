import { describe, expect, it } from '@jest/globals';
import { anOwnCertificate, aStation, day } from '../testing/records.js';
import { isPlace, listOf } from './own-list.js';

const [older, newer] = [anOwnCertificate('older', -20), anOwnCertificate('newer', -10)];
const station = aStation({ certificates: [newer, older] });
const key = (keyId: string, n: number) => ({ keyId, createdAt: day(n).toISOString() });
const waiting = ['a', 'b'].map((letter, n) => key(letter.repeat(64), -n));

describe('the list of keys and certificates', () => {
  it('shows keys that wait, then certificates, the oldest first', () => {
    const lines = listOf(station, [key(older.keyId, -20), ...waiting]);
    expect(lines.map(({ pendingKey, certificate }) => pendingKey?.keyId ?? certificate)).toEqual([
      'b'.repeat(64),
      'a'.repeat(64),
      older.fingerprint,
      newer.fingerprint,
    ]);
    expect(lines.map(({ place }) => place)).toEqual(lines.map(({ place }) => place).sort());
    expect(lines.filter(({ place }) => !isPlace(place))).toEqual([]);
  });

  it('loses no key that gets its certificate while the list is read', () => {
    const [first] = waiting;
    const before = listOf(station, waiting);
    const served = { ...anOwnCertificate('served', -40), keyId: first!.keyId };
    const after = listOf({ ...station, certificates: [served, ...station.certificates] }, waiting);
    const [page, rest] = [before.slice(0, 1), after.filter(({ place }) => place > before[0]!.place)];
    expect([...page, ...rest].some(({ certificate }) => certificate === served.fingerprint)).toBe(true);
  });

  it.each(['', 'no page', '1 key', `3 other ${day(0).toISOString()} ${'a'.repeat(64)}`])('%s is no place', (text) => {
    expect(isPlace(text)).toBe(false);
  });
});
