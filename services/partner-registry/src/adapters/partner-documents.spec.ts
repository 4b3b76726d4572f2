import { usualTrust } from '@certlane/contracts';
import { memoryStore } from '@certlane/runtime/testing';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { aPartner, day } from '../testing/records.js';
import { partnerDocuments } from './partner-documents.js';

/** A partner as version 1 wrote it; `declined` came later than the first of them. */
const first = {
  station: 'O0013000000ACME',
  id: 'O0177BETA',
  password: 'certlane.box.v1.partner',
  connection: { host: 'oftp.beta.example', port: 6619, transport: 'tls' },
  secureAuthentication: true,
  acx: true,
  tlsClientAuthentication: true,
  challenge: { cipher: '3des', keyTransport: 'rsaes-oaep' },
  entries: [],
  certificates: [],
  lines: {},
  own: {},
  applied: ['an exchange'],
  createdAt: day(-400).toISOString(),
};

it.each([
  ['the first', first, []],
  ['a later one', { ...first, declined: ['another'] }, ['another']],
])('%s of the documents that knew nothing of trust gets the usual values', async (_name, document, declined) => {
  const store = memoryStore();
  await store.collection({ name: 'partner', schema: z.unknown() }).create('a.b', document);
  const read = await store.collection(partnerDocuments).get('a.b');
  expect(read?.value).toEqual({ ...first, ...usualTrust, declined, subStations: [] });
  await store.close();
});

it('what was written now is read as it was written', async () => {
  const store = memoryStore();
  const documents = store.collection(partnerDocuments);
  const { password: _none, ...subStation } = aPartner({
    via: 'O0177GATE',
    acceptance: 'trusted',
    selfSigned: 'renewal',
    revocation: 'fail',
    twoPerson: true,
    weakKeys: true,
    bypassLimits: { days: null, attempts: 7, addresses: ['192.0.2.0/24', '2001:db8::1'] },
    bypassReopenedAt: day(3).toISOString(),
    subStations: [{ id: 'O0177LINE', claim: 'a claim', claimedAt: day(2).toISOString() }],
  });
  await documents.create('a.b', subStation);
  expect((await documents.get('a.b'))?.value).toEqual(subStation);
  await store.close();
});
