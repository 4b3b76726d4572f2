import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CertlaneError } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { testSelfSigned } from '@certlane/pki/testing';
import { MemoryRecords } from '@certlane/runtime/testing';
import { MOST_OPEN } from '../domain/ledger/record.js';
import { ca, first, host, now, trusted, undetermined } from '../testing/acceptance.js';
import { incoming } from '../testing/incoming.js';
import { RegistryInMemory } from '../testing/registry.js';
import { away, startReplica, type Replica } from '../testing/replica.js';

const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const GAMMA = { station: 'O0013ACME', partner: 'O0177GAMMA' };

let records: MemoryRecords;
let registry: RegistryInMemory;
let replicas: Replica[];

const start = (validate: Parameters<typeof startReplica>[0]['validate'] = () => trusted): Replica => {
  const replica = startReplica({ records, registry, validate });
  replicas.push(replica);
  return replica;
};
const take = (replica: Replica, certificate: Certificate, ref = BETA) =>
  replica.receive.run(incoming(ref, certificate));

beforeEach(() => {
  replicas = [];
  records = new MemoryRecords();
  registry = new RegistryInMemory();
  registry.put(BETA);
  registry.put(GAMMA);
});
afterEach(() => Promise.all(replicas.map(({ store }) => store.close())));

const units = Array.from({ length: 30 }, (_, number) => `OU=${'x'.repeat(200)}${number}`).join(',');
const purposes = Array.from({ length: 2_000 }, (_, number) => `1.3.6.1.4.1.${100_000 + number}.127.127.127.127.127`);

describe('a certificate that cannot be shown', () => {
  it.each([
    ['that names nobody', { host, subject: [] }, 'subject is empty or too long'],
    ['with a name longer than any document takes', { host, subject: units }, 'subject is empty or too long'],
    ['with more purposes than anybody reads', { host, extendedKeyUsage: purposes }, 'names and purposes take'],
  ])('%s is refused, and says so to the partner', async (_what, options, why) => {
    const replica = start();
    const { exchange, state } = await take(replica, ca.issue(options).certificate);
    expect(state).toBe('refused');
    expect(await replica.exchanges.get(exchange)).toMatchObject({
      reason: 'unreadable',
      message: expect.stringContaining(why),
    });
    expect(replica.told()).toEqual(['exchange.received', 'exchange.refused']);
  });
});

describe('a partner that fills its ledger', () => {
  const subject = `${units.slice(0, 3_500)},CN=${host}`;
  const long = testSelfSigned(now, { host, subject }).certificate;

  it('with certificates of long names is refused another one before the ledger cannot be written', async () => {
    const replica = start();
    const outcomes: string[] = [];
    for (let n = 0; n < MOST_OPEN; n += 1) {
      const outcome = take(replica, long).then(
        ({ state }) => state as string,
        (thrown: unknown) => (thrown as CertlaneError).code,
      );
      outcomes.push(await outcome);
    }
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'failed-precondition']));
    expect(outcomes.lastIndexOf('refused')).toBeLessThan(outcomes.indexOf('failed-precondition'));
    expect(JSON.stringify(await replica.ledgers.read(BETA)).length).toBeLessThan(900_000);
  });
});

describe('a file whose decision fails in a way nobody thought of', () => {
  const refusing = (): never => {
    throw new CertlaneError('invalid-argument', 'certificate: this ca-store cannot read it');
  };

  it('is decided later, instead of being taken for a slip of a person', async () => {
    const replica = start(refusing);
    const { exchange, state } = await take(replica, first);
    expect(state).toBe('received');
    await expect(replica.evaluate.run(BETA, exchange)).rejects.toMatchObject({ code: 'invalid-argument' });
    await start().evaluate.run(BETA, exchange);
    expect(await replica.exchanges.get(exchange)).toMatchObject({ state: 'accepted' });
  });

  it('is decided later as a person has said', async () => {
    registry.put(BETA, { acceptance: 'manual' });
    const { exchange: id } = await take(start(), first);
    const replica = start(refusing);
    await expect(replica.decide.accept({ id }, 'operator:anna')).rejects.toMatchObject({ code: 'invalid-argument' });
    await replica.evaluate.run(BETA, id);
    expect((await replica.ledgers.read(BETA)).open[0]?.held?.word).toMatchObject({ by: 'operator:anna' });
    await start().resume.run();
    expect(await replica.exchanges.get(id)).toMatchObject({ state: 'accepted', decision: { by: 'operator:anna' } });
  });

  const failFor = (partner: string) => {
    const get = registry.get.bind(registry);
    registry.get = (ref) => (ref.partner === partner ? Promise.reject(new TypeError('a defect')) : get(ref));
  };

  it('does not keep those of other partners undecided after a start', async () => {
    const down = start(away);
    const poison = await take(down, first, BETA);
    const other = await take(down, first, GAMMA);
    failFor(BETA.partner);
    const replica = start();
    await replica.recover.run();
    expect(await replica.exchanges.get(other.exchange)).toMatchObject({ state: 'accepted' });
    expect(await replica.exchanges.get(poison.exchange)).toMatchObject({ state: 'received' });
  });

  it('does not keep those of other partners held', async () => {
    const doubting = start(() => undetermined);
    const held = [];
    for (const { partner } of [BETA, GAMMA]) {
      registry.put({ ...BETA, partner }, { revocation: 'fail' });
      held.push({ partner, ...(await take(doubting, first, { ...BETA, partner })) });
    }
    const [before, behind] = held.sort((one, other) => (one.exchange < other.exchange ? -1 : 1));
    failFor(before!.partner);
    const replica = start();
    await replica.resume.run();
    expect(await replica.exchanges.get(behind!.exchange)).toMatchObject({ state: 'accepted' });
  });
});
