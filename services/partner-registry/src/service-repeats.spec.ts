import { registry } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Bus } from '@certlane/runtime';
import { ACME, base64, BETA, keyIdOf, PAIR, registryForAll, SEALED, USAGES } from './testing/running-registry.js';

describe('partner-registry asked again and by several at once', () => {
  const running = registryForAll(async (fresh) => {
    await fresh.replica();
    await fresh.addPair();
  });
  const bus = (): Bus => running().bus;
  const revision = async () => (await running().partner()).revision;

  it('does every change once: the same request again succeeds, changes nothing and tells nothing', async () => {
    const { company } = running();
    const own = company.issue({ host: 'oftp.acme.example' });
    const theirs = company.issue({ host: 'oftp.beta.example' });
    const byHand = company.issue({ host: 'oftp.beta.example' });
    const { fingerprint } = own.certificate;
    const certificate = base64(own.certificate.der);
    const keyId = keyIdOf(own);
    const issuer = company.authority.certificate.fingerprint;
    const received = {
      kind: 'deliver' as const,
      certificate: base64(theirs.certificate.der),
      usages: USAGES,
      predecessors: [],
    };
    const requests: (() => Promise<unknown>)[] = [
      () => bus().request(registry.stationAdd, { id: ACME, password: SEALED, host: 'oftp.acme.example' }),
      () =>
        bus().request(registry.partnerAdd, {
          station: ACME,
          id: BETA,
          password: SEALED,
          acx: true,
          secureAuthentication: true,
        }),
      () => bus().request(registry.keyAdd, { station: ACME, keyId, sealedKey: SEALED }),
      () => bus().request(registry.ownCertificateAdd, { station: ACME, certificate, chain: [], keyId }),
      () => bus().request(registry.ownCertificateActivate, { station: ACME, fingerprint, usages: USAGES }),
      () =>
        bus().request(registry.partnerSet, {
          ...PAIR,
          connection: { host: 'beta.example', port: 6619, transport: 'tls' },
        }),
      () => bus().request(registry.partnerIdentify, { ...PAIR, subject: 'oftp.beta.example', issuer, usages: USAGES }),
      () =>
        bus().request(registry.partnerCertificateAdd, {
          ...PAIR,
          certificate: base64(byHand.certificate.der),
          usages: USAGES,
        }),
      async () =>
        bus().request(registry.certificateTakeOver, {
          ...PAIR,
          ...received,
          exchange: 'e1',
          revision: await revision(),
        }),
      () => bus().request(registry.ownCertificateSwitch, { ...PAIR, fingerprint, usages: USAGES, exchange: 'e2' }),
    ];
    const firstTime = [];
    for (const ask of requests) {
      await ask();
      firstTime.push((await running().told()).length);
    }
    expect(firstTime).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 1].map((count, at) => (at < 2 ? expect.any(Number) : count)));
    const before = await bus().request(registry.partnerGet, PAIR);
    for (const ask of requests.filter((_, at) => at !== 1)) await ask();
    expect(await running().told()).toEqual([]);
    expect(await bus().request(registry.partnerGet, PAIR)).toEqual(before);
  });

  it('keeps a key that is sealed anew, and a chain that comes later', async () => {
    const own = running().company.issue({ host: 'oftp.acme.example' });
    const fingerprint = await running().addOwn(own);
    const keyId = keyIdOf(own);
    await bus().request(registry.keyAdd, { station: ACME, keyId, sealedKey: 'certlane.sealed.v1.anew' });
    expect(await bus().request(registry.keyGet, { station: ACME, keyId })).toMatchObject({
      key: { sealedKey: 'certlane.sealed.v1.anew' },
    });
    const chain = [base64(running().company.authority.certificate.der)];
    const again = { station: ACME, certificate: base64(own.certificate.der), keyId };
    for (const next of [chain, []]) await bus().request(registry.ownCertificateAdd, { ...again, chain: next });
    const kept = await bus().request(registry.ownCertificateGet, { station: ACME, fingerprint });
    expect(kept.certificate.chain).toEqual(chain);
  });

  it('of several decisions on one state exactly one is taken over', async () => {
    await running().told();
    const stand = await revision();
    const asked = Array.from({ length: 6 }, (_, n) => ({
      ...PAIR,
      exchange: `rival ${n}`,
      kind: 'deliver' as const,
      certificate: base64(running().company.issue({ host: 'oftp.beta.example' }).certificate.der),
      usages: USAGES,
      predecessors: [],
      revision: stand,
    }));
    const results = await Promise.allSettled(asked.map((one) => bus().request(registry.certificateTakeOver, one)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    }
    expect(await running().told()).toMatchObject([{ name: 'certificate.taken-over' }]);
  });

  it('of a take-over and a refusal of one exchange at once, one counts', async () => {
    await running().told();
    for (let round = 0; round < 6; round += 1) {
      const exchange = `torn ${round}`;
      const certificate = base64(running().company.issue({ host: 'oftp.beta.example' }).certificate.der);
      const asked = { ...PAIR, exchange, kind: 'deliver' as const, certificate, usages: USAGES, predecessors: [] };
      const takeOver = { ...asked, revision: await revision() };
      const [taken, refused] = await Promise.allSettled([
        bus().request(registry.certificateTakeOver, takeOver),
        bus().request(registry.certificateDecline, { ...PAIR, exchange }),
      ]);
      const takenOver = taken.status === 'fulfilled';
      expect(refused).toEqual({ status: 'fulfilled', value: { takenOver } });
      expect(await bus().request(registry.certificateDecline, { ...PAIR, exchange })).toEqual({ takenOver });
      const again = bus().request(registry.certificateTakeOver, { ...takeOver, revision: await revision() });
      if (takenOver) expect(await again).toEqual({ changed: false });
      else await expect(again).rejects.toMatchObject({ code: 'failed-precondition' });
      expect(await running().told()).toHaveLength(takenOver ? 1 : 0);
    }
  });

  it('the same take-over sent by many at once happens once', async () => {
    const certificate = base64(running().company.issue({ host: 'oftp.beta.example' }).certificate.der);
    const one = {
      ...PAIR,
      exchange: 'twins',
      kind: 'deliver' as const,
      certificate,
      usages: USAGES,
      predecessors: [],
      revision: await revision(),
    };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => bus().request(registry.certificateTakeOver, one)),
    );
    expect(replies.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await running().told()).toHaveLength(1);
  });

  it('loses no change of operators who work on one partner at once', async () => {
    const issuer = running().company.authority.certificate.fingerprint;
    const hosts = Array.from({ length: 6 }, (_, n) => `host-${n}.beta.example`);
    await Promise.all(
      hosts.map((subject) => bus().request(registry.partnerIdentify, { ...PAIR, subject, issuer, usages: ['tls'] })),
    );
    const { partner } = await bus().request(registry.partnerGet, PAIR);
    expect(partner.entries.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(hosts.map((host) => `CN=${host}`)),
    );
    expect(await running().told()).toHaveLength(hosts.length);
  });

  it('every replica answers by the last change, whoever made it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { reply } = await running().takeOver(running().company.issue({ host: 'oftp.beta.example' }), {
        usages: ['tls'],
        exchange: `round ${round}`,
      });
      expect(reply.changed).toBe(true);
    }
  });
});
