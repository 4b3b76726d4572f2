import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isServiceName, type ExchangeKind } from '@certlane/contracts';
import { concerns, Killer, type KillPoint } from './kill-points.js';
import { complaints, leftovers, repeatedIds } from './oracle.js';
import { Relation } from './relation.js';
import { seeded, shuffled } from './seeded.js';
import { Side } from '../support/side.js';

// Kills at every step of every kind of exchange, in an order of chance, as many as the time allows.
const SEED = Number(process.env['SWEEP_SEED'] ?? Date.now() % 1_000_000);
const MINUTES = Number(process.env['SWEEP_MINUTES'] ?? 12);
const AT_ONCE = 8;
const KINDS: readonly ExchangeKind[] = ['request', 'deliver', 'replace'];
const BATCH_MS = 600_000;

let folder: string;
let a: Side;
let b: Side;
let killer: Killer;
let number = 0;
let passed = false;
const found = (): Promise<Relation> => Relation.found(a, b, (number += 1));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-sweep-'));
  console.info(`seed ${SEED}, ${MINUTES} minutes, logs in ${folder}`);
  [a, b] = await Promise.all([Side.raise('a', folder), Side.raise('b', folder)]);
  await Relation.introduce(a, b);
  killer = new Killer(a, b);
}, BATCH_MS);

afterAll(async () => {
  await Promise.all([a.stop(), b.stop()]);
  if (passed) await rm(folder, { recursive: true, force: true });
});

it(
  'loses nothing, invents nothing and ends every exchange, wherever anything dies',
  async () => {
    const end = Date.now() + MINUTES * 60_000;
    const random = seeded(SEED);
    const points = await record();
    const left = Object.fromEntries(KINDS.map((kind) => [kind, shuffled(points[kind], random)])) as typeof points;
    const all = KINDS.reduce((sum, kind) => sum + points[kind].length, 0);
    while (Date.now() < end && KINDS.some((kind) => left[kind].length > 0)) {
      const relations = await Promise.all(Array.from({ length: AT_ONCE }, found));
      for (const kind of KINDS) {
        const chosen = left[kind].splice(0, AT_ONCE).map((point) => mayBeLate(point, random));
        await batch(kind, relations, chosen);
      }
    }
    console.info(`killed at ${killer.killed.length} of ${all} points`);
    expect(await Promise.all([repeatedIds(a), repeatedIds(b)])).toEqual([[], []]);
    expect(await Promise.all([leftovers(a), leftovers(b)])).toEqual([[], []]);
    passed = true;
  },
  MINUTES * 60_000 + BATCH_MS,
);

async function batch(kind: ExchangeKind, relations: readonly Relation[], points: readonly KillPoint[]): Promise<void> {
  const before = killer.killed.length;
  const begun = Date.now();
  await Promise.all(relations.map((relation) => relation.prepare(kind)));
  for (const [index, point] of points.entries()) killer.arm(point, relations[index]!);
  const outcome = await Promise.allSettled(
    relations.map(async (relation) => {
      await relation.send(kind);
      await relation.settled();
    }),
  );
  await killer.disarm();
  const wrong = [
    ...outcome.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])),
    ...(await Promise.all(relations.map(complaints))).flat(),
  ];
  const killed = killer.killed.slice(before);
  console.info(`${kind}: ${((Date.now() - begun) / 1000).toFixed(1)} s after ${killed.join('; ')}`);
  expect({ seed: SEED, kind, killed, wrong }).toEqual({ seed: SEED, kind, killed, wrong: [] });
}

/** Every step of one undisturbed exchange of each kind, and who can die there. */
async function record(): Promise<Record<ExchangeKind, KillPoint[]>> {
  const points: Record<ExchangeKind, KillPoint[]> = { request: [], deliver: [], replace: [] };
  const relation = await found();
  for (const kind of KINDS) {
    await relation.prepare(kind);
    const counts = new Map<string, number>();
    killer.passed = (side, step, message) => {
      if (!concerns(relation, step, message)) return;
      const place = `${side} ${step.by} ${step.what}`;
      const nth = (counts.get(place) ?? 0) + 1;
      counts.set(place, nth);
      const at = { side, by: step.by, what: step.what, nth } as const;
      const own = isServiceName(step.by);
      if (own) points[kind].push({ ...at, victim: 'sender' }, { ...at, victim: 'nats-server' });
      if (step.asks !== undefined && (own || step.what === 'request send'))
        points[kind].push({ ...at, victim: 'receiver' });
    };
    await relation.send(kind);
    await relation.settled();
    killer.passed = () => undefined;
  }
  return points;
}

/** Some kills come a moment after the step, when nothing passes the bus: in a handshake, in the middle of a file. */
function mayBeLate(point: KillPoint, random: () => number): KillPoint {
  const chance = random();
  return point.victim === 'nats-server' || chance > 0.3 ? point : { ...point, lateMs: Math.round(chance * 200) };
}
