import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CertlaneError } from '@certlane/contracts';
import { createLogger, createMessages, type Bus, type OutboxMessage } from '@certlane/runtime';
import { countingIds, fixedClock, until } from '@certlane/runtime/testing';
import { GatewayMetrics } from '../metrics.js';
import type { SessionReport } from '../ports/session-ends.js';
import { SessionEndEvents } from './session-end-events.js';

/** A stream that may be away; what it has it has once, as JetStream's de-duplication has it. */
class Stream {
  away = false;
  refused = 0;
  readonly held = new Map<string, OutboxMessage>();
  readonly bus: Bus = {
    request: () => Promise.reject(new CertlaneError('unavailable', 'no requests here')),
    publish: (message) => {
      if (this.away) {
        this.refused += 1;
        return Promise.reject(new CertlaneError('unavailable', 'NATS is away'));
      }
      this.held.set(message.id, message);
      return Promise.resolve();
    },
  };
}

const report = (session: string): SessionReport => ({
  session,
  role: 'responder',
  remoteAddress: '192.0.2.1',
  partner: 'O0013ACME',
  transport: 'tcp',
  secureAuthentication: false,
  startedAt: '2026-03-01T12:00:00.000Z',
  milliseconds: 5,
  filesSent: 0,
  filesReceived: 0,
  answersSent: 0,
  answersReceived: 0,
  end: { outcome: 'completed', esid: 0, by: 'peer', message: 'done' },
});

let stream: Stream;
let events: SessionEndEvents;

beforeEach(() => {
  stream = new Stream();
  const clock = fixedClock();
  events = new SessionEndEvents({
    bus: stream.bus,
    messages: createMessages({ prefix: 'certlane', clock, ids: countingIds() }),
    clock,
    log: createLogger({ service: 'session-gateway', instance: 'test', level: 'silent' }),
    metrics: new GatewayMetrics(),
    unknownPeersPerMinute: 3,
  });
});

afterEach(() => events.close(0));

const sessions = (): string[] =>
  [...stream.held.values()].map(({ payload }) => (payload as { data: SessionReport }).data.session);

const settled = (): Promise<void> => until('all are out', () => events.waiting === 0);

describe('SessionEndEvents', () => {
  it('publishes each end once, in order, about the partner where it is known', async () => {
    for (const session of ['a', 'b', 'c']) events.ended(report(session), true);
    await settled();
    expect(sessions()).toEqual(['a', 'b', 'c']);
    expect([...stream.held.values()][0]).toMatchObject({
      subject: 'certlane.events.v1.session.ended.O0013ACME',
      payload: { subject: 'O0013ACME' },
    });
  });

  it('keeps them while NATS is away, and their ids with them', async () => {
    stream.away = true;
    for (const session of ['a', 'b']) events.ended(report(session), true);
    await until('it was tried', () => stream.refused > 0);
    expect([events.waiting, stream.held.size]).toEqual([2, 0]);
    stream.away = false;
    await settled();
    expect(sessions()).toEqual(['a', 'b']);
  });

  it('bounds what it keeps, and lets the oldest go', async () => {
    stream.away = true;
    for (let number = 0; number < 2_100; number += 1) events.ended(report(String(number)), true);
    expect(events.waiting).toBe(2_000);
    stream.away = false;
    await settled();
    expect(sessions().at(0)).toBe('100');
    expect(sessions().at(-1)).toBe('2099');
  });

  it('tells of few strangers a minute, and never under a partner’s name', async () => {
    for (let number = 0; number < 10; number += 1) events.ended(report(`stranger ${number}`), false);
    events.ended(report('partner'), true);
    await settled();
    expect(sessions()).toEqual(['stranger 0', 'stranger 1', 'stranger 2', 'partner']);
    expect([...stream.held.values()][0]).toMatchObject({ subject: 'certlane.events.v1.session.ended._' });
  });
});
