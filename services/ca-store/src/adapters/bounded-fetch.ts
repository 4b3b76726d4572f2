import { lookup } from 'node:dns/promises';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { FetchedDocument, Fetcher, FetchRefusal, FetchRequest } from '../ports/fetcher.js';
import { networkList } from './bounded-fetch/addresses.js';
import { connect, type ConnectOptions, type Resolve } from './bounded-fetch/connect.js';
import { within } from './bounded-fetch/deadline.js';
import { exchange, type Answer, type ExchangeInput } from './bounded-fetch/exchange.js';
import { FetchFailure } from './bounded-fetch/fetch-failure.js';
import { shown, targetUrl } from './bounded-fetch/target-url.js';
import { soundValidators } from './bounded-fetch/validators.js';

const MOST_REDIRECTS = 3;

/** What may be set; everything has a default. */
export interface BoundedFetchOptions {
  /** Networks that are not public and may be connected to all the same, as `10.1.0.0/16`; default: none. */
  readonly allowedNetworks?: readonly string[];
  /** Authorities that https servers are trusted by, as PEM; default: those of the system. */
  readonly tlsAuthorities?: readonly string[];
  /** From the question to the last octet, redirects included; default: 60 s. */
  readonly totalMs?: number;
  /** For the name, the connection and the TLS handshake of each address; default: 10 s. */
  readonly connectMs?: number;
  /** The most octets of a header section; default: 16 KiB. */
  readonly maxHeaderOctets?: number;
  /** The most octets of a document with its content coding undone; default: 64 MiB, a list of a million entries and more. */
  readonly maxOctets?: number;
  /** Default: the resolver of the system. */
  readonly resolve?: Resolve;
}

/**
 * {@link Fetcher} over HTTP/1.1 that no server can hurt: time, octets, redirects and addresses are bounded. Each question
 * has a connection of its own, made by hand: no agent, so nothing is kept alive, reused or sent through a proxy.
 */
export class BoundedFetch implements Fetcher {
  readonly #connect: ConnectOptions;
  readonly #totalMs: number;
  readonly #maxHeaderOctets: number;
  readonly #maxOctets: number;

  /** @throws {CertlaneError} `invalid-argument` for a network that is none */
  constructor(options: BoundedFetchOptions = {}) {
    this.#connect = {
      resolve: options.resolve ?? systemResolver,
      allowed: networkList(options.allowedNetworks ?? []),
      secureContext: createSecureContext({
        ca: [...(options.tlsAuthorities ?? systemAuthorities())],
        minVersion: 'TLSv1.2',
      }),
      connectMs: options.connectMs ?? 10_000,
    };
    this.#totalMs = options.totalMs ?? 60_000;
    this.#maxHeaderOctets = options.maxHeaderOctets ?? 16 * 1_024;
    this.#maxOctets = options.maxOctets ?? 64 * 1_024 * 1_024;
  }

  async fetch(request: FetchRequest): Promise<FetchedDocument | FetchRefusal> {
    const visited: string[] = [request.url];
    const late = new FetchFailure('time', `not done within ${this.#totalMs} ms`);
    try {
      return await within(this.#totalMs, late, request.signal, (signal) => this.#follow(request, visited, signal));
    } catch (error) {
      const failure =
        request.signal?.aborted === true && error === request.signal.reason
          ? new FetchFailure('aborted', 'it is no longer wanted')
          : error;
      if (!(failure instanceof FetchFailure)) throw failure;
      const [first, ...redirects] = visited.map(shown);
      const path = [first, ...redirects.map((url) => `redirected to ${url}`)].join(', ');
      return { ok: false, reason: failure.reason, message: `${path}: ${failure.message}` };
    }
  }

  /** @param visited every address as it was given, to be told should it fail */
  async #follow(request: FetchRequest, visited: string[], signal: AbortSignal): Promise<FetchedDocument> {
    const validators = soundValidators(request);
    const been = new Set<string>();
    for (let url = targetUrl(request.url); ;) {
      been.add(url.href);
      const answer = await this.#ask(
        {
          url,
          post: request.post,
          validators,
          maxOctets: Math.min(this.#maxOctets, request.maxOctets ?? Infinity),
          maxHeaderOctets: this.#maxHeaderOctets,
        },
        signal,
      );
      switch (answer.kind) {
        case 'redirect':
          visited.push(answer.location);
          url = redirected(url, answer, request, been);
          break;
        case 'not-modified':
          return document(url, { ...validators, status: 304, octets: new Uint8Array(), contentType: undefined });
        case 'document':
          return document(url, { ...answer.validators, ...pick(answer), status: 200 });
      }
    }
  }

  async #ask(input: ExchangeInput, signal: AbortSignal): Promise<Answer> {
    const socket = await connect(input.url, this.#connect, signal);
    try {
      return await exchange(socket, input, signal);
    } finally {
      socket.destroy();
    }
  }
}

function redirected(
  from: URL,
  { location, repeatsPost }: Extract<Answer, { kind: 'redirect' }>,
  { post }: FetchRequest,
  been: ReadonlySet<string>,
): URL {
  const to = targetUrl(location, from);
  if (post !== undefined && !repeatsPost) throw new FetchFailure('redirect', 'a POST cannot follow, only a GET could');
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new FetchFailure('redirect', 'it leads from https to http');
  }
  if (been.has(to.href)) throw new FetchFailure('redirect', 'the redirects lead in a circle');
  if (been.size > MOST_REDIRECTS) throw new FetchFailure('redirect', `more than ${MOST_REDIRECTS} redirects`);
  return to;
}

function pick({ octets, contentType }: Extract<Answer, { kind: 'document' }>) {
  return { octets, contentType };
}

function document(url: URL, rest: Omit<FetchedDocument, 'ok' | 'url' | 'notModified'>): FetchedDocument {
  return { ok: true, url: url.href, notModified: rest.status === 304, ...rest };
}

const systemResolver: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Authorities that https servers are trusted by, PEM. A container without roots of its own falls back on those that Node.js brings. */
export function systemAuthorities(): readonly string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? [...system, ...getCACertificates('extra')] : getCACertificates('default');
}
