import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ca, registry, serviceNames } from '@certlane/contracts';
import { testCa } from '@certlane/pki/testing';
import { findNatsServer } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Visitor } from '../demo/visitor.js';
import { Collector, type ExportedSpan } from '../support/collector.js';
import { Operator } from '../support/operator.js';
import { RunningStation } from '../support/running-station.js';

const US = 'O0013000000ACME';
const THEM = 'O0177000000BETA';
const beta = testCa({ name: 'Beta' });
const theirs = beta.issue({ host: 'oftp.beta.example' });

type Line = Readonly<Record<string, unknown>>;

/** What a running station shows of itself: logs, traces, metrics and health of real processes. */
describe('a station that took a certificate over', () => {
  let folder: string;
  let collector: Collector;
  const health = new Map<string, number[]>();
  const metrics = new Map<string, string>();
  const logs = new Map<string, Line[]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certlane-observability-'));
    collector = await Collector.listen();
    const env = { NATS_SERVER: findNatsServer(), CERTLANE_OTLP_ENDPOINT: collector.url, CERTLANE_LOG_LEVEL: 'debug' };
    const station = await RunningStation.start(join(folder, 'data'), [], { env });
    await expectCertificate(station);
    await deliver(station.tcpPort);
    for (const [name, { health: url }] of Object.entries(station.file.services)) {
      const answers = await Promise.all(['live', 'ready'].map((path) => fetch(`${url}/health/${path}`)));
      health.set(
        name,
        answers.map(({ status }) => status),
      );
      metrics.set(name, await (await fetch(`${url}/metrics`)).text());
    }
    // What waits to be exported goes out when a process ends.
    expect(await station.stop()).toBe(0);
    for (const [name, { log }] of Object.entries(station.file.services)) {
      const lines = (await readFile(log, 'utf8')).trim().split('\n');
      logs.set(
        name,
        lines.map((line) => JSON.parse(line) as Line),
      );
    }
  });

  afterAll(async () => {
    collector.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The trace of the session that brought the certificate. */
  const sessionTrace = (): ExportedSpan[] => {
    const first = collector.spans.find(({ name }) => name === 'oftp session');
    return collector.spans.filter(({ traceId }) => traceId === first?.traceId);
  };

  it('exports one trace from the connection across all services to the events', () => {
    const spans = sessionTrace();
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(serviceNames));
    expect(spans.filter(({ parentSpanId }) => parentSpanId === '').map(({ name }) => name)).toEqual(['oftp session']);
    const known = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== '' && !known.has(parentSpanId))).toEqual([]);
    for (const service of ['session-gateway', 'partner-registry', 'cert-exchange']) {
      expect(spans.filter(({ name, service: by }) => by === service && name === 'publish event')).not.toEqual([]);
    }
  });

  it('logs JSON lines that say who, when, how grave and what, and belong to the trace', () => {
    expect([...logs.keys()].sort()).toEqual([...serviceNames].sort());
    for (const [service, lines] of logs) {
      for (const line of lines) {
        expect(line).toMatchObject({
          service,
          instance: expect.any(String),
          level: expect.stringMatching(/^(?:debug|info|warn)$/),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          msg: expect.stringMatching(/[^.]$/),
        });
      }
    }
    const decided = logs.get('cert-exchange')?.filter(({ msg }) => msg === 'exchange decided');
    expect(decided).toMatchObject([{ trace_id: sessionTrace()[0]?.traceId, partner: THEM, outcome: 'accepted' }]);
    const ended = logs.get('session-gateway')?.filter(({ msg }) => msg === 'session ended');
    expect(ended).toMatchObject([{ trace_id: sessionTrace()[0]?.traceId, partner: THEM, filesReceived: 1 }]);
  });

  it.each(serviceNames)('%s is alive, ready and counted', (name) => {
    expect(health.get(name)).toEqual([200, 200]);
    expect(metrics.get(name)).toMatch(
      /^certlane_request_duration_seconds_count\{contract="[a-z.-]+",code="ok"\} \d+$/m,
    );
    expect(metrics.get(name)).toContain(`target_info{service_name="${name}"`);
  });

  it.each([
    ['cert-exchange', /^certlane_exchange_decisions_total\{outcome="accepted"\} 1$/m],
    ['ca-store', /^certlane_ca_verdicts_total\{reason="trusted",revocation="[a-z-]+"\} [1-9]\d*$/m],
    ['ca-store', /^certlane_ca_verdict_duration_seconds_count [1-9]\d*$/m],
    ['ca-store', /^certlane_ca_anchors 2$/m],
    ['ca-store', /^certlane_ca_issuers\{purpose="oftp2"\} 2$/m],
    ['ca-store', /^certlane_ca_revoked 0$/m],
    ['ca-store', /^certlane_ca_lists\{kind="trust-list",state="current"\} 0$/m],
    ['session-gateway', /^certlane_gateway_sessions_total\{[^}]*\} 1$/m],
  ] as const)('%s counts what came of it: %s', (name, line) => {
    expect(metrics.get(name)).toMatch(line);
  });
});

async function expectCertificate(station: RunningStation): Promise<void> {
  const operator = await Operator.of(station);
  await operator.addStation(US, 'ACME1', 'localhost');
  await operator.addPartner({ station: US, partner: THEM }, { password: 'BETA1', acx: true });
  const certificates = [beta.root, beta.authority].map(({ certificate }) => Buffer.from(certificate.der));
  await operator.bus.request(ca.issuerAdd, { certificates: certificates.map((der) => der.toString('base64')) });
  await operator.bus.request(registry.partnerIdentify, {
    station: US,
    partner: THEM,
    subject: 'oftp.beta.example',
    issuer: beta.authority.certificate.fingerprint,
    usages: ['session-authentication'],
  });
  await operator.close();
}

/** The partner calls, delivers its certificate, takes the answer and goes. */
async function deliver(port: number): Promise<void> {
  const { der: content } = theirs.certificate;
  const partner = await Visitor.tcp(port);
  await partner.start({ code: THEM, password: 'BETA1' });
  const offer = { dataset: 'ODETTE_CERTIFICATE_DELIVER', content, from: THEM, to: US, time: 1_200_000_001 };
  expect(await partner.offer(offer)).toMatchObject({ command: 'EFPA' });
  expect(await partner.answers()).toMatchObject([{ command: 'EERP' }]);
  partner.leave();
}
