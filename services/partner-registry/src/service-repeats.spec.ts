import { registry } from '@certlane/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bus } from '@certlane/runtime';
import {
  ACME,
  addOwn,
  addPair,
  base64,
  BETA,
  keyIdOf,
  runningRegistry,
  SEALED,
  takeOver,
  type RunningRegistry,
} from './testing/running-registry.js';

const pair = { station: ACME, partner: BETA };
const usages: ['tls', 'session-authentication'] = ['tls', 'session-authentication'];

describe('partner-registry asked again and by several at once', () => {
  let running: RunningRegistry;
  const bus = (): Bus => running.bus;
  const revision = async () => (await bus().request(registry.partnerGet, pair)).partner.revision;

  beforeAll(async () => {
    running = await runningRegistry();
    await running.replica();
    await addPair(running);
  });
  afterAll(() => running.stop());

  it('does every change once: the same request again succeeds, changes nothing and tells nothing', async () => {
    const { company } = running;
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
      usages,
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
      () => bus().request(registry.ownCertificateActivate, { station: ACME, fingerprint, usages }),
      () =>
        bus().request(registry.partnerSet, {
          ...pair,
          connection: { host: 'beta.example', port: 6619, transport: 'tls' },
        }),
      () => bus().request(registry.partnerIdentify, { ...pair, subject: 'oftp.beta.example', issuer, usages }),
      () =>
        bus().request(registry.partnerCertificateAdd, { ...pair, certificate: base64(byHand.certificate.der), usages }),
      async () =>
        bus().request(registry.certificateTakeOver, {
          ...pair,
          ...received,
          exchange: 'e1',
          revision: await revision(),
        }),
      () => bus().request(registry.ownCertificateSwitch, { ...pair, fingerprint, usages, exchange: 'e2' }),
    ];
    const firstTime = [];
    for (const ask of requests) {
      await ask();
      firstTime.push((await running.told()).length);
    }
    expect(firstTime).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 1].map((count, at) => (at < 2 ? expect.any(Number) : count)));
    const before = await bus().request(registry.partnerGet, pair);
    for (const ask of requests.filter((_, at) => at !== 1)) await ask();
    expect(await running.told()).toEqual([]);
    expect(await bus().request(registry.partnerGet, pair)).toEqual(before);
  });

  it('keeps a key that is sealed anew, and a chain that comes later', async () => {
    const own = running.company.issue({ host: 'oftp.acme.example' });
    const fingerprint = await addOwn(running, own);
    const keyId = keyIdOf(own);
    await bus().request(registry.keyAdd, { station: ACME, keyId, sealedKey: 'certlane.sealed.v1.anew' });
    expect(await bus().request(registry.keyGet, { station: ACME, keyId })).toMatchObject({
      key: { sealedKey: 'certlane.sealed.v1.anew' },
    });
    const chain = [base64(running.company.authority.certificate.der)];
    const again = { station: ACME, certificate: base64(own.certificate.der), keyId };
    for (const next of [chain, []]) await bus().request(registry.ownCertificateAdd, { ...again, chain: next });
    const kept = await bus().request(registry.ownCertificateGet, { station: ACME, fingerprint });
    expect(kept.certificate.chain).toEqual(chain);
  });

  it('of several decisions on one state exactly one is taken over', async () => {
    await running.told();
    const stand = await revision();
    const asked = Array.from({ length: 6 }, (_, n) => ({
      ...pair,
      exchange: `rival ${n}`,
      kind: 'deliver' as const,
      certificate: base64(running.company.issue({ host: 'oftp.beta.example' }).certificate.der),
      usages,
      predecessors: [],
      revision: stand,
    }));
    const results = await Promise.allSettled(asked.map((one) => bus().request(registry.certificateTakeOver, one)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    }
    expect(await running.told()).toMatchObject([{ name: 'certificate.taken-over' }]);
  });

  it('the same take-over sent by many at once happens once', async () => {
    const certificate = base64(running.company.issue({ host: 'oftp.beta.example' }).certificate.der);
    const one = {
      ...pair,
      exchange: 'twins',
      kind: 'deliver' as const,
      certificate,
      usages,
      predecessors: [],
      revision: await revision(),
    };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => bus().request(registry.certificateTakeOver, one)),
    );
    expect(replies.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await running.told()).toHaveLength(1);
  });

  it('loses no change of operators who work on one partner at once', async () => {
    const issuer = running.company.authority.certificate.fingerprint;
    const hosts = Array.from({ length: 6 }, (_, n) => `host-${n}.beta.example`);
    await Promise.all(
      hosts.map((subject) => bus().request(registry.partnerIdentify, { ...pair, subject, issuer, usages: ['tls'] })),
    );
    const { partner } = await bus().request(registry.partnerGet, pair);
    expect(partner.entries.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(hosts.map((host) => `CN=${host}`)),
    );
    expect(await running.told()).toHaveLength(hosts.length);
  });

  it('every replica answers by the last change, whoever made it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { reply } = await takeOver(running, running.company.issue({ host: 'oftp.beta.example' }), {
        usages: ['tls'],
        exchange: `round ${round}`,
      });
      expect(reply.changed).toBe(true);
    }
  });
});
