import {
  ca,
  caEvents,
  CertlaneError,
  exchangeJobs,
  gateway,
  registry,
  requestSubject,
  streamNames,
  type CloudEvent,
  type ParsedRequestOf,
  type RequestOf,
  type ReplyOf,
} from '@certlane/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers as newHeaders, type Msg, type NatsConnection } from '@nats-io/nats-core';
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
import { issuerSummary, noVerdict } from '../testing/issuer-summary.js';
import { testNats, type TestNats, type TestUser } from '../testing/test-nats.js';
import { until } from '../testing/until.js';
import { startTracing, type Tracing } from '../trace/tracing.js';
import { withSpan } from '../trace/with-span.js';
import { createBus, type Bus, type BusOptions, type RequestOptions } from './bus.js';
import { Does, Hears, Serves, type Call, type JobCall, type JobOutcome } from './handlers.js';
import { CertlaneTransport, type TransportParts } from './transport.js';
import { decodeError } from './wire.js';

const FINGERPRINT = issuerSummary.fingerprint;
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
          return { verdict: noVerdict };
        }
      }
      await start('ca-store', Other);
      await (await busAs('operator')).request(ca.certificateValidate, { certificate: 'AAAA' });
      expect(seen).toEqual([{ certificate: 'AAAA', chain: [], revocation: 'warn', weakKeys: false }]);
    });

    describe('name who acts', () => {
      const actors: (string | undefined)[] = [];
      const asked = async (options: BusOptions, perRequest: RequestOptions = {}) => {
        const { handlers } = await start('ca-store', Handlers);
        handlers.remove = (_input, { actor }) => {
          actors.push(actor);
          return Promise.resolve({});
        };
        const bus = createBus(await nats.connect('operator'), nats.prefix, options);
        return bus.request(ca.issuerRemove, { fingerprint: FINGERPRINT }, perRequest);
      };

      it.each([
        ['nobody', {}, {}, undefined],
        ['whoever the bus names', { actor: 'operator:anna' }, {}, 'operator:anna'],
        ['whoever the request names', {}, { actor: 'operator:bert@plant.example' }, 'operator:bert@plant.example'],
        ['the one of the request where both do', { actor: 'a' }, { actor: 'b'.repeat(64) }, 'b'.repeat(64)],
      ])('%s', async (_who, options, perRequest, expected) => {
        actors.length = 0;
        await asked(options, perRequest);
        expect(actors).toEqual([expected]);
      });

      it.each(['', 'x'.repeat(65), 'operator anna', 'ännä', 'a\r\nCertlane-Actor: b', 'a/b', '\u0000'])(
        'or are not sent: %j',
        async (actor) => {
          const refusal = { code: 'invalid-argument', details: { field: 'Certlane-Actor' } };
          actors.length = 0;
          await expect(asked({}, { actor })).rejects.toMatchObject(refusal);
          await expect(asked({ actor })).rejects.toMatchObject(refusal);
          expect(actors).toEqual([]);
        },
      );

      it.each([
        ['that is none', ['two words'], /two words/],
        ['that is empty', [''], /1 to 64 characters/],
        ['that is endless', ['x'.repeat(100_000)], /x…/],
        ['and another', ['operator:anna', 'operator:bert'], /names 2 actors/],
      ])('or are refused by the service for an actor %s', async (_what, values, words) => {
        const { handlers } = await start('ca-store', Handlers);
        handlers.remove = () => Promise.reject(new Error('must not be asked'));
        const headers = newHeaders();
        for (const value of values) headers.append('Certlane-Actor', value);
        const subject = requestSubject(nats.prefix, ca.issuerRemove);
        const connection = await nats.connect('anyone');
        const reply = await connection.request(subject, JSON.stringify({ fingerprint: FINGERPRINT }), {
          headers,
          timeout: 5_000,
        });
        expect(decodeError(reply)).toMatchObject({
          code: 'invalid-argument',
          message: expect.stringMatching(words),
          details: { field: 'Certlane-Actor' },
        });
      });
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

    it('to nobody are unavailable at once, naming who is not there', async () => {
      // Were it waited for, this test would not end in time.
      const asked = (await busAs('operator')).request(gateway.sealingKey, {}, { timeoutMs: 600_000 });
      expect(await outcome(asked)).toMatchObject({
        code: 'unavailable',
        message: 'session-gateway is not there: nobody answers for it',
        details: {
          subject: 'certlane.gateway.v1.sealing-key.get',
          service: 'session-gateway',
          failure: 'no-responders',
        },
      });
    });

    it('that are not answered in time are unavailable', async () => {
      const { handlers } = await start('ca-store', Handlers);
      const answer = Promise.withResolvers<Record<string, never>>();
      handlers.remove = () => answer.promise;
      const late = (await busAs('operator')).request(ca.issuerRemove, { fingerprint: FINGERPRINT }, { timeoutMs: 50 });
      expect((await outcome(late)).code).toBe('unavailable');
      answer.resolve({});
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
      const refused = Promise.withResolvers<undefined>();
      handlers.remove = async () => {
        most = Math.max(most, (running += 1));
        await refused.promise;
        running -= 1;
        return {};
      };
      const bus = await busAs('operator');
      const codes: string[] = [];
      const asked = Array.from({ length: 40 }, async () => {
        codes.push((await outcome(remove(bus))).code);
        if (codes.length === 18) refused.resolve(undefined);
      });
      await Promise.all(asked);
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
      // The reply may be there before the handler's span is closed.
      await until('all spans are closed', () => exporter.getFinishedSpans().length >= 3);
      const spans = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
      const parentOf = (name: string) => spans.get(name)?.parentSpanContext?.spanId;
      expect(parentOf('serve issuer.remove')).toBe(spans.get('request issuer.remove')?.spanContext().spanId);
      expect(parentOf('request issuer.remove')).toBe(spans.get('outer')?.spanContext().spanId);
    });
  });

  describe('a stop', () => {
    it('lets requests in hand finish and takes no more', async () => {
      const { app, handlers } = await start('ca-store', Handlers);
      const [entered, answer] = [Promise.withResolvers<undefined>(), Promise.withResolvers<Record<string, never>>()];
      handlers.remove = () => {
        entered.resolve(undefined);
        return answer.promise;
      };
      const bus = await busAs('operator');
      const inHand = outcome(remove(bus));
      await entered.promise;
      const closed = app.close();
      // One that came before the service took its name off would wait for an answer with the first.
      const next = () => outcome(bus.request(ca.issuerList, {}));
      await until('no more are taken', async () => (await next()).code === 'unavailable');
      answer.resolve({});
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
      await app.close();
      expect(signal?.aborted).toBe(true);
    });
  });

  describe('jobs', () => {
    const dial = (partner: string) => messages.job(exchangeJobs.dial, { station: 'O0013STATION', partner }, partner);
    const nothingLeft = async () => {
      const manager = await jetstreamManager((await busAs('anyone')).connection);
      const left = async () => (await manager.streams.info(streamNames.jobs(nats.prefix))).state.messages;
      await until('no job is left', async () => (await left()) === 0);
    };

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
      await nothingLeft();
      expect([...done].sort()).toEqual(['O0013ONCE', ...Array.from({ length: 10 }, (_, n) => `O0013P${n}`)]);
    });

    it('that fail come again with back-off, those that ask for it when they ask', async () => {
      const { handlers } = await start('session-gateway', Worker);
      // What the server is told of an attempt: that the job is done, or when to bring it again.
      const verdicts: string[] = [];
      const { connection } = await busAs('anyone');
      const callback = (_error: Error | null, message: Msg) => void verdicts.push(message.string());
      connection.subscribe(`$JS.ACK.${streamNames.jobs(nats.prefix)}.>`, { callback });
      await connection.flush();
      const attempts: number[] = [];
      handlers.dial = (_data, { attempt }) => {
        attempts.push(attempt);
        if (attempt <= 2) throw new Error('the partner does not answer');
        return Promise.resolve(attempt === 3 ? { retryAfterMilliseconds: 50 } : undefined);
      };
      await (await busAs('cert-exchange')).publish(dial('O0013FAILING'));
      await until('it is done', () => verdicts.length >= 4);
      expect(attempts).toEqual([1, 2, 3, 4]);
      const nanoseconds = verdicts.map((verdict) => Number(/^-NAK .*"delay": ?(\d+)/.exec(verdict)?.[1] ?? verdict));
      const [first, second] = nanoseconds as [number, number];
      expect([first >= 375e6 && first <= 500e6, second >= 750e6 && second <= 1_000e6]).toEqual([true, true]);
      expect(nanoseconds[2]).toBe(50e6);
      expect(verdicts[3]).toBe('+ACK');
    });

    it('in hand are finished at a stop, those not begun are left to others', async () => {
      const first = await start('session-gateway', Worker, { concurrency: 1 });
      const done: string[] = [];
      const [begun, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      first.handlers.dial = async ({ partner }) => {
        begun.resolve(undefined);
        await end.promise;
        done.push(`first ${partner}`);
        return undefined;
      };
      const bus = await busAs('cert-exchange');
      await bus.publish(dial('O0013A'));
      await bus.publish(dial('O0013B'));
      await begun.promise;
      const closed = first.app.close();
      end.resolve(undefined);
      await closed;
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
      await bus.publish(dial('O0013BEFORE'));
      await nothingLeft();
      await nats.server.kill();
      await nats.restart();
      await bus.publish(dial('O0013BACK'));
      // Sooner than the 10 s after which a worker that the server forgot would ask again.
      await until('the next is done', () => done.length > 1, 8_000);
      expect(done).toEqual(['O0013BEFORE', 'O0013BACK']);
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
    const bus = await busAs('ca-store');
    await bus.publish(messages.event(caEvents.issuerAdded, { issuer: issuerSummary, purpose: 'oftp2' }));
    await until('both have heard', () => workers.every(({ handlers }) => handlers.heard.length > 0));
    for (const { handlers } of workers)
      expect(handlers.heard.map((event) => event.data)).toEqual([{ issuer: issuerSummary, purpose: 'oftp2' }]);
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
