import { setTimeout as sleep } from 'node:timers/promises';
import { readOcspResponse, writeOcspRequest } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ocspResponder } from './publisher/ocsp-responder.js';
import { MISBEHAVIOURS } from './publisher/misbehaviour.js';
import { Publisher } from './publisher.js';

const PATH = '/crl/a.crl';
const LIST = Buffer.from('a list of some octets', 'latin1');

let publisher: Publisher;
beforeEach(async () => {
  publisher = await Publisher.listen();
  publisher.publish(PATH, LIST);
});
afterEach(() => publisher.close());

const ask = (init: RequestInit = {}): Promise<Response> => fetch(publisher.url + PATH, { redirect: 'manual', ...init });
const octetsOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

/** Reads until so many octets are there or no more come, then lets go; how many came. */
async function received(response: Response, wanted: number): Promise<number> {
  let octets = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    octets += chunk.length;
    if (octets >= wanted) break;
  }
  return octets;
}

describe('a publisher', () => {
  it('gives what is published, and counts who asked', async () => {
    const response = await ask();
    expect(response.headers.get('content-type')).toBe('application/pkix-crl');
    expect(await octetsOf(response)).toEqual(LIST);
    await fetch(`${publisher.url}/else`);
    await ask();
    expect(publisher.count(PATH)).toBe(2);
    expect(publisher.requests('/else')).toEqual([{ method: 'GET', path: '/else', status: 404 }]);
    expect(publisher.requests()).toHaveLength(3);
  });

  it('tells those who have the document that they have it', async () => {
    const etag = (await ask()).headers.get('etag')!;
    expect((await ask({ headers: { 'If-None-Match': etag } })).status).toBe(304);
    publisher.publish(PATH, 'another list');
    expect((await ask({ headers: { 'If-None-Match': etag } })).status).toBe(200);
    publisher.withdraw(PATH);
    expect((await ask()).status).toBe(404);
  });

  it.each([
    ['not-found', 404],
    ['server-error', 503],
  ] as const)('can say %s', async (how, status) => {
    publisher.misbehave(PATH, how);
    expect((await ask()).status).toBe(status);
    publisher.behave(PATH);
    expect(await octetsOf(await ask())).toEqual(LIST);
  });

  it('can give a page for people', async () => {
    publisher.misbehave(PATH, 'html');
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it.each<['redirect-private' | 'redirect-circle' | { redirectTo: string }, () => string]>([
    ['redirect-private', () => `http://[::1]:${publisher.port}${PATH}`],
    ['redirect-circle', () => PATH],
    [{ redirectTo: 'http://127.0.0.1:9/' }, () => 'http://127.0.0.1:9/'],
  ])('can send elsewhere: %j', async (how, location) => {
    publisher.misbehave(PATH, how);
    const response = await ask();
    expect([response.status, response.headers.get('location')]).toEqual([302, location()]);
  });

  it('can give half of a document as if it were all, or break off', async () => {
    publisher.misbehave(PATH, 'truncated');
    expect(await octetsOf(await ask())).toEqual(LIST.subarray(0, 10));
    publisher.misbehave(PATH, 'cut-off');
    await expect(ask().then(octetsOf)).rejects.toThrow();
  });

  it('can be slow: octets come one by one', async () => {
    publisher.misbehave(PATH, 'slow');
    expect(await received(await ask(), 2)).toBeLessThan(LIST.length);
  });

  it('can say nothing at all', async () => {
    publisher.misbehave(PATH, 'silent');
    const outcome = await Promise.race([ask().catch(() => 'closed'), sleep(200, 'still waiting')]);
    expect(outcome).toBe('still waiting');
    expect(publisher.requests(PATH)).toEqual([{ method: 'GET', path: PATH, status: undefined }]);
  });

  it.each(['endless', 'gzip-bomb'] as const)('can have no end: %s', async (how) => {
    publisher.misbehave(PATH, how);
    expect(await received(await ask(), 8_000_000)).toBeGreaterThanOrEqual(8_000_000);
  });

  it('has closed every connection when it is closed, whatever went on', async () => {
    const own = await Publisher.listen();
    own.publish(PATH, LIST);
    const outcomes = MISBEHAVIOURS.map(async (how) => {
      own.publish(`/${how}`, LIST);
      own.misbehave(`/${how}`, how);
      const response = await fetch(`${own.url}/${how}`, { redirect: 'manual' });
      // Unread, so that the large ones stay open.
      return response.status;
    });
    const settled = Promise.allSettled(outcomes);
    while (own.requests().length < MISBEHAVIOURS.length) await sleep(5);
    await own.close();
    expect((await settled).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    await expect(fetch(own.url)).rejects.toThrow();
  });
});

describe('an OCSP responder of a publisher', () => {
  const { authority, root, issue } = testCa({ now: new Date('2026-11-20T12:00:00Z') });
  const [good, revoked, unknown] = [issue().certificate, issue().certificate, issue().certificate];
  const at = new Date('2026-11-19T12:00:00Z');
  beforeEach(() => {
    const certificates = [good, revoked];
    const statusOf = (certificate: typeof good) => ({ status: certificate === revoked ? { at } : ('good' as const) });
    publisher.respond('/ocsp/a', ocspResponder({ authority, certificates, statusOf }));
  });

  const requestFor = (certificate: typeof good, issuer = authority.certificate): Buffer =>
    Buffer.from(writeOcspRequest({ certificates: [{ certificate, issuer }], nonce: Uint8Array.of(7, 8, 9) }));
  const post = async (body: Buffer) =>
    readOcspResponse(await octetsOf(await fetch(`${publisher.url}/ocsp/a`, { method: 'POST', body })));

  it('answers by POST and by GET, with the nonce', async () => {
    const answer = await post(requestFor(good));
    expect(answer).toMatchObject({ status: 'successful' });
    const url = `${publisher.url}/ocsp/a/${encodeURIComponent(requestFor(revoked).toString('base64'))}`;
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('application/ocsp-response');
    const text = JSON.stringify(readOcspResponse(await octetsOf(response)));
    expect(text).toContain('"revoked"');
    expect(publisher.requests('/ocsp/a').map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it.each<[string, Buffer, string]>([
    ['a certificate that it does not know', requestFor(unknown), 'unauthorized'],
    ['a certificate of another issuer', requestFor(good, root.certificate), 'unauthorized'],
    ['what is no request', Buffer.from('hello'), 'malformedRequest'],
  ])('refuses %s', async (_what, body, status) => {
    expect(await post(body)).toMatchObject({ status });
  });

  it('fails as any other path does', async () => {
    publisher.misbehave('/ocsp/a', 'truncated');
    await expect(post(requestFor(good))).rejects.toThrow();
  });
});
