import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryRecords } from '@certlane/runtime/testing';
import { expired, first, upcoming } from '../testing/acceptance.js';
import { RegistryInMemory } from '../testing/registry.js';
import { startReplica, type Replica } from '../testing/replica.js';

const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const SUB = { station: 'O0013ACME', partner: 'O0177SUB' };

let registry: RegistryInMemory;
let replicas: Replica[];

const start = (): Replica => {
  const replica = startReplica({ records: new MemoryRecords(), registry });
  replicas.push(replica);
  return replica;
};
const indexed = async (replica: Replica) => {
  const found: string[] = [];
  for await (const { exchange } of replica.held.all()) found.push(exchange);
  return found;
};

beforeEach(() => {
  replicas = [];
  registry = new RegistryInMemory();
  registry.put(BETA, { acceptance: 'manual' });
});
afterEach(() => Promise.all(replicas.map(({ store }) => store.close())));

describe('a dry run', () => {
  const ask = (replica: Replica, certificate = first, more: object = {}) =>
    replica.dryRun.run({
      ...BETA,
      kind: 'deliver',
      description: '',
      mode: 'full',
      octets: Buffer.from(certificate.der).toString('base64'),
      ...more,
    });

  it('says what would become of a file, and leaves nothing behind', async () => {
    const replica = start();
    const asked = await ask(replica);
    expect(asked).toMatchObject({
      decision: { outcome: 'held', reason: 'manual' },
      certificate: { fingerprint: first.fingerprint },
    });
    expect('answer' in asked).toBe(false);
    registry.put(BETA, { acceptance: 'known' });
    expect(await ask(replica)).toMatchObject({ decision: { outcome: 'accepted' }, answer: { kind: 'eerp' } });
    expect(await ask(replica, expired)).toMatchObject({
      decision: { outcome: 'refused', reason: 'expired' },
      answer: { kind: 'nerp', text: expect.stringMatching(/^validity, expired: the certificate expired on/) },
    });
    expect(await ask(replica, upcoming)).toMatchObject({ decision: { outcome: 'accepted' } });
    expect([replica.told(), await indexed(replica), registry.applied.size, registry.declined.size]).toEqual([
      [],
      [],
      0,
      0,
    ]);
    expect((await replica.ledgers.read(BETA)).open).toEqual([]);
  });

  const open = { open: true, since: '2026-03-01T00:00:00Z' };
  const closed = { ...open, open: false };
  const bypass = { mode: 'exchange-only', secureAuthentication: false };
  const proven = { mode: 'full', secureAuthentication: true };
  it.each([
    ['the bypass while it is open', { bypass: open }, undefined, bypass],
    ['one with secure authentication once it is closed', { bypass: closed }, undefined, proven],
    [
      'one without, where none is set',
      { bypass: closed, secureAuthentication: false },
      undefined,
      { mode: 'full', secureAuthentication: false },
    ],
    ['the one that was asked about, while it is open', { bypass: open }, 'full', proven],
    ['the one that was asked about, once it is closed', { bypass: closed }, 'exchange-only', bypass],
  ])('stands on a session, %s', async (_which, settings, mode, session) => {
    registry.put(BETA, settings);
    const asked = await ask(start(), first, { mode });
    expect(asked).toMatchObject({
      session,
      decision: { outcome: 'held', inputs: { inBypass: session.mode === 'exchange-only' } },
    });
    // A sub-station has none of its own.
    registry.put(SUB, { via: BETA.partner, bypass: closed });
    expect((await ask(start(), first, { ...SUB, mode })).session).toEqual(session);
  });

  it('says it where automatic exchange is off, and what it would have matched', async () => {
    registry.put(BETA, { acx: false });
    expect(await ask(start())).toMatchObject({
      decision: { outcome: 'refused', reason: 'acx-disabled', match: { by: 'entry' }, validation: { trusted: true } },
      answer: { kind: 'nerp' },
    });
  });

  it('says it of a file that is no certificate', async () => {
    const asked = await ask(start(), first, { octets: Buffer.from('hello').toString('base64') });
    expect(asked).toMatchObject({ decision: { outcome: 'refused', reason: 'unreadable' }, answer: { kind: 'nerp' } });
    expect('certificate' in asked).toBe(false);
  });

  it('says it for a sub-station, and of a partner that is not there', async () => {
    registry.put(SUB, { via: BETA.partner });
    expect(await ask(start(), first, SUB)).toMatchObject({
      decision: { outcome: 'accepted', inputs: { originator: SUB.partner } },
    });
    await expect(ask(start(), first, { partner: 'O0177NOBODY' })).rejects.toMatchObject({ code: 'not-found' });
  });
});
