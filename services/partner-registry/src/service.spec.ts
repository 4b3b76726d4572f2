import { registry, type ParsedReplyOf, type RequestOf } from '@certlane/contracts';
import { everyEntry } from '@certlane/runtime';
import { until } from '@certlane/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { ACME, base64, BETA, keyIdOf, PAIR, registryForAll, SEALED, USAGES } from './testing/running-registry.js';

describe('partner-registry over NATS', () => {
  const running = registryForAll();
  const get = () => running().partner();
  const names = async () => (await running().told()).map(({ name }) => name);
  const resolved = (partner: ParsedReplyOf<typeof registry.partnerGet>['partner'], usage: string) =>
    partner.usages.find((one) => one.usage === usage);

  it('keeps a station, its key and its certificate, and uses what is activated', async () => {
    const { bus, company } = running();
    await running().addPair();
    const own = company.issue({ host: 'oftp.acme.example' });
    const fingerprint = await running().addOwn(own);
    const before = await bus.request(registry.ownCertificateList, { station: ACME });
    expect(before).toMatchObject({ certificates: [{ fingerprint, activeFor: [] }], pendingKeys: [] });
    expect((await bus.request(registry.stationTls, {})).stations).toEqual([]);

    await bus.request(registry.ownCertificateActivate, { station: ACME, fingerprint, usages: [...USAGES] });
    expect(await bus.request(registry.stationTls, {})).toEqual({
      stations: [
        {
          station: ACME,
          host: 'oftp.acme.example',
          tls: { certificate: base64(own.certificate.der), chain: [], sealedKey: `${SEALED}.${keyIdOf(own)}` },
        },
      ],
    });
    expect(resolved(await get(), 'tls')).toMatchObject({ ours: fingerprint, oursAccepted: [] });
    expect(await names()).toEqual([
      'station.added',
      'partner.added',
      'own-certificate.added',
      'own-certificate.activated',
    ]);
  });

  it('shows a key that waits for its certificate', async () => {
    const waiting = keyIdOf(running().company.issue());
    await running().bus.request(registry.keyAdd, { station: ACME, keyId: waiting, sealedKey: SEALED });
    const { pendingKeys } = await running().bus.request(registry.ownCertificateList, { station: ACME });
    expect(pendingKeys).toEqual([{ keyId: waiting, createdAt: running().clock.now().toISOString() }]);
  });

  it('identifies a partner, takes its certificate over, rolls it over and recalls it', async () => {
    const { bus, company } = running();
    const { entry } = await bus.request(registry.partnerIdentify, {
      ...PAIR,
      subject: 'oftp.beta.example',
      issuer: company.authority.certificate.fingerprint,
      usages: [...USAGES],
    });
    expect(entry).toMatchObject({
      subject: 'CN=oftp.beta.example',
      issuer: { subject: 'CN=Beta OFTP2 CA,O=Certlane Test,C=DE' },
    });
    expect((await bus.request(registry.partnerList, {})).partners).toMatchObject([{ entries: 1, bypassOpen: true }]);

    const first = company.issue({ host: 'oftp.beta.example' });
    const second = company.renew(first);
    await running().takeOver(first, { kind: 'request' });
    await running().takeOver(second, { predecessors: [first.certificate.fingerprint] });
    const rolled = resolved(await get(), 'session-authentication');
    expect(rolled).toMatchObject({
      current: second.certificate.fingerprint,
      accepted: [{ fingerprint: first.certificate.fingerprint, until: first.certificate.notAfter.toISOString() }],
    });
    const session = PAIR;
    expect((await bus.request(registry.sessionFacts, session)).theirs).toEqual(
      [second, first].map(({ certificate }) => base64(certificate.der)),
    );

    await running().takeOver(second, {
      kind: 'replace',
      exchange: 'recall',
      predecessors: [first.certificate.fingerprint],
    });
    expect((await bus.request(registry.sessionFacts, session)).theirs).toEqual([base64(second.certificate.der)]);
    expect((await get()).certificates.map(({ state }) => state)).toEqual(['replaced', 'current']);
    const told = await running().told();
    expect(told.map(({ name }) => name)).toEqual([
      'partner.identified',
      'certificate.taken-over',
      'certificate.taken-over',
      'certificate.taken-over',
      'certificate.replaced',
    ]);
    expect(told.map(({ data }) => (data as { bypassClosed?: boolean }).bypassClosed)).toEqual([
      undefined,
      true,
      false,
      false,
      undefined,
    ]);
    expect(told[1]?.subject).toBe(`certlane.events.v1.certificate.taken-over.${BETA}`);
  });

  it('switches to a newer certificate of ours for a partner only after its end response', async () => {
    const { bus, company } = running();
    const before = resolved(await get(), 'tls')?.ours;
    const fingerprint = await running().addOwn(company.issue({ host: 'oftp.acme.example' }));
    const switched = { ...PAIR, usages: [...USAGES] };
    await bus.request(registry.ownCertificateSwitch, { ...switched, fingerprint: before ?? '', exchange: 'first' });
    await bus.request(registry.ownCertificateActivate, { station: ACME, fingerprint, usages: [...USAGES] });
    expect(resolved(await get(), 'tls')).toMatchObject({ ours: before, oursAccepted: [fingerprint] });
    const { ours } = await bus.request(registry.sessionFacts, PAIR);
    expect(ours).toHaveLength(2);

    await bus.request(registry.ownCertificateSwitch, { ...switched, fingerprint, exchange: 'second' });
    expect(resolved(await get(), 'tls')).toMatchObject({ ours: fingerprint, oursAccepted: [before] });
    await bus.request(registry.ownCertificateSwitch, { ...switched, fingerprint: before ?? '', exchange: 'first' });
    expect(resolved(await get(), 'tls')?.ours).toBe(fingerprint);
    expect(await names()).toEqual([
      'own-certificate.added',
      'own-certificate.switched',
      'own-certificate.activated',
      'own-certificate.switched',
    ]);
  });

  it('refuses a decision that stood on an older state, unless its change is there already', async () => {
    const { bus, company } = running();
    const one = company.issue({ host: 'oftp.beta.example' });
    const { asked } = await running().takeOver(one);
    const other = company.issue({ host: 'oftp.beta.example' });
    const late = { ...asked, exchange: 'late', certificate: base64(other.certificate.der) };
    await expect(bus.request(registry.certificateTakeOver, late)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('read it again and decide anew'),
    });
    expect(await bus.request(registry.certificateTakeOver, asked)).toEqual({ changed: false });
    expect(await bus.request(registry.certificateTakeOver, { ...asked, exchange: 'sent anew' })).toEqual({
      changed: false,
    });
    expect(await names()).toEqual(['certificate.taken-over']);
  });

  it('keeps the revision of a partner while nothing about it changes', async () => {
    const before = (await get()).revision;
    await running().bus.request(registry.partnerSet, { ...PAIR, acx: true });
    expect((await get()).revision).toBe(before);
    await running().bus.request(registry.partnerSet, { ...PAIR, tlsClientAuthentication: true });
    expect((await get()).revision).not.toBe(before);
    expect(await running().told()).toMatchObject([
      { name: 'partner.changed', data: { changed: ['tlsClientAuthentication'] } },
    ]);
  });

  it('tells what is expected at another time', async () => {
    const at = '2030-01-01T00:00:00Z';
    const { partner } = await running().bus.request(registry.partnerGet, { ...PAIR, at });
    expect(partner.certificates.every(({ state }) => state === 'expired' || state === 'replaced')).toBe(true);
    expect(partner.usages.every(({ current, accepted }) => current === undefined && accepted.length === 0)).toBe(true);
  });

  it('greets a partner at every station that knows it, and a stranger at none', async () => {
    const { bus } = running();
    await running().addPair('O0013 OTHER/A&B', BETA);
    await running().addPair('O0013.OTHER', 'O0199GAMMA');
    const { profiles } = await bus.request(registry.sessionProfiles, { partner: BETA });
    expect(profiles.map(({ station }) => station).sort()).toEqual(['O0013 OTHER/A&B', ACME]);
    expect(profiles[0]).toMatchObject({ partnerPassword: SEALED, ourPassword: SEALED, connection: null });
    const one = await bus.request(registry.sessionProfiles, { partner: BETA, station: ACME });
    expect(one.profiles).toHaveLength(1);
    for (const partner of ['O0199STRANGER', '*', '>', '.', 'ö\u0000', '  ']) {
      expect(await bus.request(registry.sessionProfiles, { partner })).toEqual({ profiles: [] });
    }
    expect(await bus.request(registry.sessionProfiles, { partner: '*', station: ACME })).toEqual({ profiles: [] });
  });

  it('lists stations, and partners page by page', async () => {
    const { bus } = running();
    expect((await bus.request(registry.stationList, {})).stations).toHaveLength(3);
    const pages: RequestOf<typeof registry.partnerList>[] = [{}, { station: ACME }, { id: BETA }];
    const sizes = await Promise.all(
      pages.map(async (page) => (await bus.request(registry.partnerList, page)).partners.length),
    );
    expect(sizes).toEqual([3, 1, 2]);
    const first = await bus.request(registry.partnerList, { limit: 2 });
    expect(first.partners).toHaveLength(2);
    const rest = await bus.request(registry.partnerList, { limit: 2, after: first.next ?? '' });
    expect(rest).toMatchObject({ partners: [{ id: 'O0199GAMMA' }] });
    expect(rest.next).toBeUndefined();
    const stations = await everyEntry(bus, registry.stationList, { limit: 1 }, (page) => page.stations);
    expect(stations).toEqual((await bus.request(registry.stationList, {})).stations);
    const callers = { partner: BETA, limit: 1 };
    const profiles = await everyEntry(bus, registry.sessionProfiles, callers, (page) => page.profiles);
    expect(profiles).toHaveLength(2);
    expect({ profiles }).toEqual(await bus.request(registry.sessionProfiles, { partner: BETA }));
  });

  it('takes entries and certificates off file, and says when that opens the bypass again', async () => {
    const { bus } = running();
    await running().told();
    const { certificates, entries } = await get();
    const answers = [];
    for (const { fingerprint } of certificates) {
      answers.push((await bus.request(registry.partnerCertificateRemove, { ...PAIR, fingerprint })).bypassReopened);
    }
    expect(answers).toEqual([...certificates.slice(1).map(() => false), true]);
    await bus.request(registry.partnerUnidentify, { ...PAIR, entry: entries[0]?.id ?? '' });
    expect((await names()).at(-1)).toBe('partner.unidentified');
    await bus.request(registry.partnerRemove, PAIR);
    await expect(get()).rejects.toMatchObject({ code: 'not-found' });
    await expect(bus.request(registry.partnerRemove, PAIR)).rejects.toMatchObject({ code: 'not-found' });
    expect(await names()).toEqual(['partner.removed']);
  });

  it('a partner that was removed comes back with nothing on file', async () => {
    const { bus } = running();
    const settings = { station: ACME, id: BETA, password: SEALED };
    const { partner } = await bus.request(registry.partnerAdd, settings);
    expect(partner).toMatchObject({ acx: false, secureAuthentication: false, certificates: [], entries: [] });
    expect(resolved(partner, 'tls')).toHaveProperty('ours');
  });

  it('finds everything again after a restart of NATS', async () => {
    const before = await get();
    await running().nats.server.kill();
    await running().nats.restart();
    await until('the registry answers', () =>
      get().then(
        () => true,
        () => false,
      ),
    );
    expect(await get()).toEqual(before);
  });
});
