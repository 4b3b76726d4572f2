import { registry } from '@certlane/contracts';
import { expect, it } from '@jest/globals';
import {
  aCertificate,
  ALL,
  anEntry,
  anOwnCertificate,
  aPartner,
  aStation,
  aTakeOver,
  day,
} from '../testing/records.js';
import { LIMITS, octetsOf } from './records.js';
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
    list: registry.partnerList.reply.parse({ partners: [partnerSummary(partner, day(0))] }),
  };
  expect(seen.partner.partner).toMatchObject({
    hasOwnPassword: true,
    revision: 'r1',
    certificates: [{ state: 'current' }],
  });
  expect(JSON.stringify(seen)).not.toContain('certlane.box');
});

const aStanding = {
  trusted: false,
  reason: 'not-by-listed-authority' as const,
  message: '',
  anchor: '0'.repeat(64),
  since: day(0).toISOString(),
};

it('a partner fits into one reply however much is on file for it', () => {
  const size = LIMITS.partnerCertificateOctets / LIMITS.partnerCertificates;
  const certificates = Array.from({ length: LIMITS.partnerCertificates }, (_, n) => {
    const { summary } = aCertificate(`certificate ${n}`);
    const filed = { ...summary, usages: ALL, origin: { by: 'operator' as const }, addedAt: day(0).toISOString() };
    const certificate = 'A'.repeat(size - octetsOf({ ...filed, certificate: '' }));
    // A standing comes when the file may be full already.
    return { ...filed, certificate, standing: { ...aStanding, message: 'ß'.repeat(LIMITS.standingMessage) } };
  });
  const line = certificates.map(({ fingerprint }) => fingerprint);
  const own = Array.from({ length: 2 * LIMITS.formerOwn + 2 }, (_, n) => anOwnCertificate(`own ${n}`));
  const [acknowledged = '', ...previous] = own.slice(0, LIMITS.formerOwn + 1).map(({ fingerprint }) => fingerprint);
  const [active = '', ...formerly] = own.slice(LIMITS.formerOwn + 1).map(({ fingerprint }) => fingerprint);
  const byUsage = <Value>(value: Value) => Object.fromEntries(ALL.map((usage) => [usage, value]));
  const entries = Array.from({ length: LIMITS.entries }, () => {
    const size = LIMITS.entryOctets / LIMITS.entries - octetsOf({ ...anEntry, subject: '' });
    return { ...anEntry, subject: 'x'.repeat(size) };
  });
  const full = aPartner({ certificates, entries, lines: byUsage(line), own: byUsage({ acknowledged, previous }) });
  const ours = aStation({ certificates: own, active: byUsage(active), formerly: byUsage(formerly) });
  const seen = partnerView(full, ours, 'r1', day(0));
  expect(seen.usages.map(({ accepted, oursAccepted }) => [accepted.length, oursAccepted.length])).toEqual(
    ALL.map(() => [LIMITS.partnerCertificates - 1, own.length - 1]),
  );
  expect(octetsOf({ partner: seen })).toBeLessThan(900_000);
  // What a session needs: 18 certificates of ours with their keys (8 KiB at most), and the partner's.
  const usable = own.length * (LIMITS.ownCertificateText + 8_192 + 100);
  expect(usable + LIMITS.partnerCertificateOctets).toBeLessThan(950_000);
});

it('a partner without a password of its own is sent the one of the station', () => {
  expect(sessionProfile(partner, station)).toMatchObject({
    ourPassword: 'certlane.box.v1.ours',
    stationHost: station.host,
  });
  expect(sessionProfile(aPartner(), station)?.ourPassword).toBe('certlane.box.v1.station');
});

it('a partner is greeted with its sub-stations, and none of them is a caller', () => {
  const claims = ['A', 'B'].map((id) => ({ id, claim: `claim of ${id}`, claimedAt: day(0).toISOString() }));
  expect(sessionProfile(aPartner({ subStations: claims }), station)?.subStations).toEqual(['A', 'B']);
  const subStation = aPartner({ via: 'O0177BETA' });
  expect(sessionProfile(subStation, station)).toBeUndefined();
  expect(partnerView(subStation, station, 'r1', day(0)).via).toBe('O0177BETA');
  expect(partnerSummary(subStation, day(0)).via).toBe('O0177BETA');
});
