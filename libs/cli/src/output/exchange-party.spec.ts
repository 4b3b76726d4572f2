import { expect, it } from '@jest/globals';
import { partyWords, subStationOf } from './exchange-party.js';

const file = (originator: string, destination: string) => ({
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20261123',
  time: '1200000000',
  originator,
  destination,
});

it.each([
  ['came from the partner itself', 'inbound', file('O0177BETA', 'O0013ACME'), 'O0177BETA', undefined],
  ['came from a sub-station', 'inbound', file('O0177PLANT', 'O0013ACME'), 'O0177PLANT via O0177BETA', 'O0177PLANT'],
  ['went to the partner itself', 'outbound', file('O0013ACME', 'O0177BETA'), 'O0177BETA', undefined],
  ['went to a sub-station', 'outbound', file('O0013ACME', 'O0177PLANT'), 'O0177PLANT via O0177BETA', 'O0177PLANT'],
] as const)('a certificate that %s is told with it', (_name, direction, virtualFile, words, subStation) => {
  const exchange = { direction, partner: 'O0177BETA', file: virtualFile };
  expect(partyWords(exchange)).toBe(words);
  expect(subStationOf(exchange)).toBe(subStation);
});
