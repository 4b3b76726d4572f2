import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExchangeKind } from '@certlane/contracts';
import { Killer, pointName, type KillPoint } from './kill-points.js';
import { complaints, repeatedIds } from './oracle.js';
import { Relation } from './relation.js';
import { Side } from '../support/side.js';

const at = (side: 'a' | 'b', by: string, what: string, nth: number, victim: KillPoint['victim']): KillPoint => ({
  side,
  by,
  what,
  nth,
  victim,
});

/** Where something dies in the first exchange of each relation. */
const FIRST: readonly KillPoint[] = [
  at('a', 'cert-exchange', 'write ledger', 1, 'sender'),
  at('a', 'session-gateway', 'request outbox.settle', 1, 'sender'),
  at('a', 'partner-registry', 'write partner', 1, 'sender'),
  at('b', 'cert-exchange', 'write ledger', 1, 'sender'),
  at('b', 'cert-exchange', 'request certificate.validate', 1, 'receiver'),
  at('b', 'partner-registry', 'write partner', 1, 'sender'),
  at('b', 'cert-exchange', 'event exchange.accepted', 1, 'sender'),
];

/** Where something dies in the second. */
const SECOND: readonly (readonly [ExchangeKind, KillPoint])[] = [
  ['deliver', at('a', 'cert-exchange', 'event exchange.queued', 1, 'nats-server')],
  ['replace', at('a', 'session-gateway', 'request dial.claim', 1, 'receiver')],
  ['deliver', at('a', 'cert-exchange', 'write archive', 1, 'sender')],
  ['replace', at('b', 'session-gateway', 'request certificate.receive', 1, 'sender')],
  ['deliver', at('b', 'cert-exchange', 'request certificate.take-over', 1, 'nats-server')],
  ['replace', at('b', 'partner-registry', 'event certificate.taken-over', 1, 'sender')],
  ['deliver', at('b', 'cert-exchange', 'write archive', 1, 'sender')],
];

const RECOVERED_MS = 400_000;

let folder: string;
let a: Side;
let b: Side;
let killer: Killer;
let relations: readonly Relation[];
let passed = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-kills-'));
  [a, b] = await Promise.all([Side.raise('a', folder), Side.raise('b', folder)]);
  await Relation.introduce(a, b);
  relations = await Promise.all(FIRST.map((_point, index) => Relation.found(a, b, index + 1)));
  killer = new Killer(a, b);
}, RECOVERED_MS);

afterAll(async () => {
  await Promise.all([a.stop(), b.stop()]);
  if (passed) await rm(folder, { recursive: true, force: true });
  else console.info(`logs in ${folder}`);
});

/** All relations at once, each with its own kill; whatever dies is in the way of all of them. */
async function exchange(orders: readonly (readonly [ExchangeKind, KillPoint])[]): Promise<void> {
  const each = orders.map(([kind, point], index) => ({ kind, point, relation: relations[index]! }));
  await Promise.all(each.map(({ relation, kind }) => relation.prepare(kind)));
  for (const { point, relation } of each) killer.arm(point, relation);
  await Promise.all(each.map(({ relation, kind }) => relation.send(kind)));
  await Promise.all(each.map(({ relation }) => relation.settled()));
  expect(await killer.disarm()).toEqual([]);
  expect((await Promise.all(each.map(({ relation }) => complaints(relation)))).flat()).toEqual([]);
}

describe('two stations whose processes are killed in the middle of their exchanges', () => {
  it(
    'come through the first exchanges, in the bypass, as if nothing had been',
    () => exchange(FIRST.map((point) => ['request', point])),
    RECOVERED_MS,
  );

  it('come through renewals and recalls as if nothing had been', () => exchange(SECOND), RECOVERED_MS);

  it('lost what they were told to lose, and told no event twice', async () => {
    const points = [...FIRST, ...SECOND.map(([, point]) => point)];
    expect([...killer.killed].sort()).toEqual(points.map(pointName).sort());
    expect([...(await repeatedIds(a)), ...(await repeatedIds(b))]).toEqual([]);
    passed = true;
  });
});
