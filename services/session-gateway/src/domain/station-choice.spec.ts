import { describe, expect, it } from '@jest/globals';
import { chooseStation, type Candidate } from './station-choice.js';

const candidate = (station: string, passwordCorrect: boolean, stationHost?: string): Candidate => ({
  passwordCorrect,
  profile: {
    station,
    partner: 'O0013ACME',
    partnerPassword: 'certlane.sealed.v1.x',
    ourPassword: 'certlane.sealed.v1.y',
    connection: null,
    subStations: [],
    ...(stationHost === undefined ? {} : { stationHost }),
  },
});

const chosen = (candidates: Candidate[], serverName?: string): string => {
  const choice = chooseStation(candidates, serverName);
  return choice.found ? `${choice.candidate.profile.station} ${choice.candidate.passwordCorrect}` : choice.why;
};

describe('chooseStation', () => {
  it.each<[what: string, candidates: Candidate[], serverName: string | undefined, result: string]>([
    ['nobody knows the caller', [], undefined, 'unknown'],
    ['one station knows it', [candidate('A', true)], undefined, 'A true'],
    ['one station knows it by another password', [candidate('A', false)], undefined, 'A false'],
    [
      'the server name names one',
      [candidate('A', true, 'a.example'), candidate('B', true, 'b.example')],
      'B.Example',
      'B true',
    ],
    [
      'the server name names one that has another password',
      [candidate('A', true, 'a.example'), candidate('B', false, 'b.example')],
      'b.example',
      'B false',
    ],
    [
      'the server name names none of them',
      [candidate('A', false, 'a.example'), candidate('B', true, 'b.example')],
      'c.example',
      'B true',
    ],
    ['the password tells them apart', [candidate('A', false), candidate('B', true)], undefined, 'B true'],
    ['nothing tells them apart', [candidate('A', true), candidate('B', true)], undefined, 'ambiguous'],
    ['no password fits', [candidate('A', false), candidate('B', false)], undefined, 'A false'],
  ])('when %s', (_what, candidates, serverName, result) => {
    expect(chosen(candidates, serverName)).toBe(result);
  });
});
