import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { summaryOf } from '@certlane/pki';
import { MemoryRecords } from '@certlane/runtime/testing';
import { ca, days, first } from '../testing/acceptance.js';
import { incoming, type Variation } from '../testing/incoming.js';
import { RegistryInMemory } from '../testing/registry.js';
import { away, startReplica, type Replica, type ReplicaParts } from '../testing/replica.js';

const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const SUB = { station: 'O0013ACME', partner: 'O0177SUB' };
const { certificate } = ca.issue({ host: 'oftp.acme.example' });
/** A certificate of our station. */
const own = {
  ...summaryOf(certificate),
  certificate: Buffer.from(certificate.der).toString('base64'),
  chain: [],
  keyId: 'a'.repeat(64),
  createdAt: days(0).toISOString(),
  activeFor: ['tls' as const],
};

let records: MemoryRecords;
let registry: RegistryInMemory;
let replicas: Replica[];

const start = (parts: Partial<ReplicaParts> = {}): Replica => {
  const replica = startReplica({ records, registry, ...parts });
  replicas.push(replica);
  return replica;
};
const take = async (replica: Replica, certificate = first, variation?: Variation) => {
  const { exchange, state } = await replica.receive.run(incoming(BETA, certificate, variation));
  return { id: exchange, state };
};
const look = (replica: Replica, id: string) => replica.exchanges.get(id);

beforeEach(() => {
  replicas = [];
  records = new MemoryRecords();
  registry = new RegistryInMemory();
  registry.put(BETA, { acceptance: 'known', entries: [] });
  registry.put(SUB, { via: BETA.partner, secureAuthentication: false });
});
afterEach(() => Promise.all(replicas.map(({ store }) => store.close())));

describe('a sub-station', () => {
  const ledger = (replica: Replica) => replica.ledgers.read(BETA);

  it('brings what belongs to it alone, in the sessions of its partner', async () => {
    const replica = start();
    const { state } = await take(replica, first, { originator: SUB.partner });
    expect(state).toBe('accepted');
    expect((await registry.get(SUB)).certificates).toHaveLength(1);
    expect((await registry.get(BETA)).certificates).toHaveLength(0);
    expect((await ledger(replica)).open[0]?.file).toMatchObject({ originator: SUB.partner });
  });

  it('is answered by files that are addressed to it', async () => {
    registry.own = [own];
    const replica = start();
    await take(replica, first, { originator: SUB.partner, kind: 'request' });
    const [, answer] = (await ledger(replica)).open;
    expect(answer).toMatchObject({ state: 'queued', file: { originator: SUB.station, destination: SUB.partner } });
    const [sent] = await replica.send.run({ ...SUB, kind: 'request' }, 'operator:anna');
    expect(sent).toMatchObject({ partner: BETA.partner, file: { destination: SUB.partner } });
  });

  it('brings nothing through the bypass', async () => {
    const replica = start();
    const { id } = await take(replica, first, { originator: SUB.partner, mode: 'exchange-only' });
    expect(await look(replica, id)).toMatchObject({ state: 'refused', reason: 'unproven' });
  });

  it('is one of the partner: a file of any other station is not taken', async () => {
    registry.put({ ...SUB, partner: 'O0177ELSE' }, { via: 'O0177GAMMA' });
    for (const originator of ['O0177ELSE', 'O0177NOBODY']) {
      await expect(take(start(), first, { originator })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });

  it('that was taken out since its file came in has it refused', async () => {
    const { id } = await take(start({ validate: away }), first, { originator: SUB.partner });
    registry.remove(SUB);
    const replica = start();
    await replica.evaluate.run(BETA, id);
    expect(await look(replica, id)).toMatchObject({ state: 'refused', reason: 'no-match' });
  });

  it('that was taken out while its certificate waits for a person has it refused, whatever the person says', async () => {
    registry.put(SUB, { acceptance: 'manual' });
    const replica = start();
    const { id, state } = await take(replica, first, { originator: SUB.partner });
    expect(state).toBe('held');
    registry.remove(SUB);
    expect(await replica.decide.accept({ id }, 'operator:anna')).toMatchObject({
      state: 'refused',
      reason: 'no-match',
    });
  });

  it.each([
    ['still belongs to the partner', () => registry.put(SUB, { createdAt: days(1).toISOString() }), [SUB.partner]],
    ['was taken out', () => registry.remove(SUB), []],
    ['belongs to another partner', () => registry.put(SUB, { via: 'O0177GAMMA' }), []],
    [
      'has become a partner of its own',
      () => {
        registry.remove(SUB);
        registry.put(SUB);
      },
      [],
    ],
  ])('has what it holds of ours switched by an answer of the partner where it %s', async (_what, change, switched) => {
    registry.own = [own];
    const replica = start();
    const [sent] = await replica.send.run({ ...SUB, kind: 'deliver' }, 'operator:anna');
    change();
    const answer = { kind: 'eerp' as const, file: sent!.file };
    expect(await replica.answer.run({ session: 's1', ...BETA, mode: 'full', answer })).toBe(true);
    expect(registry.switched).toEqual(switched);
    expect(await look(replica, sent!.id)).toMatchObject({ state: 'acknowledged' });
  });
});
