import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CertlaneError, type BypassLimits } from '@certlane/contracts';
import { createMessages, type OutboxMessage } from '@certlane/runtime';
import {
  countingIds,
  fixedClock,
  MemoryRecords,
  memoryStore,
  type FixedClock,
  type MemoryStore,
} from '@certlane/runtime/testing';
import { DocumentArchive } from '../adapters/document-archive.js';
import { DocumentLedgers } from '../adapters/document-ledgers.js';
import { BypassMetrics } from '../metrics.js';
import type { Partners, SessionFacts } from '../ports/partners.js';
import { DecideSession } from './decide-session.js';

const REF = { station: 'O0013ACME', partner: 'O0177BETA' };
const SINCE = '2026-03-01T00:00:00.000Z';

const facts = (limits: Partial<BypassLimits> = {}, more: Partial<SessionFacts> = {}): SessionFacts => ({
  acx: true,
  secureAuthentication: true,
  tlsClientAuthentication: false,
  certificatePresent: false,
  identified: true,
  tlsCertificates: [],
  tlsCertificatePresent: false,
  ours: [],
  theirs: [],
  theirsRevoked: false,
  challenge: { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' },
  bypass: { since: SINCE, limits: { days: null, attempts: null, addresses: [], ...limits } },
  ...more,
});

let store: MemoryStore;
let records: MemoryRecords;
let ledgers: DocumentLedgers;
let clock: FixedClock;
let present: SessionFacts;

/** A replica of its own over the same documents. */
function replica(on: MemoryStore = memoryStore({ records })): DocumentLedgers {
  return new DocumentLedgers(
    on,
    new DocumentArchive(on),
    createMessages({ prefix: 'certlane', clock, ids: countingIds() }),
  );
}

function deciding(on = ledgers): DecideSession {
  const partners = { sessionFacts: () => Promise.resolve(present) } as unknown as Partners;
  return new DecideSession({ partners, ledgers: on, clock, metrics: new BypassMetrics() });
}

const inbound = (session: string, more: object = {}) => ({
  ...REF,
  session,
  direction: 'inbound' as const,
  secureAuthentication: false,
  passwordCorrect: true,
  remoteAddress: '192.0.2.7',
  ...more,
});
const told = (): unknown[] => store.published.map(({ payload }: OutboxMessage) => payload);

beforeEach(() => {
  records = new MemoryRecords();
  store = memoryStore({ records });
  clock = fixedClock(new Date('2026-03-02T00:00:00.000Z'));
  ledgers = replica(store);
  present = facts();
});
afterEach(() => store.close());

describe('DecideSession in the bypass', () => {
  it('has counted and told a session before it answers', async () => {
    const reply = await deciding().run(inbound('a'));
    expect(reply).toMatchObject({ verdict: 'run', mode: 'exchange-only', secureAuthentication: false });
    expect(told()).toMatchObject([
      { type: 'certlane.bypass.used.v1', data: { ...REF, session: 'a', uses: 1, remoteAddress: '192.0.2.7' } },
    ]);
    expect((await ledgers.read(REF)).bypass).toEqual({ since: SINCE, uses: 1, sessions: ['a'] });
  });

  it('counts a session once that asks again, and lets it run even where it was the last', async () => {
    present = facts({ attempts: 1 });
    await deciding().run(inbound('a'));
    expect(await deciding(replica()).run(inbound('a'))).toMatchObject({ verdict: 'run' });
    expect(await deciding().run(inbound('b'))).toMatchObject({ verdict: 'refuse', reason: 'bypass-exhausted' });
    expect((await ledgers.read(REF)).bypass).toMatchObject({ uses: 1 });
  });

  it('lets no more run at once than are left, on several replicas', async () => {
    present = facts({ attempts: 3 });
    const replicas = [deciding(), deciding(replica())];
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, n) => (replicas[n % 2] as DecideSession).run(inbound(`s${n}`))),
    );
    expect(replies.filter(({ verdict }) => verdict === 'run')).toHaveLength(3);
    expect((await ledgers.read(REF)).bypass?.uses).toBe(3);
  });

  it('begins anew when the bypass was reopened', async () => {
    present = facts({ attempts: 1 });
    await deciding().run(inbound('a'));
    present = { ...present, bypass: { ...present.bypass, since: '2026-03-01T12:00:00.000Z' } };
    expect(await deciding().run(inbound('b'))).toMatchObject({ verdict: 'run' });
    expect(told().at(-1)).toMatchObject({ data: { session: 'b', uses: 1 } });
  });

  it.each<[string, SessionFacts, object]>([
    ['bypass-expired', { ...facts(), bypass: { ...facts().bypass, until: '2026-03-01T23:59:59.000Z' } }, {}],
    ['bypass-address', facts({ addresses: ['198.51.100.0/24'] }), {}],
    [
      'bypass-address',
      facts({ addresses: ['198.51.100.0/24'] }),
      { direction: 'outbound', secureAuthentication: undefined, passwordCorrect: undefined },
    ],
    ['bypass-closed', facts({}, { certificatePresent: true }), {}],
  ])('tells of sessions that are refused as %s once a minute', async (reason, known, more) => {
    present = known;
    for (const session of ['a', 'b', 'c']) {
      expect(await deciding().run(inbound(session, more))).toMatchObject({ verdict: 'refuse', reason });
    }
    clock.advance(60_000);
    await deciding().run(inbound('d', more));
    expect(told()).toMatchObject([
      { type: 'certlane.bypass.refused.v1', data: { ...REF, session: 'a', reason, refused: 1 } },
      { type: 'certlane.bypass.refused.v1', data: { session: 'd', reason, refused: 3 } },
    ]);
  });

  it.each<[string, SessionFacts, object]>([
    ['a wrong password', facts(), { passwordCorrect: false }],
    ['secure authentication', facts({}, { certificatePresent: true, theirs: [''] }), { secureAuthentication: true }],
    ['a partner without secure authentication', facts({}, { secureAuthentication: false }), {}],
    ['a bypass that is none', facts({}, { identified: false }), {}],
  ])('leaves nothing behind for %s', async (_name, known, more) => {
    present = known;
    await deciding().run(inbound('a', more));
    expect(told()).toEqual([]);
    expect(records.rows.size).toBe(0);
  });

  it('lets no session run that could not be written down', async () => {
    const away = new CertlaneError('unavailable', 'the store is away');
    const broken = { change: () => Promise.reject(away) } as unknown as DocumentLedgers;
    await expect(deciding(broken).run(inbound('a'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
