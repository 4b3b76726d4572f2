import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { testCa } from '@certlane/pki/testing';
import { certificateToPem } from '@certlane/pki';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FetchRequest } from '../ports/fetcher.js';
import { BoundedFetch, type BoundedFetchOptions } from './bounded-fetch.js';
import {
  answers,
  endless,
  rawServer,
  says,
  trickling,
  type Act,
  type RawServer,
} from './bounded-fetch/testing/raw-server.js';

const LOCAL: BoundedFetchOptions = { allowedNetworks: ['127.0.0.0/8'] };
const LIST = Buffer.from('30820102 a list', 'latin1');
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const LONG_TIME = 3_600_000;

const started: RawServer[] = [];

async function serve(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args);
  started.push(server);
  return server;
}

afterEach(async () => {
  // Whatever the outcome was: the connection is not kept.
  for (const server of started) await server.deserted();
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
});

/** Asks a server that does this for `/x`. */
async function fetchFrom(act: Act, options: BoundedFetchOptions = {}, request: Partial<FetchRequest> = {}) {
  const server = await serve({ '/x': act });
  const url = `http://127.0.0.1:${server.port}/x`;
  return { server, url, outcome: await new BoundedFetch({ ...LOCAL, ...options }).fetch({ url, ...request }) };
}

describe('a document', () => {
  it('comes with what its server says of it', async () => {
    const headers = {
      'Content-Type': 'Application/PKIX-CRL; x=y',
      ETag: '"v1"',
      'Last-Modified': 'Sun, 22 Nov 2026 06:00:00 GMT',
    };
    const { server, url, outcome } = await fetchFrom(answers('200 OK', headers, LIST));
    expect(outcome).toEqual({
      ok: true,
      status: 200,
      url,
      octets: LIST,
      notModified: false,
      contentType: 'application/pkix-crl',
      etag: '"v1"',
      lastModified: 'Sun, 22 Nov 2026 06:00:00 GMT',
    });
    expect(server.requests).toEqual([
      `GET /x HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\naccept: */*\r\naccept-encoding: gzip, deflate, br\r\nuser-agent: certlane\r\nconnection: close\r\n\r\n`,
    ]);
  });

  it.each<[string, Act]>([
    ['by gzip', answers('200 OK', { 'Content-Encoding': 'gzip' }, gzipSync(LIST))],
    ['by x-gzip', answers('200 OK', { 'Content-Encoding': 'X-GZIP' }, gzipSync(LIST))],
    ['by deflate', answers('200 OK', { 'Content-Encoding': 'deflate' }, deflateSync(LIST))],
    ['by brotli', answers('200 OK', { 'Content-Encoding': 'br' }, brotliCompressSync(LIST))],
    ['by nothing, and says so', answers('200 OK', { 'Content-Encoding': 'identity' }, LIST)],
    [
      'in chunks',
      says(
        `${CHUNKED}5\r\n${LIST.toString('latin1', 0, 5)}\r\n${(LIST.length - 5).toString(16)};a=b\r\n${LIST.toString('latin1', 5)}\r\n0\r\n\r\n`,
      ),
    ],
    ['up to the end of the connection', says(`HTTP/1.0 200 OK\r\n\r\n${LIST.toString('latin1')}`)],
    [
      'behind an interim answer',
      (socket) =>
        says(
          `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ${LIST.length}\r\n\r\n${LIST.toString('latin1')}`,
        )(socket, ''),
    ],
  ])('comes whole when it is sent %s', async (_how, act) => {
    expect((await fetchFrom(act)).outcome).toMatchObject({ ok: true, octets: LIST });
  });

  it('may be as large as is allowed, and arrives as it was sent', async () => {
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 251));
    const { outcome } = await fetchFrom(
      answers('200 OK', { 'Content-Encoding': 'gzip' }, gzipSync(large)),
      {},
      { maxOctets: large.length },
    );
    expect(outcome.ok && Buffer.from(outcome.octets).equals(large)).toBe(true);
  });

  it('need not come again when it has not changed', async () => {
    const { server, outcome } = await fetchFrom(
      says('HTTP/1.1 304 Not Modified\r\n\r\n'),
      {},
      {
        etag: 'W/"v1"',
        lastModified: 'Sun, 22 Nov 2026 06:00:00 GMT',
      },
    );
    expect(outcome).toMatchObject({
      ok: true,
      status: 304,
      notModified: true,
      octets: new Uint8Array(),
      etag: 'W/"v1"',
    });
    expect(server.requests[0]).toContain(
      'if-none-match: W/"v1"\r\nif-modified-since: Sun, 22 Nov 2026 06:00:00 GMT\r\n',
    );
  });

  it('is answered for a POST, as OCSP asks', async () => {
    const post = { octets: Buffer.from('a question'), contentType: 'application/ocsp-request' };
    const { server, outcome } = await fetchFrom(answers('200 OK', {}, LIST), {}, { post });
    expect(outcome).toMatchObject({ ok: true, octets: LIST });
    expect(server.requests[0]).toMatch(
      /^POST [^]*content-type: application\/ocsp-request\r\n[^]*content-length: 10\r\n\r\na question$/,
    );
  });

  it('brings no validators that could not be sent back', async () => {
    const headers = { ETag: `"${'v'.repeat(201)}"`, 'Last-Modified': 'yesterday' };
    expect((await fetchFrom(answers('200 OK', headers, LIST))).outcome).toMatchObject({
      ok: true,
      etag: undefined,
      lastModified: undefined,
    });
    const { server } = await fetchFrom(
      answers('200 OK', {}, LIST),
      {},
      { etag: '"a"\r\nx: y', lastModified: 'a\r\nb' },
    );
    expect(server.requests[0]).not.toMatch(/if-|x: y/);
  });
});

describe('a server that means no good', () => {
  const zeros = Buffer.alloc(64 * 1_024);
  const bomb = Buffer.alloc(20_000_000);
  const OK = 'HTTP/1.1 200 OK\r\n';
  const small = { maxOctets: 100_000 };

  it.each<[string, Act, reason: string, words: RegExp, options?: BoundedFetchOptions]>([
    ['never answers', () => undefined, 'time', /not done within 150 ms/, { totalMs: 150 }],
    ['sends headers slowly', trickling(OK, 'A: b\r\n'), 'time', /not done within/, { totalMs: 150 }],
    ['sends a body slowly', trickling(CHUNKED, '1\r\nx\r\n'), 'time', /not done within/, { totalMs: 150 }],
    [
      'stops amid the body',
      (socket) => socket.write(`${OK}Content-Length: 9\r\n\r\nabc`),
      'time',
      /not done/,
      { totalMs: 150 },
    ],
    [
      'stops amid a coded body',
      (socket) => socket.write(`${OK}Content-Encoding: gzip\r\nContent-Length: 99\r\n\r\n\u001f`),
      'time',
      /not done/,
      { totalMs: 150 },
    ],
    ['sends headers without end', endless(OK, 'A: b\r\n'), 'headers', /larger than 16384 octets/],
    ['sends one huge header', endless(`${OK}A: `, 'b'.repeat(1_000)), 'headers', /larger than 16384/],
    ['sends a status line without end', endless('HTTP/1.1 200 ', 'b'.repeat(1_000)), 'headers', /larger than 16384/],
    [
      'sends interim answers without end',
      endless('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
      'headers',
      /more than 8 interim/,
    ],
    ['sends trailers without end', endless(`${CHUNKED}0\r\n`, 'A: b\r\n'), 'headers', /larger than 16384/],
    ['sends a body without end', endless(`${OK}\r\n`, zeros), 'size', /larger than the 100000 octets/, small],
    ['sends chunks without end', endless(CHUNKED, '1\r\nx\r\n'), 'size', /more than 281920 octets came/, small],
    [
      'hides octets in chunk extensions',
      endless(CHUNKED, `1;${'e'.repeat(9_000)}\r\nx\r\n`),
      'size',
      /more than 281920 octets came/,
      small,
    ],
    [
      'announces too much',
      answers('200 OK', { 'Content-Length': '100001' }, 'x'),
      'size',
      /100001 octets are announced/,
      small,
    ],
    [
      'sends a gzip bomb',
      answers('200 OK', { 'Content-Encoding': 'gzip' }, gzipSync(bomb)),
      'size',
      /larger than the 100000/,
      small,
    ],
    [
      'sends a deflate bomb',
      answers('200 OK', { 'Content-Encoding': 'deflate' }, deflateSync(bomb)),
      'size',
      /larger than/,
      small,
    ],
    [
      'sends a brotli bomb',
      answers('200 OK', { 'Content-Encoding': 'br' }, brotliCompressSync(bomb, { params: { 1: 3 } })),
      'size',
      /larger than/,
      small,
    ],
    [
      'sends deflate blocks without content, without end',
      endless(
        Buffer.concat([Buffer.from(`${OK}Content-Encoding: deflate\r\n\r\n`), Buffer.from('7801', 'hex')]),
        Buffer.from('000000ffff'.repeat(1_000), 'hex'),
      ),
      'size',
      /octets came for a document/,
      small,
    ],
    [
      'codes twice',
      answers('200 OK', { 'Content-Encoding': 'gzip, gzip' }, gzipSync(gzipSync(LIST))),
      'coding',
      /"gzip, gzip"/,
    ],
    [
      'codes as nobody knows',
      answers('200 OK', { 'Content-Encoding': 'constructor' }, LIST),
      'coding',
      /"constructor"/,
    ],
    [
      'codes for the transfer',
      says(`${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`),
      'coding',
      /transfer coding "gzip, chunked"/,
    ],
    ['breaks the coding', answers('200 OK', { 'Content-Encoding': 'gzip' }, LIST), 'coding', /broken \(Z_DATA_ERROR\)/],
    [
      'ends the coding early',
      answers('200 OK', { 'Content-Encoding': 'gzip' }, gzipSync(LIST).subarray(0, -9)),
      'coding',
      /broken \(Z_BUF_ERROR\)/,
    ],
    [
      'sends less than announced',
      answers('200 OK', { 'Content-Length': '99' }, LIST),
      'closed',
      /before the answer was whole/,
    ],
    ['sends more than announced', says(`${OK}Content-Length: 3\r\n\r\nabcdef`), 'protocol', /not HTTP/],
    ['closes without a word', says(''), 'closed', /before the answer was whole/],
    ['closes amid the headers', says(`${OK}Content-Le`), 'closed', /before the answer was whole/],
    ['closes amid a chunk', says(`${CHUNKED}5\r\nab`), 'closed', /before the answer was whole/],
    ['resets', (socket) => socket.resetAndDestroy(), 'closed', /ECONNRESET/],
    [
      'resets amid the body',
      (socket) => socket.write(`${OK}Content-Length: 9\r\n\r\nabc`, () => socket.resetAndDestroy()),
      'closed',
      /before the answer was whole/,
    ],
    ['talks garbage', says('\u0000\u0001garbage\r\n\r\n'), 'protocol', /not HTTP/],
    ['talks SSH', says('SSH-2.0-OpenSSH_9.9\r\n'), 'protocol', /not HTTP/],
    [
      'counts chunks wrongly',
      says(`${CHUNKED}zz\r\nab\r\n0\r\n\r\n`),
      'protocol',
      /not HTTP \(HPE_INVALID_CHUNK_SIZE\)/,
    ],
    ['gives two lengths', says(`${OK}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`), 'protocol', /not HTTP/],
    [
      'gives a length and chunks',
      says(`${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      'protocol',
      /not HTTP/,
    ],
    [
      'changes the protocol',
      says('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      'protocol',
      /another protocol/,
    ],
    ['has nothing', answers('404 Not Found', {}, 'gone'), 'status', /answered 404 Not Found$/],
    ['fails', answers('500 \u0007boom', {}, 'oh'), 'status', /answered 500 Internal Server Error$/],
    ['gives a part', answers('206 Partial Content', {}, LIST), 'status', /206/],
    ['says "not modified" unasked', says('HTTP/1.1 304 Not Modified\r\n\r\n'), 'status', /304/],
    ['sends a page', answers('200 OK', { 'Content-Type': 'text/HTML; charset=utf-8' }, '<html>'), 'html', /text\/html/],
    ['redirects to nowhere', says('HTTP/1.1 302 Found\r\n\r\n'), 'redirect', /302 without a Location/],
    ['redirects to itself', answers('302 Found', { Location: '/x' }), 'redirect', /\/x, redirected to \/x: .*circle/],
    [
      'redirects to a file',
      answers('302 Found', { Location: 'file:///etc/passwd' }),
      'url',
      /redirected to file:\/\/\/etc\/passwd: file: is not fetched/,
    ],
    ['redirects to no URL', answers('302 Found', { Location: 'http://[' }), 'url', /not a URL/],
    ['redirects endlessly far', answers('302 Found', { Location: `/${'a'.repeat(3_000)}` }), 'url', /longer than 2048/],
    [
      'redirects with a password',
      answers('302 Found', { Location: 'http://me:secret@127.0.0.1/' }),
      'url',
      /\/\/\*\*\*@127.0.0.1\/: it contains a user name/,
    ],
    [
      'redirects to a private address',
      answers('302 Found', { Location: 'http://10.0.0.1/x' }),
      'address',
      /redirected to http:\/\/10.0.0.1\/x: 10.0.0.1 is private/,
    ],
    [
      'redirects to cloud metadata',
      answers('307 Temporary Redirect', { Location: 'http://[::ffff:a9fe:a9fe]/' }),
      'address',
      /IPv4 address in IPv6/,
    ],
    [
      'redirects to a mail server',
      answers('302 Found', { Location: 'http://127.0.0.1:25/' }),
      'url',
      /port 25 belongs/,
    ],
  ])('and %s costs little and is told apart', async (_what, act, reason, words, options = {}) => {
    const { outcome, url } = await fetchFrom(act, { totalMs: LONG_TIME, ...options });
    expect(outcome).toEqual({ ok: false, reason, message: expect.stringMatching(words) });
    expect(outcome).toMatchObject({ message: expect.stringContaining(url) });
    expect(JSON.stringify(outcome)).not.toMatch(/secret|\\u0007/);
  });

  it('cannot send a POST on as a GET', async () => {
    const post = { octets: LIST, contentType: 'application/ocsp-request' };
    const acts = {
      '/x': answers('303 See Other', { Location: '/y' }),
      '/z': answers('307 x', { Location: '/y' }),
      '/y': answers('200 OK', {}, LIST),
    };
    const server = await serve(acts);
    const fetcher = new BoundedFetch(LOCAL);
    expect(await fetcher.fetch({ url: `http://127.0.0.1:${server.port}/x`, post })).toMatchObject({
      reason: 'redirect',
    });
    expect(await fetcher.fetch({ url: `http://127.0.0.1:${server.port}/z`, post })).toMatchObject({ ok: true });
    expect(server.requests.map((text) => text.split(' ', 2).join(' '))).toEqual(['POST /x', 'POST /z', 'POST /y']);
  });

  it('is followed through three redirects and no further', async () => {
    const hop = (to: string): Act => answers('301 Moved', { Location: to, 'Set-Cookie': 'a=b' });
    const server = await serve({
      '/0': hop('/1'),
      '/1': hop('/2'),
      '/2': hop('./3'),
      '/3': hop('4'),
      '/4': answers('200 OK', {}, LIST),
    });
    const at = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
    const fetcher = new BoundedFetch(LOCAL);
    expect(await fetcher.fetch({ url: at('/1') })).toMatchObject({ ok: true, url: at('/4') });
    expect(await fetcher.fetch({ url: at('/0') })).toMatchObject({
      reason: 'redirect',
      message: expect.stringContaining('more than 3'),
    });
    expect(server.requests.join()).not.toMatch(/cookie/i);
    expect(server.connections()).toBe(server.requests.length);
  });
});

describe('an address', () => {
  it.each([
    ['ftp://example.com/x', 'ftp: is not fetched'],
    ['ldap://example.com/x', 'ldap: is not fetched'],
    ['data:text/plain,x', 'data: is not fetched'],
    ['http://me:secret@example.com/', 'user name or password'],
    ['http://example.com:6619/', 'port 6619'],
    ['http://example.com:0/', 'port 0'],
    ['nonsense', 'not a URL'],
    ['http://me:secret@[/', 'not a URL'],
  ])('is refused before anything is asked: %s', async (url, words) => {
    const resolve = () => Promise.reject(new Error('nothing is to be resolved'));
    const outcome = await new BoundedFetch({ resolve }).fetch({ url });
    expect(outcome).toEqual({ ok: false, reason: 'url', message: expect.stringContaining(words) });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost', 'localhost.', '[::ffff:127.0.0.1]'])(
    'of this machine is not connected to, however it is written: %s',
    async (host) => {
      const server = await serve({ '/x': answers('200 OK', {}, LIST) });
      expect(await new BoundedFetch().fetch({ url: `http://${host}:${server.port}/x` })).toMatchObject({
        ok: false,
        reason: 'address',
        message: expect.stringMatching(/loopback|IPv4 address in IPv6/),
      });
      expect(server.connections()).toBe(0);
    },
  );

  it('is judged by what its name leads to, once, and that is what is connected to', async () => {
    const server = await serve({ '/x': answers('200 OK', {}, LIST) });
    const url = `http://lists.example:${server.port}/x`;
    const asked: string[] = [];
    // A name that changes from one question to the next.
    const resolve = (name: string) => Promise.resolve([asked.push(name) % 2 === 1 ? '127.0.0.1' : '10.0.0.1']);
    expect(await new BoundedFetch({ resolve }).fetch({ url })).toMatchObject({ reason: 'address' });
    expect(server.connections()).toBe(0);
    asked.length = 0;
    expect(await new BoundedFetch({ ...LOCAL, resolve }).fetch({ url })).toMatchObject({ ok: true });
    expect(asked).toEqual(['lists.example']);
    expect(server.requests[0]).toContain(`host: lists.example:${server.port}`);
  });

  it('of several that a name has is skipped when it is forbidden or dead', async () => {
    const server = await serve({ '/x': answers('200 OK', {}, LIST) });
    // Nothing listens at 127.0.0.2 and this port: the server is bound to 127.0.0.1 alone.
    const resolve = () => Promise.resolve(['10.0.0.1', '::1', '127.0.0.2', '127.0.0.1']);
    const url = `http://lists.example:${server.port}/x`;
    expect(await new BoundedFetch({ ...LOCAL, resolve }).fetch({ url })).toMatchObject({ ok: true });
  });

  it.each<[string, BoundedFetchOptions, reason: string, words: string]>([
    [
      'is not found',
      { resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) },
      'name',
      'ENOTFOUND',
    ],
    ['has none', { resolve: () => Promise.resolve([]) }, 'name', 'has no address'],
    [
      'is never resolved',
      { resolve: () => new Promise(() => undefined), connectMs: 50 },
      'time',
      'no connection within 50 ms',
    ],
    [
      'leads to a dead address',
      { resolve: () => Promise.resolve(['127.0.0.2']) },
      'connect',
      'no connection to 127.0.0.2, port 1 (ECONNREFUSED)',
    ],
  ])('whose name %s is told as such', async (_what, options, reason, words) => {
    const outcome = await new BoundedFetch({ ...LOCAL, ...options }).fetch({ url: 'http://lists.example:1/x' });
    expect(outcome).toEqual({ ok: false, reason, message: expect.stringContaining(words) });
  });
});

describe('a server with TLS', () => {
  const ca = testCa({ name: 'Fetch' });
  const { certificatePem, privateKeyPem: key } = ca.issue({ host: 'lists.example' });
  const identity = { cert: certificatePem + certificateToPem(ca.authority.certificate), key };
  const trusting: BoundedFetchOptions = {
    ...LOCAL,
    resolve: () => Promise.resolve(['127.0.0.1']),
    tlsAuthorities: [certificateToPem(ca.root.certificate)],
  };

  it('is trusted by the authorities given, for its own name only', async () => {
    const server = await serve(
      { '/x': answers('200 OK', {}, LIST), '/y': answers('302 Found', { Location: 'http://lists.example/x' }) },
      identity,
    );
    const fetcher = new BoundedFetch(trusting);
    const ask = (host: string, path = '/x') => fetcher.fetch({ url: `https://${host}:${server.port}${path}` });
    expect(await ask('lists.example')).toMatchObject({ ok: true, octets: LIST });
    expect(await ask('lists.example.')).toMatchObject({ ok: true });
    const words: unknown = expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await ask('other.example')).toMatchObject({ reason: 'tls', message: words });
    expect(await ask('127.0.0.1')).toMatchObject({ reason: 'tls', message: words });
    expect(await ask('lists.example', '/y')).toMatchObject({
      reason: 'redirect',
      message: expect.stringContaining('from https to http'),
    });
    expect(server.requests).toHaveLength(3);
  });

  it('of an authority that is not known gets no request, whatever the environment says', async () => {
    const server = await serve({ '/x': answers('200 OK', {}, LIST) }, identity);
    const { tlsAuthorities: _none, ...unknown } = trusting;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const outcome = await new BoundedFetch(unknown).fetch({ url: `https://lists.example:${server.port}/x` });
      expect(outcome).toMatchObject({
        reason: 'tls',
        message: expect.stringContaining('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
      });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(server.requests).toEqual([]);
  });

  it('that does not finish the handshake costs the time for connecting, and one that speaks HTTP none', async () => {
    const mute = await serve({});
    const fetcher = new BoundedFetch({ ...trusting, connectMs: 150 });
    expect(await fetcher.fetch({ url: `https://lists.example:${mute.port}/x` })).toMatchObject({ reason: 'time' });
    const secure = await serve({}, identity);
    expect(await new BoundedFetch(trusting).fetch({ url: `http://lists.example:${secure.port}/x` })).toMatchObject({
      ok: false,
      reason: 'closed',
    });
  });
});

describe('a fetch that is no longer wanted', () => {
  it('ends when its caller says so, wherever it is', async () => {
    const caller = new AbortController();
    const { outcome } = await fetchFrom(
      (socket) => socket.write(`${CHUNKED}1\r\nx\r\n`, () => caller.abort(new Error('enough'))),
      { totalMs: LONG_TIME },
      { signal: caller.signal },
    );
    expect(outcome).toMatchObject({ ok: false, reason: 'aborted' });
    const { server, outcome: late } = await fetchFrom(answers('200 OK', {}, LIST), {}, { signal: caller.signal });
    expect(late).toMatchObject({ ok: false, reason: 'aborted' });
    expect(server.connections()).toBe(0);
  });
});
