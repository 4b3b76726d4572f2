import {
  ca,
  caEvents,
  CertlaneError,
  type ParsedRequestOf,
  type ReplyOf,
  type RequestContract,
} from '@certlane/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { Inject, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { z } from 'zod';
import { auditController } from '../audit/audit-controller.js';
import type { AuditTrail } from '../audit/trail.js';
import { verifyAudit } from '../audit/verify-audit.js';
import type { Health } from '../http/health.js';
import { createBus, type Bus } from '../nats/bus.js';
import { Serves } from '../nats/handlers.js';
import { everyEntry } from '../nats/pages.js';
import type { Documents, DocumentStore } from '../store/documents.js';
import type { Messages } from '../store/messages.js';
import { fixedClock } from '../testing/fixed-clock.js';
import { issuerSummary, noVerdict } from '../testing/issuer-summary.js';
import { memoryStore } from '../testing/memory-store.js';
import { testNats, type TestNats } from '../testing/test-nats.js';
import { until } from '../testing/until.js';
import type { Clock } from './clock.js';
import { runService, type RunningService, type ServiceParts } from './run-service.js';
import { AUDIT, BUS, CLOCK, HEALTH, LOGGER, MESSAGES, STORE } from './tokens.js';

const FINGERPRINT = issuerSummary.fingerprint;

/** Enough of a ca-store to see that everything is wired. */
class Issuers implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #issuers: Documents<{ removed: boolean }>;
  readonly steps: string[] = [];

  constructor(
    @Inject(STORE) private readonly store: DocumentStore,
    @Inject(MESSAGES) private readonly messages: Messages,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HEALTH) health: Health,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#issuers = store.collection({ name: 'issuer', schema: z.object({ removed: z.boolean() }) });
    health.register('trust', () => undefined);
  }

  @Serves(ca.issuerRemove)
  async remove({ fingerprint }: ParsedRequestOf<typeof ca.issuerRemove>): Promise<ReplyOf<typeof ca.issuerRemove>> {
    this.logger.info({ now: this.clock.now(), bus: typeof this.bus.request }, 'removing');
    const message = this.messages.event(caEvents.issuerRemoved, { issuer: issuerSummary });
    await this.#issuers.create(fingerprint, { removed: true }, [message]);
    return {};
  }

  @Serves(ca.issuerAdd)
  add(): ReplyOf<typeof ca.issuerAdd> {
    return { issuers: [] };
  }

  @Serves(ca.issuerGet)
  get(): ReplyOf<typeof ca.issuerGet> {
    throw new CertlaneError('not-found', 'no such issuer');
  }

  @Serves(ca.issuerList)
  list(): ReplyOf<typeof ca.issuerList> {
    return { issuers: [] };
  }

  @Serves(ca.certificateValidate)
  validate(): ReplyOf<typeof ca.certificateValidate> {
    return { verdict: noVerdict };
  }

  onApplicationBootstrap(): void {
    this.steps.push('bootstrap');
  }

  async onModuleDestroy(): Promise<void> {
    await this.store.check();
    this.steps.push('destroyed with the store open');
  }

  onApplicationShutdown(): void {
    this.steps.push('shut down');
  }
}

/** A service starts only if all its requests are answered; nobody sends the others here. */
const answered: readonly RequestContract[] = [
  ca.issuerRemove,
  ca.issuerAdd,
  ca.issuerGet,
  ca.issuerList,
  ca.certificateValidate,
  ca.auditList,
  ca.auditVerify,
];
for (const contract of (Object.values(ca) as readonly RequestContract[]).filter((one) => !answered.includes(one))) {
  const refuse = { value: () => Promise.reject(new CertlaneError('internal', 'nobody asks this')) };
  Object.defineProperty(Issuers.prototype, contract.name, refuse);
  Serves(contract)(Issuers.prototype, contract.name, refuse);
}

describe('runService', () => {
  let nats: TestNats;
  let service: RunningService | undefined;
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );

  beforeEach(async () => {
    nats = await testNats();
    lines.length = 0;
  });

  afterEach(async () => {
    await service?.close();
    service = undefined;
    await nats.stop();
  });

  async function start(parts: Partial<ServiceParts> = {}): Promise<RunningService> {
    const config = nats.runtimeConfig('ca-store');
    const module = { controllers: [Issuers, auditController(ca)] };
    service = await runService({ name: 'ca-store', config, module, logger, ...parts });
    return service;
  }

  it('answers requests, writes documents and tells events, with the clock it was given', async () => {
    const clock = fixedClock();
    await start({ clock });
    const operator = await nats.connect('operator');
    await createBus(operator, nats.prefix).request(ca.issuerRemove, { fingerprint: FINGERPRINT });
    const manager = await jetstreamManager(operator, { checkAPI: false });
    const stored = await manager.direct.getMessage('certlane_events', { seq: 1 });
    expect(stored?.subject).toBe('certlane.events.v1.issuer.removed._');
    const event = stored?.json<{ id: string; time: string; traceparent: string }>();
    expect(event?.time).toBe('2026-01-01T00:00:00.000Z');
    expect(stored?.header.get('Nats-Msg-Id')).toBe(event?.id);
    expect(stored?.header.get('traceparent')).toBe(event?.traceparent);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'removing', now: '2026-01-01T00:00:00.000Z' }));
  });

  it('shows its audit trail, and what is open in it, page by page', async () => {
    const { get } = await start();
    const trail = get<AuditTrail>(AUDIT);
    const bus = createBus(await nats.connect('operator'), nats.prefix);
    expect(await verifyAudit(bus, ca.auditVerify)).toEqual({ entries: 0, ok: true, open: [] });
    expect(await bus.request(ca.auditList, {})).toEqual({ entries: [], head: 0 });
    const about = { issuer: FINGERPRINT, partner: 'O0177BETA' };
    await trail.record({ act: 'issuer.remove', phase: 'intended', about });
    const verdict = await verifyAudit(bus, ca.auditVerify);
    const written = Array.from({ length: 6_000 }, () => trail.record({ act: 'issuer.add', phase: 'done', about: {} }));
    await Promise.all(written);
    const { entries, next } = await bus.request(ca.auditList, { partner: 'O0177BETA', limit: 500 });
    expect([entries.length, next, verdict]).toMatchObject([1, undefined, { ok: true, open: [{ number: 1, about }] }]);
    expect(await everyEntry(bus, ca.auditList, { limit: 500 }, (page) => page.entries)).toHaveLength(6_001);
    expect(await verifyAudit(bus, ca.auditVerify)).toMatchObject({ entries: 6_001, ok: true, open: [{ number: 1 }] });
    const { head = { number: 0, hash: '' } } = verdict;
    const noted = await bus.request(ca.auditVerify, { after: `${head.number}.${head.hash}`, limit: 9 });
    expect(noted).toMatchObject({ entries: 9, ok: true, head: { number: 10 }, next: expect.stringMatching(/^10\./) });
    await expect(bus.request(ca.auditVerify, { after: '1.x' })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(bus.request(ca.auditList, { after: '-1' })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('says that it is ready and where its health is served', async () => {
    const { httpUrl } = await start();
    expect(lines.find(({ msg }) => msg === 'ready')).toMatchObject({ http: httpUrl });
    const ready = await fetch(`${httpUrl}/health/ready`);
    expect(await ready.json()).toEqual({
      ready: true,
      checks: { service: 'ok', nats: 'ok', store: 'ok', trust: 'ok' },
    });
  });

  it('is alive but not ready while NATS is away, and ready again by itself', async () => {
    const { httpUrl } = await start();
    await nats.server.kill();
    const away = await fetch(`${httpUrl}/health/ready`);
    expect(away.status).toBe(503);
    expect((await fetch(`${httpUrl}/health/live`)).status).toBe(200);
    await nats.restart();
    await until('it is ready', async () => (await fetch(`${httpUrl}/health/ready`)).status === 200);
    await createBus(await nats.connect('operator'), nats.prefix).request(ca.issuerList, {});
  });

  it('counts requests by contract and error code', async () => {
    const { httpUrl } = await start();
    const bus = createBus(await nats.connect('operator'), nats.prefix);
    await bus.request(ca.issuerList, {});
    await bus.request(ca.issuerGet, { fingerprint: FINGERPRINT }).catch(() => undefined);
    const text = await (await fetch(`${httpUrl}/metrics`)).text();
    expect(text).toContain('certlane_request_duration_seconds_count{contract="issuer.list",code="ok"} 1');
    expect(text).toContain('certlane_request_duration_seconds_count{contract="issuer.get",code="not-found"} 1');
  });

  it('runs the hooks of its providers in order, with the store open to the last', async () => {
    const { steps } = (await start()).get(Issuers);
    await service?.close();
    expect(steps).toEqual(['bootstrap', 'destroyed with the store open', 'shut down']);
    await expect(
      createBus(await nats.connect('operator'), nats.prefix).request(ca.issuerList, {}),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('takes a store of a test', async () => {
    const store = memoryStore();
    await start({ store });
    await createBus(await nats.connect('operator'), nats.prefix).request(ca.issuerRemove, { fingerprint: FINGERPRINT });
    expect(store.published).toHaveLength(1);
    await store.close();
  });

  it('does not start without its streams, and says what to do', async () => {
    const config = { ...nats.runtimeConfig('ca-store'), nats: nats.config('anyone'), prefix: 'elsewhere' };
    await expect(start({ config })).rejects.toThrow(
      "stream 'KV_elsewhere_ca-store' does not exist; run the provisioning of NATS first",
    );
  });

  it('does not start with a request that nobody answers, and lets go of everything', async () => {
    const config = { ...nats.runtimeConfig('ca-store'), http: { host: '127.0.0.1', port: 0 } };
    await expect(start({ config, module: {} })).rejects.toThrow(/^ca-store has no handler for: .*request issuer\.add/);
    await start();
  });
});
