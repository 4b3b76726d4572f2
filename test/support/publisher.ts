import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { misbehave, type Misbehaviour } from './publisher/misbehaviour.js';
import type { Responder } from './publisher/ocsp-responder.js';

/** A request as it came. */
export interface Request {
  readonly method: string;
  /** Where it belongs: the path of a document or a responder, else the path as it stands. */
  readonly path: string;
  /** What it was answered with; undefined while the answer has not begun. */
  readonly status: number | undefined;
}

interface Published {
  readonly octets: Uint8Array;
  readonly contentType: string;
  readonly etag: string;
  readonly lastModified: string;
}

const TYPES: Readonly<Record<string, string>> = {
  crl: 'application/pkix-crl',
  cer: 'application/pkix-cert',
  xml: 'application/xml',
  upd: 'text/plain',
};
const OCSP_RESPONSE = 'application/ocsp-response';

/**
 * A web server on 127.0.0.1 as authorities and operators of trust lists have one: documents with validators, OCSP responders,
 * and any trouble there can be with them, path by path.
 */
export class Publisher implements AsyncDisposable {
  readonly #server: Server;
  #port = 0;
  readonly #documents = new Map<string, Published>();
  readonly #responders = new Map<string, Responder>();
  readonly #trouble = new Map<string, Misbehaviour>();
  readonly #requests: { method: string; path: string; response: ServerResponse }[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  /** Listens on a free port. */
  static async listen(): Promise<Publisher> {
    const publisher = new Publisher();
    publisher.#server.listen(0, '127.0.0.1');
    await once(publisher.#server, 'listening');
    publisher.#port = (publisher.#server.address() as AddressInfo).port;
    return publisher;
  }

  get port(): number {
    return this.#port;
  }

  /** Without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Puts a document at a path in place of what was there. Its media type goes by the ending when left out. */
  publish(path: string, content: Uint8Array | string, contentType = typeOf(path)): void {
    const octets = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const etag = `"${createHash('sha256').update(octets).digest('hex').slice(0, 32)}"`;
    this.#documents.set(path, { octets, contentType, etag, lastModified: new Date().toUTCString() });
  }

  /** Takes a document or a responder away. */
  withdraw(path: string): void {
    this.#documents.delete(path);
    this.#responders.delete(path);
  }

  /** Answers OCSP requests at a path, by POST and by GET (RFC 6960 appendix A.1). */
  respond(path: string, responder: Responder): void {
    this.#responders.set(path, responder);
  }

  /** From now on the path is answered badly, whatever is published there. */
  misbehave(path: string, how: Misbehaviour): void {
    this.#trouble.set(path, how);
  }

  /** The path is in order again; all paths when left out. */
  behave(path?: string): void {
    if (path === undefined) this.#trouble.clear();
    else this.#trouble.delete(path);
  }

  /** The requests in their order, all or those for a path. */
  requests(path?: string): Request[] {
    return this.#requests
      .filter((request) => path === undefined || request.path === path)
      .map(({ method, path, response }) => ({
        method,
        path,
        status: response.headersSent ? response.statusCode : undefined,
      }));
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.requests(path).length;
  }

  /** Ends whatever is still going on. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/' } = request;
    const asked = new URL(url, this.url).pathname;
    const path = [...this.#responders.keys()].find((known) => asked.startsWith(`${known}/`)) ?? asked;
    this.#requests.push({ method, path, response });
    response.on('error', () => undefined);
    const body = await buffer(request);
    const document = this.#documents.get(path);
    const responder = this.#responders.get(path);
    const trouble = this.#trouble.get(path);
    if (trouble === undefined && responder === undefined) {
      answerDocument(request, response, document);
      return;
    }
    const octets = responder?.(method === 'POST' ? body : encodedIn(asked.slice(path.length + 1)));
    const sound = {
      octets: octets ?? document?.octets ?? new Uint8Array(),
      contentType: octets === undefined ? (document?.contentType ?? typeOf(path)) : OCSP_RESPONSE,
    };
    if (trouble === undefined) answer(response, 200, sound);
    else misbehave(trouble, response, { ...sound, path, port: this.port });
  }
}

function answerDocument(
  { method = '', headers }: IncomingMessage,
  response: ServerResponse,
  document: Published | undefined,
): void {
  if (document === undefined) {
    answer(response, 404, { octets: Buffer.from('not here\n'), contentType: 'text/plain' });
  } else if (method !== 'GET' && method !== 'HEAD') {
    answer(response, 405, { octets: Buffer.from('a document is read\n'), contentType: 'text/plain' });
  } else {
    response.setHeader('ETag', document.etag).setHeader('Last-Modified', document.lastModified);
    if (headers['if-none-match'] === document.etag) response.writeHead(304).end();
    else answer(response, 200, document);
  }
}

function answer(
  response: ServerResponse,
  status: number,
  { octets, contentType }: Pick<Published, 'octets' | 'contentType'>,
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': octets.length }).end(octets);
}

const typeOf = (path: string): string =>
  TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';

/** A request in the path: base64, percent-encoded where a path needs it. */
const encodedIn = (text: string): Uint8Array => Buffer.from(decodeURIComponent(text), 'base64');
