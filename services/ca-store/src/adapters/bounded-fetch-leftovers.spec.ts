import { gzipSync } from 'node:zlib';
import { until } from '@certlane/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { BoundedFetch } from './bounded-fetch.js';
import { answers, endless, rawServer, says } from './bounded-fetch/testing/raw-server.js';

describe('what a fetch leaves behind', () => {
  it('is nothing: no socket, no timer, no listener', async () => {
    const open = (): number =>
      process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|Zlib/i.test(name)).length;
    const before = open();
    const caller = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = caller.signal;
    caller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(caller.signal, args);
    };
    caller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(caller.signal, args);
    };
    const acts = {
      '/good': answers('200 OK', { 'Content-Encoding': 'gzip' }, gzipSync('a list')),
      '/keep': says(`HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx`),
      '/bomb': endless('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(64 * 1_024)),
      '/mute': () => undefined,
    };
    // What was open before may close meanwhile; one thing left by each of so many fetches would still show.
    const paths = Array.from({ length: 40 }, (_, n) => Object.keys(acts)[n % 4]!);
    {
      await using server = await rawServer(acts);
      const allowedNetworks = ['127.0.0.0/8'];
      const patient = new BoundedFetch({ allowedNetworks });
      const hasty = new BoundedFetch({ allowedNetworks, totalMs: 300 });
      const outcomes = await Promise.all(
        paths.map((path) =>
          (path === '/mute' ? hasty : patient).fetch({
            url: `http://127.0.0.1:${server.port}${path}`,
            signal: caller.signal,
            maxOctets: 1_000,
          }),
        ),
      );
      expect(new Set(outcomes.map((outcome, n) => `${paths[n]!} ${outcome.ok ? 'ok' : outcome.reason}`))).toEqual(
        new Set(['/good ok', '/keep ok', '/bomb size', '/mute time']),
      );
      await server.deserted();
    }
    expect(listeners).toBe(0);
    await until('all is gone', () => open() <= before);
  });
});
