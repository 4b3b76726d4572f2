import { DEFAULT_PREFIX, streamNames } from '@certlane/contracts';
import type { Documents } from '@certlane/runtime';
import { testNats, until, type TestNats } from '@certlane/runtime/testing';
import { expect } from '@jest/globals';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../../support/repository.js';
import { KEYS, messagesOf, openLedger, type Ledger, type Place } from './ledger.js';

/** What is killed, how often. */
export interface Ordeal {
  readonly kills: number;
  readonly victim: 'writer' | 'nats-server';
  /** Database of MongoDB; absent: the store is in NATS. */
  readonly mongoUrl?: string;
}

const EVENTS = streamNames.events(DEFAULT_PREFIX);

/** Two writers count the same documents up while one of them, or nats-server, is killed again and again; then everything is compared. */
export async function endure({ kills, victim, mongoUrl }: Ordeal): Promise<void> {
  const nats = await testNats();
  const place: Place = {
    natsUrl: nats.server.url,
    user: 'ca-store',
    password: 'test',
    ...(mongoUrl === undefined ? {} : { mongoUrl }),
  };
  const promised = new Map<string, number>();
  // Lives through it all, writes nothing, and is the only one left to find what the last writers leave.
  const survivor = await openLedger(place, { clearAfterMs: 30, graceMs: 200 });
  const writers = [startWriter(place, promised), startWriter(place, promised)];
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const before = total(promised);
      await until('something was written', () => total(promised) > before + 3);
      await sleep(Math.random() * 60);
      if (victim === 'nats-server') {
        await nats.server.kill();
        await nats.restart();
      } else {
        await killed(writers.shift());
        writers.push(startWriter(place, promised));
      }
    }
    await Promise.all(writers.map(killed));
    await compare(nats, survivor.documents, promised);
  } finally {
    await Promise.all(writers.map(killed));
    await survivor.close();
    await nats.stop();
  }
}

function startWriter(place: Place, promised: Map<string, number>): ChildProcess {
  const script = new URL('test/dist/integration/store/writer.js', repositoryRoot).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(place)], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => {
    const [key = '', count] = line.split(' ');
    promised.set(key, Math.max(promised.get(key) ?? 0, Number(count)));
  });
  return child;
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

function total(promised: Map<string, number>): number {
  return [...promised.values()].reduce((sum, count) => sum + count, 0);
}

/** What stands in the documents, what was promised to callers, and what the stream tells must be one story. */
async function compare(nats: TestNats, documents: Documents<Ledger>, promised: Map<string, number>): Promise<void> {
  const counts = new Map<string, number>();
  for (const key of KEYS) counts.set(key, (await documents.get(key))?.value.count ?? 0);
  for (const [key, count] of promised) expect(counts.get(key)).toBeGreaterThanOrEqual(count);
  const manager = await jetstreamManager(await nats.connect('operator'), { checkAPI: false });
  const state = async () => (await manager.streams.info(EVENTS)).state;
  await until('the stream tells all', async () => (await state()).messages >= 2 * total(counts));
  const ids = await told(manager, (await state()).last_seq);
  for (const [key, count] of counts) {
    const wanted = Array.from({ length: count }, (_, index) => messagesOf(key, index + 1).map(({ id }) => id)).flat();
    expect(ids.filter((id) => id.startsWith(`${key}-`))).toEqual(wanted);
  }
}

async function told(manager: JetStreamManager, last: number): Promise<string[]> {
  const ids: string[] = [];
  for (let seq = 1; seq <= last; seq += 1) {
    ids.push((await manager.direct.getMessage(EVENTS, { seq }))?.header.get('Nats-Msg-Id') ?? '');
  }
  return ids;
}
