import { ca, DEFAULT_PREFIX } from '@certlane/contracts';
import { createBus, createLogger, openStore, TimeOrderedIds, type OutboxMessage } from '@certlane/runtime';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { jetstream } from '@nats-io/jetstream';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ratePerSecond } from './load/rate.js';
import { median, spread, type BenchRow } from './report.js';

const AT_ONCE = 16;
const ROUNDS = 5;
const ROUND_MS = 1500;

const fingerprint = 'ab'.repeat(32);
const issuer = {
  fingerprint,
  subject: 'CN=Bench Root,O=Bench,C=DE',
  issuer: 'CN=Bench Root,O=Bench,C=DE',
  serialNumber: '1',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2036-01-01T00:00:00Z',
  extendedKeyUsage: [],
  certificate: Buffer.alloc(900, 'x').toString('base64'),
  addedAt: '2026-01-01T00:00:00Z',
  selfSigned: true,
};

/** Our transport against bare NATS request/reply, and a document with its event against a bare key-value put. */
export async function run(): Promise<BenchRow[]> {
  const nats = await testNats();
  try {
    return [...(await requests(nats)), ...(await documents(nats))];
  } finally {
    await nats.stop();
  }
}

async function requests(nats: TestNats): Promise<BenchRow[]> {
  const question = { fingerprint };
  const answer = JSON.stringify({ issuer });
  const children = [
    fork(script('echo'), [nats.server.url, String(answer.length)]),
    fork(script('bus-service'), [nats.server.url, answer]),
  ];
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const connection = await nats.connect('anyone');
    const bus = createBus(await nats.connect('operator'), DEFAULT_PREFIX);
    const payload = JSON.stringify(question);
    return await against(
      ['bare NATS request/reply, 16 at once', () => connection.request('bench.echo', payload, { timeout: 5000 })],
      ['request through bus and Nest transport, 16 at once', () => bus.request(ca.issuerGet, question)],
      'aim 0.6: with checks at both ends, trace and metrics',
    );
  } finally {
    for (const child of children) child.kill();
  }
}

async function documents(nats: TestNats): Promise<BenchRow[]> {
  const connection = await nats.connect('ca-store');
  const store = await openStore({
    config: { kind: 'nats' },
    service: 'ca-store',
    prefix: DEFAULT_PREFIX,
    connection,
    bus: createBus(connection, DEFAULT_PREFIX),
    ids: new TimeOrderedIds(),
    logger: createLogger({ service: 'ca-store', instance: 'bench', level: 'silent' }),
  });
  const books = store.collection({ name: 'book', schema: z.object({ page: z.int(), text: z.string() }) });
  const text = 'x'.repeat(1000);
  const revisions = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, lane) => books.create(`b${lane}`, { page: 0, text })),
  );
  const free = revisions.map((_, lane) => lane);
  const ids = new TimeOrderedIds();
  const update = async (messages: readonly OutboxMessage[]) => {
    const lane = free.pop() ?? 0;
    revisions[lane] = await books.update(`b${lane}`, revisions[lane] ?? '', { page: 1, text }, messages);
    free.push(lane);
  };
  const event = (): OutboxMessage => {
    const id = ids.next();
    return {
      id,
      kind: 'event',
      subject: `${DEFAULT_PREFIX}.events.v1.issuer.added._`,
      payload: { id, text: 'x'.repeat(300) },
    };
  };
  const stream = jetstream(await nats.connect('anyone'));
  let key = 0;
  const put = () => stream.publish(`$KV.certlane_ca-store.bare.${(key += 1) % AT_ONCE}`, text);
  try {
    const limit = ['bare key-value put, 16 at once', put] as const;
    const [bare, plain] = await against(limit, ['document update, 16 at once', () => update([])], '');
    const [, telling] = await against(
      limit,
      ['document update with its event, 16 at once', () => update([event()])],
      'two acknowledged writes at least: 0.5 is the most',
    );
    return [bare, plain, telling].filter((row) => row !== undefined);
  } finally {
    await store.close();
  }
}

type Work = readonly [name: string, work: () => Promise<unknown>];

/** Rounds of the limit and of ours in turn, so that what slows the machine slows both. */
async function against([limitName, bare]: Work, [name, ours]: Work, note: string): Promise<BenchRow[]> {
  const bareRates: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bareRates.push(await ratePerSecond(bare, AT_ONCE, ROUND_MS));
    rates.push(await ratePerSecond(ours, AT_ONCE, ROUND_MS));
  }
  const limit = median(bareRates);
  const value = median(rates);
  const noise = (list: number[]) => `spread ${spread(list).toFixed(2)}`;
  return [
    { name: limitName, value: limit, unit: '/s', note: noise(bareRates) },
    {
      name,
      value,
      unit: '/s',
      limit,
      ratio: value / limit,
      note: note === '' ? noise(rates) : `${note}; ${noise(rates)}`,
    },
  ];
}

function script(name: string): string {
  return fileURLToPath(new URL(`load/${name}.js`, import.meta.url));
}
