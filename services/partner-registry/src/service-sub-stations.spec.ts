import { registry } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from './domain/records.js';
import { ACME, BETA, PAIR, registryForAll, SEALED } from './testing/running-registry.js';

const LINE = 'O0177LINE';

describe('sub-stations over NATS', () => {
  const running = registryForAll(async (fresh) => {
    await fresh.replica();
    await fresh.addPair();
  });
  const bus = () => running().bus;
  const add = (id: string, via = BETA) => bus().request(registry.partnerAdd, { station: ACME, id, via });
  const remove = (id: string) => bus().request(registry.partnerRemove, { station: ACME, partner: id });
  const subStations = async () =>
    (await bus().request(registry.sessionProfiles, { partner: BETA })).profiles.map((one) => one.subStations);

  it('a partner is greeted with its own; no sub-station is a caller', async () => {
    const { partner } = await add(LINE);
    expect(partner).toMatchObject({ id: LINE, via: BETA, connection: null, bypass: { open: false } });
    expect(await subStations()).toEqual([[LINE]]);
    expect(await bus().request(registry.sessionProfiles, { partner: LINE })).toEqual({ profiles: [] });
    const station = ACME;
    expect(await bus().request(registry.sessionProfiles, { partner: LINE, station })).toEqual({ profiles: [] });
    const { partners } = await bus().request(registry.partnerList, {});
    expect(partners.map(({ id, via }) => [id, via])).toEqual([
      [BETA, undefined],
      [LINE, BETA],
    ]);
  });

  it('one added again is the same one; at another partner it is refused', async () => {
    await running().told();
    await add(LINE);
    expect(await running().told()).toEqual([]);
    await bus().request(registry.partnerAdd, { station: ACME, id: 'O0177OTHER', password: SEALED });
    await expect(add(LINE, 'O0177OTHER')).rejects.toMatchObject({ code: 'already-exists' });
    expect((await bus().request(registry.sessionProfiles, { partner: 'O0177OTHER' })).profiles).toMatchObject([
      { subStations: [] },
    ]);
  });

  it('has identification data and certificates of its own', async () => {
    const issuer = running().company.authority.certificate.fingerprint;
    const subject = 'line.beta.example';
    const key = { station: ACME, partner: LINE };
    await bus().request(registry.partnerIdentify, { ...key, subject, issuer, usages: ['file-signature'] });
    expect((await bus().request(registry.partnerGet, key)).partner.entries).toHaveLength(1);
    expect((await bus().request(registry.partnerGet, PAIR)).partner.entries).toEqual([]);
  });

  it('its partner can be removed when it is gone', async () => {
    await expect(remove(BETA)).rejects.toMatchObject({ code: 'failed-precondition' });
    await remove(LINE);
    expect(await subStations()).toEqual([[]]);
    await remove(BETA);
    await expect(add(LINE)).rejects.toMatchObject({ code: 'invalid-argument', details: { field: 'via' } });
    await running().addPair();
  });

  it('whoever comes first: none is left without its partner', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [added, removed] = await Promise.allSettled([add(LINE), remove(BETA)]);
      expect([added.status, removed.status].sort()).toEqual(['fulfilled', 'rejected']);
      if (removed.status === 'fulfilled') await running().addPair();
      else await remove(LINE);
    }
  });

  it('added and removed at once, it is on the list as long as it is there', async () => {
    for (let round = 0; round < 10; round += 1) {
      await add(LINE);
      await Promise.allSettled([remove(LINE), add(LINE), add(LINE)]);
      const there = await bus().request(registry.partnerList, { id: LINE });
      const [listed] = await subStations();
      if (there.partners.length === 1) expect(listed).toEqual([LINE]);
    }
    await remove(LINE).catch(() => undefined);
  });

  it('of several at once only as many are added as a partner may have, and room comes back', async () => {
    const ids = Array.from({ length: LIMITS.subStations }, (_, n) => `O0177L${n}`);
    for (const id of ids.slice(3)) await add(id);
    const results = await Promise.allSettled([...ids.slice(0, 3), 'O0177ONE', 'O0177TWO'].map((id) => add(id)));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'failed-precondition' });
    }
    const [listed = []] = await subStations();
    expect(listed).toHaveLength(LIMITS.subStations);
    await remove(listed[0] ?? '');
    await add('O0177THREE');
    expect((await subStations())[0]).toHaveLength(LIMITS.subStations);
  });
});
