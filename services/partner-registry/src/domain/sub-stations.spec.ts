import { describe, expect, it } from '@jest/globals';
import { aPartner, day } from '../testing/records.js';
import { LIMITS } from './records.js';
import { claimSubStation, isDead, releaseSubStations, requireNoSubStations } from './sub-stations.js';

const gate = aPartner({ id: 'O0177GATE' });
const asked = { station: gate.station, id: 'O0177LINE', via: gate.id };
const claiming = { claim: 'claim 1', dead: [], now: day(0) };
const aClaim = (id: string) => ({ id, claim: `claim of ${id}`, claimedAt: day(0).toISOString() });
const full = aPartner({
  id: gate.id,
  subStations: Array.from({ length: LIMITS.subStations }, (_, n) => aClaim(`O0177L${String(n).padStart(2, '0')}`)),
});

describe('claiming a sub-station', () => {
  it('puts it on the list of its partner, by Odette ID, and tells nobody', () => {
    const one = claimSubStation(gate, asked, claiming).record;
    const two = claimSubStation(one, { ...asked, id: 'O0177ARM' }, { ...claiming, claim: 'claim 2' });
    expect(two.record.subStations.map(({ id }) => id)).toEqual(['O0177ARM', 'O0177LINE']);
    expect(two.facts).toEqual([]);
  });

  it('again gives it a new claim, which the release of the earlier one leaves alone', () => {
    const once = claimSubStation(gate, asked, claiming).record;
    const twice = claimSubStation(once, asked, { ...claiming, claim: 'claim 2' }).record;
    expect(twice.subStations).toEqual([{ id: asked.id, claim: 'claim 2', claimedAt: day(0).toISOString() }]);
    expect(releaseSubStations(twice, ['claim 1']).record).toBe(twice);
    expect(releaseSubStations(twice, ['claim 2']).record).toEqual(gate);
  });

  it.each([
    ['a partner that is not there', undefined, asked, 'invalid-argument', /^via: O0177GATE is no partner of station/],
    ['itself', undefined, { ...asked, via: asked.id }, 'invalid-argument', /^via: O0177LINE is the sub-station itself/],
    ['a sub-station', { ...gate, via: 'O0177TOP' }, asked, 'invalid-argument', /^via: .* give O0177TOP/],
    ['a partner that has as many as it may', full, asked, 'failed-precondition', /^via: .* has 64 sub-stations/],
  ])('is refused at %s', (_name, via, one, code, words) => {
    expect(() => claimSubStation(via, one, claiming)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words), details: { field: 'via' } }),
    );
  });

  it('finds room where others are not there any more, and needs none for the same again', () => {
    const dead = [full.subStations[7]?.claim ?? ''];
    const { record } = claimSubStation(full, asked, { ...claiming, dead });
    expect(record.subStations.map(({ id }) => id)).not.toContain('O0177L07');
    expect(record.subStations).toHaveLength(LIMITS.subStations);
    const again = claimSubStation(full, { ...asked, id: 'O0177L07' }, claiming);
    expect(again.record.subStations).toHaveLength(LIMITS.subStations);
  });
});

const soon = new Date(day(0).getTime() + 59_999);
const later = new Date(day(0).getTime() + 60_000);

it.each([
  ['of a sub-station that is there', aPartner({ via: gate.id }), later, false],
  ['made just now', undefined, soon, false],
  ['of one that nobody wrote', undefined, later, true],
  ['of one that belongs to another partner', aPartner({ via: 'O0177OTHER' }), later, true],
  ['of one that is a partner itself', aPartner(), later, true],
])('a claim %s is dead or not', (_name, record, now, dead) => {
  expect(isDead(aClaim('O0177LINE'), gate.id, record, now)).toBe(dead);
});

it('a partner is not removed while it has sub-stations, and they are named', () => {
  expect(() => {
    requireNoSubStations(gate, []);
  }).not.toThrow();
  expect(() => {
    requireNoSubStations(gate, [aClaim('O0177ARM'), aClaim('O0177LINE')]);
  }).toThrow(
    expect.objectContaining({ code: 'failed-precondition', message: expect.stringContaining('O0177ARM, O0177LINE') }),
  );
});
