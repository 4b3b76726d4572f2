import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { FetchedDocument, Fetcher, FetchRefusal, FetchRequest } from '../ports/fetcher.js';
import { LanedFetch, type LaneLimits } from './bounded-fetch-lanes.js';

/** Servers of documents as large as the number in their path, each of which takes a moment. */
class Servers implements Fetcher {
  readonly asked: { readonly url: string; readonly maxOctets: number | undefined }[] = [];
  busiest = 0;
  largest = 0;
  readonly #busyHosts = new Map<string, number>();
  busiestHost = 0;
  #busy = 0;
  #large = 0;

  async fetch({ url, maxOctets = Infinity }: FetchRequest): Promise<FetchedDocument | FetchRefusal> {
    this.asked.push({ url, maxOctets });
    const { host, pathname } = new URL(url);
    const size = Number(pathname.slice(1));
    const isLarge = maxOctets > 100;
    this.#busy += 1;
    this.#large += isLarge ? 1 : 0;
    this.#busyHosts.set(host, (this.#busyHosts.get(host) ?? 0) + 1);
    this.busiest = Math.max(this.busiest, this.#busy);
    this.largest = Math.max(this.largest, this.#large);
    this.busiestHost = Math.max(this.busiestHost, ...this.#busyHosts.values());
    await sleep(5);
    this.#busy -= 1;
    this.#large -= isLarge ? 1 : 0;
    this.#busyHosts.set(host, (this.#busyHosts.get(host) ?? 0) - 1);
    if (size > maxOctets) return { ok: false, reason: 'size', message: 'too large' };
    if (Number.isNaN(size)) throw new Error('not ours');
    return {
      ok: true,
      status: 200,
      url,
      octets: new Uint8Array(size),
      notModified: false,
      contentType: undefined,
      etag: undefined,
      lastModified: undefined,
    };
  }
}

const LIMITS: LaneLimits = { atOnce: 3, perHost: 2, smallOctets: 100 };

describe('fetches side by side', () => {
  it('are as many as may be, and of one host fewer', async () => {
    const servers = new Servers();
    const fetcher = new LanedFetch(servers, LIMITS);
    const urls = Array.from({ length: 20 }, (_, n) => `http://host-${n % 4}.example/${n}`);
    const documents = await Promise.all(urls.map((url) => fetcher.fetch({ url })));
    expect(documents.map((one) => one.ok && one.octets.length)).toEqual(urls.map((_, n) => n));
    expect(servers.busiest).toBe(3);
    expect(servers.busiestHost).toBeLessThanOrEqual(2);
  });

  it('of one host are as many as may be', async () => {
    const servers = new Servers();
    const fetcher = new LanedFetch(servers, LIMITS);
    await Promise.all(Array.from({ length: 8 }, () => fetcher.fetch({ url: 'http://one.example/1' })));
    expect(servers.busiest).toBe(2);
  });

  it('of large documents are one at a time, and all of them come', async () => {
    const servers = new Servers();
    const fetcher = new LanedFetch(servers, LIMITS);
    const urls = Array.from({ length: 6 }, (_, n) => `http://host-${n}.example/${1_000 + n}`);
    const documents = await Promise.all(urls.map((url) => fetcher.fetch({ url, maxOctets: 5_000 })));
    expect(documents.map((one) => one.ok && one.octets.length)).toEqual(urls.map((_, n) => 1_000 + n));
    expect(servers.largest).toBe(1);
  });

  it('never take more than was asked for', async () => {
    const servers = new Servers();
    const fetcher = new LanedFetch(servers, LIMITS);
    const outcome = await fetcher.fetch({ url: 'http://one.example/60', maxOctets: 50 });
    expect(outcome).toMatchObject({ ok: false, reason: 'size' });
    expect(servers.asked).toEqual([{ url: 'http://one.example/60', maxOctets: 50 }]);
  });

  it('that are no longer wanted give up while they wait, and leave their place to the next', async () => {
    const servers = new Servers();
    const fetcher = new LanedFetch(servers, { ...LIMITS, perHost: 1 });
    const stop = new AbortController();
    const url = 'http://one.example/1';
    const [first, second, third] = [
      fetcher.fetch({ url }),
      fetcher.fetch({ url, signal: stop.signal }),
      fetcher.fetch({ url }),
    ];
    stop.abort();
    expect(await second).toMatchObject({ ok: false, reason: 'aborted' });
    expect([await first, await third]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(servers.asked).toHaveLength(2);
    expect(await fetcher.fetch({ url, signal: AbortSignal.abort() })).toMatchObject({ reason: 'aborted' });
  });

  it('leave their place when they fail', async () => {
    const fetcher = new LanedFetch(new Servers(), { atOnce: 1, perHost: 1 });
    await expect(fetcher.fetch({ url: 'http://one.example/x' })).rejects.toThrow('not ours');
    expect(await fetcher.fetch({ url: 'http://one.example/1' })).toMatchObject({ ok: true });
  });
});
