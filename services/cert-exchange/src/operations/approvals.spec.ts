import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { approval, CertlaneError, exchange as exchangeContract } from '@certlane/contracts';
import { MemoryRecords } from '@certlane/runtime/testing';
import {
  byName,
  ca,
  days,
  distrusted,
  entry,
  expired,
  first,
  host,
  nobodyKnows,
  renamed,
  renewed,
  trusted,
  undetermined,
} from '../testing/acceptance.js';
import { incoming, type Variation } from '../testing/incoming.js';
import { RegistryInMemory } from '../testing/registry.js';
import { away, dyingAt, startReplica, type Replica, type ReplicaParts } from '../testing/replica.js';

const BETA = { station: 'O0013ACME', partner: 'O0177BETA' };
const anna = 'operator:anna';
const bert = 'operator:bert';

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
const indexed = async (replica: Replica) => {
  const found: string[] = [];
  for await (const { exchange } of replica.held.all()) found.push(exchange);
  return found;
};
const failing = (message: RegExp, field?: string): unknown =>
  expect.objectContaining({
    code: 'failed-precondition',
    message: expect.stringMatching(message),
    ...(field === undefined ? {} : { details: expect.objectContaining({ field }) }),
  });

function setUp(): void {
  records = new MemoryRecords();
  registry = new RegistryInMemory();
  registry.put(BETA, { acceptance: 'manual' });
}

beforeEach(() => {
  replicas = [];
  setUp();
});
afterEach(() => Promise.all(replicas.map(({ store }) => store.close())));

describe('a certificate that waits for a person', () => {
  it('is listed with what a person needs, and answered by nothing; the same file again changes nothing', async () => {
    const replica = start();
    const file = incoming(BETA, first);
    const { exchange: id, state, owing } = await replica.receive.run(file);
    expect([state, owing]).toEqual(['held', false]);
    const told = replica.told();
    expect(await replica.receive.run(file)).toEqual({ exchange: id, state, owing });
    expect(replica.told()).toEqual(told);
    expect(told).toEqual(['exchange.received', 'exchange.held']);
    const { approvals } = await replica.approvals.list({ limit: 50 });
    expect(approvals).toMatchObject([{ id, kind: 'manual', exchange: 'deliver', entries: [byName.id], excluded: [] }]);
    expect(approval.parse(approvals[0])).toEqual(approvals[0]);
    const shown = await replica.approvals.get(id);
    expect(shown.decision).toMatchObject({ outcome: 'held', reason: 'manual', by: 'service:cert-exchange' });
    expect(exchangeContract.parse(shown.exchange)).toMatchObject({ awaits: 'approval', approval: 'manual' });
  });

  it('is taken over when a person accepts it; said again it is the same, said by another it is told who did', async () => {
    const replica = start();
    const { id } = await take(replica);
    const accepted = await replica.decide.accept({ id, note: 'telephoned' }, anna);
    expect(accepted).toMatchObject({ state: 'accepted', decision: { by: anna, note: 'telephoned' } });
    expect(registry.applied).toEqual(new Set([id]));
    expect(await replica.decide.accept({ id }, anna)).toMatchObject({ id, state: 'accepted' });
    await expect(replica.decide.accept({ id }, bert)).rejects.toEqual(failing(/is accepted by operator:anna on/));
    await expect(replica.decide.reject({ id, reason: 'no' }, anna)).rejects.toEqual(
      failing(/is accepted by operator:anna/),
    );
    expect(replica.told()).toEqual(['exchange.received', 'exchange.held', 'exchange.accepted']);
  });

  it.each([
    ['accepted', { accept: true, answer: 'eerp', note: 'telephoned' }],
    ['refused', { accept: false, answer: 'nerp', note: 'ask Mr Smith' }],
  ] as const)('is shown as %s by whom until the partner has its answer', async (_outcome, said) => {
    const replica = start();
    const { id } = await take(replica);
    if (said.accept) await replica.decide.accept({ id, note: said.note }, anna);
    else await replica.decide.reject({ id, reason: said.note }, anna);
    const decided = { by: anna, at: replica.clock.now().toISOString(), ...said };
    const { approvals } = await replica.approvals.list({ limit: 50 });
    expect(approvals).toMatchObject([{ id, kind: 'manual', decided }]);
    expect(approval.parse(approvals[0])).toEqual(approvals[0]);
    expect(await replica.approvals.get(id)).toMatchObject({ approval: { decided }, decision: { by: anna } });
    replica.clock.advance(3_600_000);
    await replica.resume.run();
    expect(await indexed(replica)).toEqual([id]);

    await replica.ledgers.change(BETA, (ledger) => ({
      ledger: { ...ledger, open: [] },
      closed: ledger.open.map((open) => ({ ...open, answered: true })),
      events: [],
      result: undefined,
    }));
    expect(await replica.approvals.list({ limit: 50 })).toEqual({ approvals: [] });
    await expect(replica.approvals.get(id)).rejects.toMatchObject({ code: 'not-found' });
    await replica.resume.run();
    expect(await indexed(replica)).toEqual([]);
  });

  it('is shown with the word that could not be carried out yet', async () => {
    const replica = start();
    const { id } = await take(replica);
    const down = start({ validate: away });
    await expect(down.decide.accept({ id, note: 'telephoned' }, anna)).rejects.toMatchObject({ code: 'unavailable' });
    const { approvals } = await replica.approvals.list({ limit: 50 });
    expect(approvals[0]?.decided).toEqual({
      by: anna,
      at: replica.clock.now().toISOString(),
      accept: true,
      note: 'telephoned',
    });
  });

  it('is refused when a person rejects it, with the reason for the partner', async () => {
    const replica = start();
    const { id } = await take(replica);
    expect(await replica.decide.reject({ id, reason: 'ask Mr Smith' }, anna)).toMatchObject({
      state: 'refused',
      reason: 'rejected',
      message: 'ask Mr Smith',
      decision: { outcome: 'refused', reason: 'rejected', note: 'ask Mr Smith' },
    });
    expect(registry.declined).toEqual(new Set([id]));
    expect(await replica.decide.reject({ id, reason: 'ask Mr Smith' }, anna)).toMatchObject({ state: 'refused' });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/is refused/));
  });

  it('is decided by somebody who has a name', async () => {
    const replica = start();
    const { id } = await take(replica);
    await expect(replica.decide.accept({ id }, undefined)).rejects.toEqual(failing(/--actor NAME/));
    await expect(replica.decide.reject({ id, reason: 'x' }, undefined)).rejects.toEqual(failing(/--actor/));
    expect(await look(replica, id)).toMatchObject({ state: 'held' });
  });

  it('is decided by two persons where that is wanted', async () => {
    registry.put(BETA, { twoPerson: true, entries: [{ ...byName, enteredBy: anna }] });
    const replica = start();
    const { id } = await take(replica);
    expect(await replica.approvals.list({ limit: 50 })).toMatchObject({ approvals: [{ excluded: [anna] }] });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/another person must accept/, 'actor'));
    expect(await look(replica, id)).toMatchObject({ state: 'held' });
    expect(await replica.decide.accept({ id }, bert)).toMatchObject({ state: 'accepted' });
  });

  it.each([
    ['switches that off', { twoPerson: false }],
    ['takes the entry out', { entries: [] }],
    ['does both', { twoPerson: false, entries: [] }],
  ])('is decided by two persons although the first one then %s', async (_what, change) => {
    registry.put(BETA, { twoPerson: true, entries: [{ ...byName, enteredBy: anna }] });
    const replica = start();
    const { id } = await take(replica);
    registry.put(BETA, change);
    const word = 'entries' in change ? { usages: ['tls' as const] } : {};
    await expect(replica.decide.accept({ id, ...word }, anna)).rejects.toEqual(
      failing(/operator:anna entered .* another person must accept .* with --actor NAME/, 'actor'),
    );
    expect(await replica.approvals.list({ limit: 50 })).toMatchObject({ approvals: [{ excluded: [anna] }] });
    // Said once more, after it was decided anew.
    await expect(replica.decide.accept({ id, ...word }, anna)).rejects.toEqual(failing(/another person/, 'actor'));
    expect(await replica.decide.accept({ id, ...word }, bert)).toMatchObject({
      state: 'accepted',
      decision: { by: bert, inputs: { twoPerson: true } },
    });
  });

  it('is decided by two persons, too, where that is asked for while it waits', async () => {
    registry.put(BETA, { entries: [{ ...byName, enteredBy: anna }] });
    const replica = start();
    const { id } = await take(replica);
    registry.put(BETA, { twoPerson: true });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/another person must accept/, 'actor'));
    registry.put(BETA, { twoPerson: false });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/another person must accept/, 'actor'));
    expect(await replica.decide.accept({ id }, bert)).toMatchObject({ state: 'accepted' });
  });

  it.each([
    ['that has expired meanwhile', { now: days(200) }, undefined, 'expired'],
    [
      'that was revoked meanwhile',
      {},
      distrusted('revoked', { revocation: { status: 'revoked', message: 'r' } }),
      'revoked',
    ],
    ['that is no longer trusted', {}, distrusted('issuer-unknown', { path: [] }), 'issuer-unknown'],
  ] as const)('is refused in spite of a person, where it is one %s', async (_what, time, verdict, reason) => {
    let found = trusted;
    const replica = start({ validate: () => found });
    const { id } = await take(replica);
    if ('now' in time) replica.clock.set(time.now);
    found = verdict ?? trusted;
    expect(await replica.decide.accept({ id }, anna)).toMatchObject({
      state: 'refused',
      reason,
      decision: { by: 'service:cert-exchange' },
    });
    expect(registry.applied.size).toBe(0);
  });

  it('is not accepted while an operator has switched off what would take it over', async () => {
    const replica = start();
    const { id } = await take(replica);
    registry.put(BETA, { acx: false });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/--acx/));
    registry.put(BETA, { acx: true, acceptance: 'off' });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/--acceptance/));
    expect(await look(replica, id)).toMatchObject({ state: 'held' });
  });

  it('needs to be told what it is, where nothing that is known says so', async () => {
    registry.put(BETA, { acceptance: 'known' });
    const replica = start();
    const { id, state } = await take(replica, renamed);
    expect(state).toBe('held');
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/--usage.*--follows.*--entry/, 'usages'));
    await expect(replica.decide.accept({ id, entry: 'gone' }, anna)).rejects.toMatchObject({
      code: 'invalid-argument',
      details: { field: 'entry' },
    });
    // Neither of them stands in the way of the next.
    expect(await replica.decide.accept({ id, usages: ['file-encryption'] }, anna)).toMatchObject({
      state: 'accepted',
      decision: { match: { by: 'approval', usages: ['file-encryption'] } },
    });
  });

  it('needs to be told which of several entries counts', async () => {
    const other = entry(`CN=${host}`, ca.authority.certificate, ['tls'], { id: 'other', keyUsage: '80' });
    registry.put(BETA, { acceptance: 'known', entries: [byName, other] });
    const replica = start();
    const { id } = await take(replica);
    expect(await replica.approvals.list({ limit: 50 })).toMatchObject({
      approvals: [{ kind: 'ambiguous', entries: [byName.id, 'other'] }],
    });
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/--entry, one of/, 'entry'));
    expect(await replica.decide.accept({ id, entry: 'other' }, anna)).toMatchObject({
      decision: { match: { usages: ['tls'] } },
    });
  });

  it('says so where nothing of that name waits', async () => {
    const replica = start();
    await expect(replica.decide.accept({ id: 'in-none' }, anna)).rejects.toMatchObject({ code: 'not-found' });
    await expect(replica.approvals.get('in-none')).rejects.toMatchObject({ code: 'not-found' });
    const { id } = await take(start({ validate: away }));
    await expect(replica.decide.accept({ id }, anna)).rejects.toEqual(failing(/is not decided yet/));
  });

  it('is accepted while ca-store is away: that is kept, and carried out by whoever takes it up', async () => {
    let there = true;
    const validate = () => (there ? trusted : away());
    const replica = start({ validate });
    const { id } = await take(replica);
    there = false;
    await expect(replica.decide.accept({ id }, anna)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is carried out as soon as it can be'),
    });
    await expect(replica.decide.reject({ id, reason: 'no' }, bert)).rejects.toEqual(failing(/operator:anna accepted/));
    there = true;
    await start({ validate }).evaluate.run(BETA, id);
    expect(await look(replica, id)).toMatchObject({ state: 'accepted', decision: { by: anna } });
  });

  it('is listed oldest first, page by page, of one partner or of all', async () => {
    const other = { station: BETA.station, partner: 'O0177GAMMA' };
    registry.put(other, { acceptance: 'manual' });
    const replica = start();
    const ids = [];
    for (const partner of [BETA.partner, other.partner, BETA.partner]) {
      replica.clock.advance(1_000);
      const file = incoming({ ...BETA, partner }, first);
      ids.push((await replica.receive.run(file)).exchange);
    }
    const page = await replica.approvals.list({ limit: 2 });
    expect(page.approvals.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await replica.approvals.list({ limit: 2, after: page.next! });
    expect([rest.approvals.map(({ id }) => id), rest.next]).toEqual([[ids[2]], undefined]);
    expect((await replica.approvals.list({ ...other, limit: 2 })).approvals.map(({ id }) => id)).toEqual([ids[1]]);
    await expect(replica.approvals.list({ limit: 2, after: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

describe('the audit trail', () => {
  const entries = async (replica: Replica) =>
    (await replica.audit.list({ limit: 100 })).entries.map(({ act, phase, actor, reason, serialNumbers, about }) => ({
      told: `${actor}: ${act} ${phase}`,
      reason,
      serialNumbers,
      about,
    }));
  const about = (exchange: string, certificate = first) => ({
    ...BETA,
    exchange,
    certificate: certificate.fingerprint,
  });

  it('says before and after who had a certificate taken over', async () => {
    registry.put(BETA, { acceptance: 'known' });
    const replica = start();
    const { id } = await take(replica);
    registry.put(BETA, { acceptance: 'manual' });
    const { id: second } = await take(replica, renewed);
    await replica.decide.accept({ id: second, note: 'compared by telephone' }, anna);
    const { serialNumber } = first;
    expect(await entries(replica)).toMatchObject([
      { told: 'partner:O0177BETA: certificate.take-over intended', serialNumbers: [serialNumber], about: about(id) },
      { told: 'partner:O0177BETA: certificate.take-over done' },
      {
        told: 'operator:anna: certificate.take-over intended',
        reason: 'compared by telephone',
        serialNumbers: [renewed.serialNumber, serialNumber],
        about: { ...about(second, renewed), approval: second },
      },
      { told: 'operator:anna: certificate.take-over done' },
    ]);
  });

  it('says that a file was refused in which there is no certificate', async () => {
    const replica = start();
    const file = { ...incoming(BETA, first), octets: Buffer.from('hello').toString('base64') };
    const { exchange, state } = await replica.receive.run(file);
    expect(state).toBe('refused');
    expect(await entries(replica)).toEqual([
      {
        told: 'partner:O0177BETA: certificate.decline done',
        reason: expect.stringMatching(/^unreadable: \w/),
        serialNumbers: [],
        about: { ...BETA, exchange },
      },
    ]);
  });

  it('of the registry names the person as well', async () => {
    const replica = start();
    const { id } = await take(replica);
    await replica.decide.accept({ id }, anna);
    registry.put(BETA, { acceptance: 'known' });
    await take(replica, renewed);
    expect(registry.actors).toEqual([anna, undefined]);
  });

  it.each([
    ['its expiry', () => replicas[0]!.clock.set(days(200)), /^expired: /],
    [
      'a full file',
      () => (registry.takeOver = () => Promise.reject(new CertlaneError('failed-precondition', 'the file is full'))),
      /^not-filed: the file is full/,
    ],
  ])('does not say that a person declined what %s alone kept from being taken over', async (_what, prevent, reason) => {
    const replica = start();
    const { id } = await take(replica);
    prevent();
    expect(await replica.decide.accept({ id }, anna)).toMatchObject({ state: 'refused' });
    const declined = (await entries(replica)).filter(({ told }) => told.includes('certificate.decline'));
    expect(declined).toMatchObject([
      { told: 'partner:O0177BETA: certificate.decline intended', reason: expect.stringMatching(reason) },
      { told: 'partner:O0177BETA: certificate.decline done' },
    ]);
  });

  it('says before and after why nothing is taken over', async () => {
    const replica = start();
    const { id } = await take(replica, expired);
    const { id: second } = await take(replica);
    await replica.decide.reject({ id: second, reason: 'unexpected' }, anna);
    expect(await entries(replica)).toMatchObject([
      {
        told: 'partner:O0177BETA: certificate.decline intended',
        reason: expect.stringMatching(/^expired: /),
        about: about(id, expired),
      },
      { told: 'partner:O0177BETA: certificate.decline done' },
      { told: 'operator:anna: certificate.decline intended', reason: 'rejected: unexpected' },
      { told: 'operator:anna: certificate.decline done', serialNumbers: [first.serialNumber] },
    ]);
  });
});

describe('two replicas over one certificate', () => {
  it('never both accept and reject it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = [start(), start()];
      const { id } = await take(one);
      const [yes, no] = await Promise.allSettled([
        one.decide.accept({ id }, anna),
        other.decide.reject({ id, reason: 'no' }, bert),
      ]);
      expect([yes.status, no.status].sort()).toEqual(['fulfilled', 'rejected']);
      const { state } = await look(start(), id);
      expect(state).toBe(yes.status === 'fulfilled' ? 'accepted' : 'refused');
      expect([registry.applied.has(id), registry.declined.has(id)]).toEqual([
        state === 'accepted',
        state === 'refused',
      ]);
      registry.put(BETA, { certificates: [] });
    }
  });

  it('that decide it on different facts agree in the end', async () => {
    registry.put(BETA, { acceptance: 'known', revocation: 'fail' });
    const [knows, doubts] = [start(), start({ validate: () => undetermined })];
    const { id, state } = await take(doubts);
    expect(state).toBe('held');
    const outcomes = await Promise.allSettled([knows.evaluate.run(BETA, id), doubts.evaluate.run(BETA, id)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await look(start(), id)).toMatchObject({ state: 'accepted' });
    expect(registry.applied).toEqual(new Set([id]));
  });
});

describe('what nobody could tell', () => {
  beforeEach(() => registry.put(BETA, { acceptance: 'known', revocation: 'fail' }));

  it('is decided as soon as it can be told, and only then', async () => {
    let found = undetermined;
    const replica = start({ validate: () => found });
    const { id } = await take(replica);
    const told = replica.told().length;
    await replica.resume.run();
    expect(await look(replica, id)).toMatchObject({ state: 'held', approval: 'revocation-undetermined' });
    expect(replica.told()).toHaveLength(told);
    found = trusted;
    await Promise.all([replica.resume.run(), replica.resume.run(), start().resume.run()]);
    expect(await look(replica, id)).toMatchObject({ state: 'accepted', decision: { by: 'service:cert-exchange' } });
    expect(await indexed(replica)).toEqual([]);
  });

  it('is accepted by a person, in the mode in which everything else still counts', async () => {
    const asked: string[] = [];
    const replica = start({
      validate: ({ revocation }) => {
        asked.push(revocation);
        return revocation === 'warn' ? { ...trusted, revocation: nobodyKnows } : undetermined;
      },
    });
    const { id } = await take(replica);
    expect(await replica.decide.accept({ id }, anna)).toMatchObject({ state: 'accepted' });
    expect(asked).toEqual(['fail', 'warn']);
  });

  it('is left to another replica where the walk is to give up', async () => {
    const replica = start({ validate: () => undetermined });
    const { id } = await take(replica);
    const next = start();
    await next.resume.run(AbortSignal.abort());
    expect(await look(replica, id)).toMatchObject({ state: 'held' });
    await next.resume.run(new AbortController().signal);
    expect(await look(replica, id)).toMatchObject({ state: 'accepted' });
  });

  it('leaves alone what waits for a person', async () => {
    registry.put(BETA, { acceptance: 'manual' });
    const replica = start();
    const { id } = await take(replica);
    registry.put(BETA, { acceptance: 'known' });
    await replica.resume.run();
    expect(await look(replica, id)).toMatchObject({ state: 'held', approval: 'manual' });
  });

  it('takes left-over entries out of the index, but none that may still come true', async () => {
    const replica = start();
    await replica.held.note({ ...BETA, exchange: 'in-x', since: replica.clock.now().toISOString(), kinds: ['manual'] });
    await replica.resume.run();
    expect(await indexed(replica)).toEqual(['in-x']);
    expect(await replica.approvals.list({ limit: 50 })).toEqual({ approvals: [] });
    replica.clock.advance(3_600_000);
    await replica.resume.run();
    expect(await indexed(replica)).toEqual([]);
  });
});

describe('a process that is killed', () => {
  const act = {
    accept: (replica: Replica, id: string) => replica.decide.accept({ id }, anna),
    reject: (replica: Replica, id: string) => replica.decide.reject({ id, reason: 'no' }, anna),
  };

  it.each(['accept', 'reject'] as const)('while it carries out %s leaves what the next one finishes', async (name) => {
    let steps = 0;
    for (let at = 1; at === 1 || steps >= at - 1; at += 1) {
      setUp();
      const { id } = await take(start());
      const dying = dyingAt(at);
      const outcome = await act[name](start({ step: dying.step }), id).catch((thrown: unknown) => thrown);
      steps = dying.steps();
      if (!(outcome instanceof RangeError)) break;
      const next = start();
      await next.recover.run();
      const over = await act[name](next, id);
      expect(over).toMatchObject({ state: name === 'accept' ? 'accepted' : 'refused', decision: { by: anna } });
      expect([registry.applied.has(id), registry.declined.has(id)]).toEqual([name === 'accept', name === 'reject']);
      next.clock.advance(3_600_000);
      await next.resume.run();
      expect(await indexed(next)).toEqual([id]);
      expect((await next.approvals.list({ limit: 50 })).approvals).toMatchObject([{ id, decided: { by: anna } }]);
    }
    expect(steps).toBeGreaterThan(10);
  });

  it('while it takes a file in leaves it undecided or held, and in the index', async () => {
    let steps = 0;
    for (let at = 1; at === 1 || steps >= at - 1; at += 1) {
      setUp();
      const dying = dyingAt(at);
      const file = incoming(BETA, first);
      const outcome = await start({ step: dying.step })
        .receive.run(file)
        .catch((thrown: unknown) => thrown);
      steps = dying.steps();
      if (!(outcome instanceof RangeError)) break;
      const next = start();
      await next.recover.run();
      const { exchange: id, state } = await next.receive.run(file);
      expect(state).toBe('held');
      expect(await indexed(next)).toEqual([id]);
    }
    expect(steps).toBeGreaterThan(8);
  });
});

describe('settings that change while a certificate is decided', () => {
  it('are decided anew, with another verdict', async () => {
    registry.put(BETA, { acceptance: 'known' });
    const asked: boolean[] = [];
    const replica = start({
      validate: ({ weakKeys }) => {
        if (asked.length === 0) registry.put(BETA, { weakKeys: true });
        asked.push(weakKeys);
        return trusted;
      },
    });
    expect(await take(replica)).toMatchObject({ state: 'accepted' });
    expect(asked).toEqual([false, true]);
  });
});
