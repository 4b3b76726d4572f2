import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a sound answer would be, and where the publisher is. */
export interface Asked {
  readonly octets: Uint8Array;
  readonly contentType: string;
  readonly path: string;
  readonly port: number;
}

type Act = (response: ServerResponse, asked: Asked) => void;

const MEBIBYTE = 1_048_576;
/** Members of the gzip bomb; each is a mebibyte of zeros in about a kibibyte. */
const BOMB_MEMBERS = 1_024;
const DRIP_MS = 50;
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';

const status =
  (code: number): Act =>
  (response) =>
    void response.writeHead(code, { 'Content-Type': 'text/plain' }).end('not here\n');

const redirectTo = (response: ServerResponse, location: string): void =>
  void response.writeHead(302, { Location: location }).end();

const ACTS = {
  /** There is none. */
  'not-found': status(404),
  /** The server is out of order. */
  'server-error': status(503),
  /** A page for people in place of the document. */
  html: (response) => void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE),
  /** An octet from time to time: never idle, and done next day. */
  slow: (response, { octets, contentType }) => {
    response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': octets.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(octets.subarray(at, at + 1));
      at += 1;
      if (at === octets.length) response.end();
    }, DRIP_MS);
    response.on('close', () => clearInterval(timer));
  },
  /** Takes the request and says nothing. */
  silent: () => undefined,
  /** The document again and again, for as long as somebody reads. */
  endless: (response, { octets, contentType }) => {
    response.writeHead(200, { 'Content-Type': contentType });
    // Large writes: a system call for each small document would take longer than all it has to show.
    const piece = Buffer.concat(Array<Uint8Array>(Math.ceil(65_536 / (octets.length + 1)) + 1).fill(octets));
    const block = piece.length === 0 ? Buffer.alloc(65_536) : piece;
    const go = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', go);
    go();
  },
  /** A gibibyte of zeros in a mebibyte of gzip. */
  'gzip-bomb': (response, { contentType }) => {
    const member = gzipSync(Buffer.alloc(MEBIBYTE), { level: 9 });
    const bomb = Buffer.concat(Array<Uint8Array>(BOMB_MEMBERS).fill(member));
    // Its length is not announced: it has to be unpacked to be found out.
    response.writeHead(200, { 'Content-Type': contentType, 'Content-Encoding': 'gzip' });
    response.end(bomb);
  },
  /** To an address that is not public, yet none where anybody but this machine could be met. */
  'redirect-private': (response, { port, path }) => redirectTo(response, `http://[::1]:${port}${path}`),
  /** To itself. */
  'redirect-circle': (response, { path }) => redirectTo(response, path),
  /** The connection breaks after half of what was announced. */
  'cut-off': (response, { octets, contentType }) => {
    response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': octets.length });
    response.write(octets.subarray(0, octets.length >> 1), () => response.destroy());
  },
  /** Half of the document, as if it were all. */
  truncated: (response, { octets, contentType }) => {
    const half = octets.subarray(0, octets.length >> 1);
    response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': half.length }).end(half);
  },
} satisfies Record<string, Act>;

/** How a publisher can fail for one path, whatever is published there. */
export type Misbehaviour = keyof typeof ACTS | { readonly redirectTo: string };

/** All that have a name. */
export const MISBEHAVIOURS = Object.keys(ACTS) as readonly (keyof typeof ACTS)[];

/** Answers as badly as told. */
export function misbehave(how: Misbehaviour, response: ServerResponse, asked: Asked): void {
  if (typeof how === 'object') redirectTo(response, how.redirectTo);
  else ACTS[how](response, asked);
}
