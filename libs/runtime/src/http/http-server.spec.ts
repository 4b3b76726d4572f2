import { afterEach, describe, expect, it } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { startMetrics, type Metrics } from '../metrics/metrics.js';
import { createHealth } from './health.js';
import { startHttp, type HttpFace } from './http-server.js';

describe('health and metrics over HTTP', () => {
  let http: HttpFace | undefined;
  let meters: Metrics | undefined;
  let other: Server | undefined;

  afterEach(async () => {
    await http?.close();
    await meters?.shutdown();
    other?.close();
  });

  async function serve(health = createHealth()) {
    meters = startMetrics({ service: 'ca-store', instance: 'one' });
    const { handle } = meters;
    http = await startHttp({ listen: { host: '127.0.0.1', port: 0 }, health, metrics: handle });
    return { health, get: (path: string, method = 'GET') => fetch(`${http?.url ?? ''}${path}`, { method }) };
  }

  it('is alive whatever its checks say', async () => {
    const { health, get } = await serve();
    health.register('nats', () => Promise.reject(new Error('away')));
    expect((await get('/health/live')).status).toBe(200);
  });

  it('is ready when all checks pass, with what they tell', async () => {
    const { health, get } = await serve();
    health.register('nats', () => undefined);
    health.register('anchors', () => Promise.resolve('12'));
    const response = await get('/health/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ready: true, checks: { nats: 'ok', anchors: 'ok: 12' } });
  });

  it('is not ready when a check fails or hangs, and says which and why', async () => {
    const { health, get } = await serve();
    health.register('nats', () => undefined);
    health.register('store', () => Promise.reject(new Error('the store does not answer')));
    health.register('slow', () => new Promise(() => undefined));
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      checks: { nats: 'ok', store: 'the store does not answer', slow: 'no answer within 2000 ms' },
    });
  });

  it('shows metrics in the format of Prometheus', async () => {
    const { get } = await serve();
    metrics
      .getMeter('certlane')
      .createHistogram('certlane.request.duration.seconds', { unit: 's' })
      .record(0.003, { code: 'ok' });
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/certlane_request_duration_seconds_bucket\{.*code="ok".*le="0.005"\} 1/);
    expect(text).toContain('certlane_process_memory_bytes');
  });

  it('serves nothing else', async () => {
    const { get } = await serve();
    expect((await get('/')).status).toBe(404);
    expect((await get('/health/live', 'POST')).status).toBe(405);
  });

  it('names the address when it cannot listen there', async () => {
    other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    const parts = { listen: { host: '127.0.0.1', port }, health: createHealth(), metrics: () => undefined };
    await expect(startHttp(parts)).rejects.toThrow(
      `CERTLANE_HTTP_LISTEN: cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
    );
  });
});
