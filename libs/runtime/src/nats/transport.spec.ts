import {
  ca,
  caEvents,
  CertlaneError,
  exchangeJobs,
  gateway,
  registry,
  type CloudEvent,
  type ParsedRequestOf,
  type RequestOf,
  type ReplyOf,
} from '@certlane/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { systemClock } from '../service/clock.js';
import { TimeOrderedIds } from '../service/ids.js';
import { createMessages } from '../store/messages.js';
import { testNats, type TestNats, type TestUser } from '../testing/test-nats.js';
import { until } from '../testing/until.js';
import { startTracing, type Tracing } from '../trace/tracing.js';
import { withSpan } from '../trace/with-span.js';
import { createBus, type Bus } from './bus.js';
import { Does, Hears, Serves, type Call, type JobCall, type JobOutcome } from './handlers.js';
import { CertlaneTransport, type TransportParts } from './transport.js';

const FINGERPRINT = 'ab'.repeat(32);
const logger = pino({ level: 'silent' });

/** Handlers whose behaviour a test gives. */
class Handlers {
  get: (input: ParsedRequestOf<typeof ca.issuerGet>, call: Call) => Promise<ReplyOf<typeof ca.issuerGet>> = () =>
    Promise.reject(new CertlaneError('not-found', 'no such issuer'));
  remove: (input: { fingerprint: string }, call: Call) => Promise<Record<string, never>> = () => Promise.resolve({});

  @Serves(ca.issuerGet)
  issuerGet(input: ParsedRequestOf<typeof ca.issuerGet>, call: Call) {
    return this.get(input, call);
  }

  @Serves(ca.issuerRemove)
  issuerRemove(input: ParsedRequestOf<typeof ca.issuerRemove>, call: Call) {
    return this.remove(input, call);
  }

  @Serves(ca.issuerList)
  issuerList(): ReplyOf<typeof ca.issuerList> {
    return { issuers: [] };
  }
}

/** What a gateway does and hears. */
class Worker {
  dial: (data: { partner: string }, call: JobCall) => Promise<JobOutcome | undefined> = () =>
    Promise.resolve(undefined);
  readonly heard: CloudEvent[] = [];

  @Does(exchangeJobs.dial)
  onDial(data: { partner: string }, call: JobCall) {
    return this.dial(data, call);
  }

  @Hears(caEvents.issuerAdded)
  onIssuer(event: CloudEvent): Promise<void> {
    this.heard.push(event);
    return Promise.resolve();
  }
}

describe('the transport over a real nats-server with real permissions', () => {
  let nats: TestNats;
  const apps: INestMicroservice[] = [];
  const exporter = new InMemorySpanExporter();
  let tracing: Tracing;

  beforeAll(async () => {
    nats = await testNats();
    tracing = await startTracing({
      service: 'test',
      instance: 'test',
      processors: [new SimpleSpanProcessor({ exporter })],
    });
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    exporter.reset();
  });

  afterAll(async () => {
    await tracing.shutdown();
    await nats.stop();
  });

  async function start<T extends object>(user: TestUser, controller: new () => T, parts: Partial<TransportParts> = {}) {
    class TestModule {}
    const connection = await nats.connect(user);
    const strategy = new CertlaneTransport({
      connection,
      service: user,
      prefix: nats.prefix,
      logger,
      version: '1.2.3',
      concurrency: 16,
      ...parts,
    });
    const module = { module: TestModule, controllers: [controller] };
    const options: MicroserviceOptions & { logger: false } = { strategy, logger: false };
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, options);
    apps.push(app);
    await app.listen();
    return { app, connection, handlers: app.get(controller) };
  }

  async function busAs(user: TestUser): Promise<Bus & { connection: NatsConnection }> {
    const connection = await nats.connect(user);
    return Object.assign(createBus(connection, nats.prefix), { connection });
  }

  const messages = createMessages({ prefix: 'certlane', clock: systemClock, ids: new TimeOrderedIds() });
  const remove = (bus: Bus) => bus.request(ca.issuerRemove, { fingerprint: FINGERPRINT });
  const outcome = async (work: Promise<unknown>): Promise<{ code: string; message: string; details: unknown }> => {
    try {
      await work;
    } catch (thrown) {
      const { code, message, details } = thrown as CertlaneError;
      return { code, message, details };
    }
    return { code: 'none', message: '', details: {} };
  };

  describe('requests', () => {
    it('are answered', async () => {
      await start('ca-store', Handlers);
      expect(await (await busAs('operator')).request(ca.issuerList, {})).toEqual({ issuers: [] });
    });

    it('carry defaults of the contract to the handler', async () => {
      const seen: unknown[] = [];
      class Other extends Handlers {
        @Serves(ca.certificateValidate)
        validate(input: ParsedRequestOf<typeof ca.certificateValidate>): ReplyOf<typeof ca.certificateValidate> {
          seen.push(input);
          return { verdict: { trusted: false, message: 'no', path: [], checks: [], notChecked: [] } };
        }
      }
      await start('ca-store', Other);
      await (await busAs('operator')).request(ca.certificateValidate, { certificate: 'AAAA' });
      expect(seen).toEqual([{ certificate: 'AAAA', chain: [] }]);
    });

    it.each([
      ['not-found', 'no issuer has this fingerprint'],
      ['already-exists', 'it exists'],
      ['failed-precondition', 'ünïcode\nand a second line'],
      ['conflict', 'somebody was faster'],
      ['unavailable', 'not now'],
    ] as const)('refused with %s keep code, sentence and details', async (code, message) => {
      const { handlers } = await start('ca-store', Handlers);
      handlers.remove = () => Promise.reject(new CertlaneError(code, message, { details: { field: 'a.b', left: 2 } }));
      expect(await outcome(remove(await busAs('operator')))).toEqual({
        code,
        message,
        details: { field: 'a.b', left: 2 },
      });
    });

    it('that meet a defect are internal and tell nothing of it', async () => {
      const { handlers } = await start('ca-store', Handlers);
      handlers.remove = () => Promise.reject(new TypeError('password hunter2 is undefined'));
      const { code, message, details } = await outcome(remove(await busAs('operator')));
      expect(code).toBe('internal');
      expect(message + JSON.stringify(details)).not.toContain('hunter2');
    });

    it('whose reply breaks the contract are internal', async () => {
      const { handlers } = await start('ca-store', Handlers);
      handlers.get = () => Promise.resolve({ issuer: { subject: 'hunter2' } } as never);
      const { code, message } = await outcome(
        (await busAs('operator')).request(ca.issuerGet, { fingerprint: FINGERPRINT }),
      );
      expect([code, message.includes('hunter2')]).toEqual(['internal', false]);
    });

    it('that break the contract are refused before they are sent', async () => {
      const bus = await busAs('operator');
      const { code, details } = await outcome(bus.request(ca.issuerGet, { fingerprint: 'XYZ' }));
      expect([code, details]).toEqual(['invalid-argument', { field: 'fingerprint' }]);
    });

    it.each([
      ['a wrong value', { fingerprint: 'hunter2' }, 'fingerprint', '64 lower-case hex digits'],
      ['an unknown field', { fingerprint: FINGERPRINT, hunger: 'hunter2' }, 'hunger', 'Unrecognized'],
      ['a missing field', {}, 'fingerprint', 'not valid'],
    ])(
      'with %s are refused by the service, which names the field and not the value',
      async (_what, body, field, text) => {
        await start('ca-store', Handlers);
        const { connection } = await busAs('operator');
        const reply = await connection.request('certlane.ca.v1.issuer.remove', JSON.stringify(body));
        expect(reply.headers?.get('Certlane-Error-Code')).toBe('invalid-argument');
        expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('400');
        expect(reply.headers?.get('Nats-Service-Error')).toContain(text);
        expect(reply.json<{ details: unknown }>().details).toEqual({ field });
        expect(reply.string()).not.toContain('hunter2');
      },
    );

    it.each(['', '{', '"text"', '[]', '\u0000'])('that are no request (%j) are refused', async (body) => {
      await start('ca-store', Handlers);
      const { connection } = await busAs('operator');
      const reply = await connection.request('certlane.ca.v1.issuer.remove', body);
      expect(reply.headers?.get('Certlane-Error-Code')).toBe('invalid-argument');
    });

    it('to nobody are unavailable at once, naming the subject', async () => {
      const started = Date.now();
      const { code, details } = await outcome((await busAs('operator')).request(gateway.sealingKey, {}));
      expect([code, details]).toEqual(['unavailable', { subject: 'certlane.gateway.v1.sealing-key.get' }]);
      expect(Date.now() - started).toBeLessThan(1_000);
    });

    it('that are not answered in time are unavailable', async () => {
      const { handlers } = await start('ca-store', Handlers);
      handlers.remove = () => sleep(300, {});
      const late = (await busAs('operator')).request(ca.issuerRemove, { fingerprint: FINGERPRINT }, { timeoutMs: 50 });
      expect((await outcome(late)).code).toBe('unavailable');
    });

    it('are taken by one replica each', async () => {
      const replicas = [await start('ca-store', Handlers), await start('ca-store', Handlers)];
      const taken = [0, 0];
      replicas.forEach(({ handlers }, index) => {
        handlers.remove = () => {
          taken[index] = (taken[index] ?? 0) + 1;
          return Promise.resolve({});
        };
      });
      const bus = await busAs('operator');
      await Promise.all(Array.from({ length: 100 }, () => remove(bus)));
      expect((taken[0] ?? 0) + (taken[1] ?? 0)).toBe(100);
      expect(Math.min(...taken)).toBeGreaterThan(0);
    });

    it('wait for their turn, and are refused when too many wait', async () => {
      const { handlers } = await start('ca-store', Handlers, { concurrency: 2 });
      let running = 0;
      let most = 0;
      handlers.remove = async () => {
        most = Math.max(most, (running += 1));
        await sleep(20);
        running -= 1;
        return {};
      };
      const bus = await busAs('operator');
      const results = await Promise.all(Array.from({ length: 40 }, () => outcome(remove(bus))));
      const codes = results.map(({ code }) => code);
      expect(most).toBe(2);
      expect(codes.filter((code) => code === 'none')).toHaveLength(22);
      expect(codes.filter((code) => code === 'unavailable')).toHaveLength(18);
    });

    it('share one trace from caller to handler', async () => {
      const { handlers } = await start('ca-store', Handlers);
      let inside: string | undefined;
      handlers.remove = () => {
        inside = trace.getActiveSpan()?.spanContext().traceId;
        return Promise.resolve({});
      };
      const bus = await busAs('operator');
      const outer = await withSpan('outer', {}, async () => {
        await remove(bus);
        return trace.getActiveSpan()?.spanContext().traceId;
      });
      expect(inside).toBe(outer);
      await sleep(10);
      const spans = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
      const parentOf = (name: string) => spans.get(name)?.parentSpanContext?.spanId;
      expect(parentOf('serve issuer.remove')).toBe(spans.get('request issuer.remove')?.spanContext().spanId);
      expect(parentOf('request issuer.remove')).toBe(spans.get('outer')?.spanContext().spanId);
    });
  });

  describe('a stop', () => {
    it('lets requests in hand finish and takes no more', async () => {
      const { app, handlers } = await start('ca-store', Handlers);
      let entered: () => void = () => undefined;
      const inside = new Promise<void>((resolve) => (entered = resolve));
      handlers.remove = async () => {
        entered();
        await sleep(200);
        return {};
      };
      const bus = await busAs('operator');
      const inHand = outcome(remove(bus));
      await inside;
      const closed = app.close();
      await sleep(50);
      expect((await outcome(remove(bus))).code).toBe('unavailable');
      expect((await inHand).code).toBe('none');
      await closed;
    });

    it('tells handlers that take too long to give up, and does not wait for ever', async () => {
      const { app, handlers } = await start('ca-store', Handlers, { drainMs: 100 });
      let signal: AbortSignal | undefined;
      handlers.remove = (_input, call) => {
        signal = call.signal;
        return new Promise(() => undefined);
      };
      void outcome(remove(await busAs('operator')));
      await until('the handler is entered', () => signal !== undefined);
      const started = Date.now();
      await app.close();
      expect(signal?.aborted).toBe(true);
      expect(Date.now() - started).toBeLessThan(2_000);
    });
  });

  describe('jobs', () => {
    const dial = (partner: string) => messages.job(exchangeJobs.dial, { station: 'O0013STATION', partner }, partner);

    it('are done once by one of the replicas, and published twice are one', async () => {
      const done: string[] = [];
      for (const { handlers } of [await start('session-gateway', Worker), await start('session-gateway', Worker)]) {
        handlers.dial = ({ partner }) => Promise.resolve(void done.push(partner));
      }
      const bus = await busAs('cert-exchange');
      const message = dial('O0013ONCE');
      await bus.publish(message);
      await bus.publish(message);
      for (let n = 0; n < 10; n += 1) await bus.publish(dial(`O0013P${n}`));
      await until('all are done', () => done.length >= 11);
      await sleep(50);
      expect(new Set(done).size).toBe(done.length);
    });

    it('that fail come again with back-off, those that ask for it when they ask', async () => {
      const { handlers } = await start('session-gateway', Worker);
      const attempts: { attempt: number; at: number }[] = [];
      handlers.dial = (_data, { attempt }) => {
        attempts.push({ attempt, at: Date.now() });
        if (attempt === 1) throw new Error('the partner does not answer');
        return Promise.resolve(attempt === 2 ? { retryAfterMilliseconds: 50 } : undefined);
      };
      await (await busAs('cert-exchange')).publish(dial('O0013FAILING'));
      await until('it is done', () => attempts.length >= 3);
      expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first, second, third] = attempts.map(({ at }) => at) as [number, number, number];
      expect(second - first).toBeGreaterThan(300);
      expect(third - second).toBeLessThan(300);
    });

    it('in hand are finished at a stop, those not begun are left to others', async () => {
      const first = await start('session-gateway', Worker, { concurrency: 1 });
      const done: string[] = [];
      first.handlers.dial = async ({ partner }) => {
        await sleep(150);
        done.push(`first ${partner}`);
        return undefined;
      };
      const bus = await busAs('cert-exchange');
      await bus.publish(dial('O0013A'));
      await bus.publish(dial('O0013B'));
      await sleep(50);
      await first.app.close();
      expect(done).toEqual(['first O0013A']);
      const second = await start('session-gateway', Worker);
      second.handlers.dial = ({ partner }) => Promise.resolve(void done.push(`second ${partner}`));
      await until('both are done', () => done.length >= 2);
      expect(done).toEqual(['first O0013A', 'second O0013B']);
    });

    it('go on at once when nats-server is killed and comes back', async () => {
      const { handlers } = await start('session-gateway', Worker, { concurrency: 4 });
      const done: string[] = [];
      handlers.dial = ({ partner }) => Promise.resolve(void done.push(partner));
      const bus = await busAs('cert-exchange');
      await sleep(50);
      await nats.server.kill();
      await nats.restart();
      await bus.publish(dial('O0013BACK'));
      const published = Date.now();
      await until('it is done', () => done.length > 0);
      expect(done).toEqual(['O0013BACK']);
      expect(Date.now() - published).toBeLessThan(3_000);
    });

    it('that break the contract are dropped', async () => {
      const { handlers } = await start('session-gateway', Worker);
      const seen: string[] = [];
      handlers.dial = ({ partner }) => Promise.resolve(void seen.push(partner));
      const bus = await busAs('cert-exchange');
      await bus.publish({ ...dial('O0013BROKEN'), payload: { partner: 'O0013BROKEN' } });
      await bus.publish(dial('O0013WHOLE'));
      await until('one is done', () => seen.length > 0);
      expect(seen).toEqual(['O0013WHOLE']);
    });

    it('wait for a service that is not there yet', async () => {
      await (await busAs('cert-exchange')).publish(dial('O0013LATER'));
      const { handlers } = await start('session-gateway', Worker);
      const seen: string[] = [];
      handlers.dial = ({ partner }) => Promise.resolve(void seen.push(partner));
      await until('one is done', () => seen.length > 0);
      expect(seen).toEqual(['O0013LATER']);
    });
  });

  it('lets every replica hear an event', async () => {
    const workers = [await start('session-gateway', Worker), await start('session-gateway', Worker)];
    const summary = {
      fingerprint: FINGERPRINT,
      subject: 'CN=Root',
      issuer: 'CN=Root',
      serialNumber: '1',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
      extendedKeyUsage: [],
    };
    const bus = await busAs('ca-store');
    await bus.publish(messages.event(caEvents.issuerAdded, { issuer: summary }));
    await until('both have heard', () => workers.every(({ handlers }) => handlers.heard.length > 0));
    for (const { handlers } of workers)
      expect(handlers.heard.map((event) => event.data)).toEqual([{ issuer: summary }]);
  });

  it('answers the NATS services API by ping, info and statistics, to all, by name and by id', async () => {
    const { handlers } = await start('ca-store', Handlers);
    handlers.remove = () => sleep(20, {});
    const { connection, ...bus } = await busAs('anyone');
    await remove(bus);
    await outcome(bus.request(ca.issuerGet, { fingerprint: FINGERPRINT }));
    const ask = async (subject: string) => (await connection.request(subject)).json<Record<string, unknown>>();
    const ping = await ask('$SRV.PING');
    expect(ping).toEqual({
      type: 'io.nats.micro.v1.ping_response',
      name: 'ca-store',
      id: expect.any(String),
      version: '1.2.3',
      metadata: {},
    });
    const info = await ask('$SRV.INFO.ca-store');
    expect(info).toMatchObject({
      type: 'io.nats.micro.v1.info_response',
      endpoints: expect.arrayContaining([
        { name: 'issuer-remove', subject: 'certlane.ca.v1.issuer.remove', queue_group: 'ca-store', metadata: null },
      ]),
    });
    const statistics = (await ask(`$SRV.STATS.ca-store.${String(ping.id)}`)) as {
      endpoints: Record<string, unknown>[];
    };
    const of = (name: string) => statistics.endpoints.find((endpoint) => endpoint.name === name);
    expect(of('issuer-remove')).toMatchObject({ num_requests: 1, num_errors: 0 });
    expect(of('issuer-remove')?.average_processing_time).toBeGreaterThan(15e6);
    expect(of('issuer-get')).toMatchObject({ num_requests: 1, num_errors: 1, last_error: 'not-found' });
  });

  describe('a start', () => {
    it('is refused when a request has no handler', async () => {
      await expect(start('ca-store', Handlers, { expects: [ca.issuerList, ca.issuerAdd] })).rejects.toThrow(
        'ca-store has no handler for: request issuer.add',
      );
    });

    it('is refused when two methods claim a request', async () => {
      class Twice extends Handlers {
        @Serves(ca.issuerList)
        again(): ReplyOf<typeof ca.issuerList> {
          return { issuers: [] };
        }
      }
      await expect(start('ca-store', Twice)).rejects.toThrow("two handlers claim request 'issuer.list'");
    });

    it('is refused when NATS does not let the service answer its own requests', async () => {
      class Foreign {
        @Serves(registry.stationList)
        list(): ReplyOf<typeof registry.stationList> {
          return { stations: [] };
        }
      }
      await expect(start('ca-store', Foreign)).rejects.toMatchObject({ code: 'failed-precondition' });
    });
  });

  it('checks handlers against their contracts when they are compiled', () => {
    class Typed {
      // @ts-expect-error -- the reply lacks the issuer
      @Serves(ca.issuerGet)
      wrong(_input: RequestOf<typeof ca.issuerGet>): Promise<{ nothing: true }> {
        return Promise.resolve({ nothing: true });
      }
    }
    expect(new Typed()).toBeDefined();
  });
});
