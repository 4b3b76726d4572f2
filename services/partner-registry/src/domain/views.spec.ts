import { registry } from '@certlane/contracts';
import { expect, it } from '@jest/globals';
import { aCertificate, aPartner, aStation, aTakeOver, day } from '../testing/records.js';
import { takeOver } from './take-over.js';
import { partnerSummary, partnerView, sessionProfile, stationView } from './views.js';

const station = aStation({ host: 'oftp.acme.example' });
const partner = takeOver(
  aPartner({ ourPassword: 'certlane.box.v1.ours' }),
  aTakeOver(aCertificate('one')),
  day(0),
).record;

it('what operators see of station and partner fits the contract and holds no password', () => {
  const seen = {
    station: registry.stationGet.reply.parse({ station: stationView(station) }),
    partner: registry.partnerGet.reply.parse({ partner: partnerView(partner, station, 'r1', day(0)) }),
    list: registry.partnerList.reply.parse({ partners: [partnerSummary(partner)] }),
  };
  expect(seen.partner.partner).toMatchObject({
    hasOwnPassword: true,
    revision: 'r1',
    certificates: [{ state: 'current' }],
  });
  expect(JSON.stringify(seen)).not.toContain('certlane.box');
});

it('a partner without a password of its own is sent the one of the station', () => {
  expect(sessionProfile(partner, station)).toMatchObject({
    ourPassword: 'certlane.box.v1.ours',
    stationHost: station.host,
  });
  expect(sessionProfile(aPartner(), station).ourPassword).toBe('certlane.box.v1.station');
});
