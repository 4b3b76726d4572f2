import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Transform } from 'node:stream';
import { FetchFailure } from './fetch-failure.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HTML: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);

/** Content codings that are undone (RFC 9110 §8.4.1). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What is offered to servers. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** What a header section announces. */
export type AnswerHead =
  | { readonly kind: 'redirect'; readonly location: string; readonly repeatsPost: boolean }
  | { readonly kind: 'not-modified' }
  /** `decoder` undoes the content coding; undefined where there is none. */
  | { readonly kind: 'document'; readonly decoder: Transform | undefined };

/**
 * Judges an answer before its body is read.
 * @param conditional whether it was asked with validators: only then a 304 answers
 * @throws {FetchFailure} `status`, `redirect`, `html`, `coding`, `size`
 */
export function judgeHead(answer: IncomingMessage, conditional: boolean, maxOctets: number): AnswerHead {
  const { statusCode: status = 0, headers } = answer;
  if (REDIRECTS.has(status)) {
    if (headers.location === undefined) throw new FetchFailure('redirect', `status ${status} without a Location`);
    return { kind: 'redirect', location: headers.location, repeatsPost: status === 307 || status === 308 };
  }
  if (status === 304 && conditional) return { kind: 'not-modified' };
  if (status !== 200) {
    throw new FetchFailure('status', `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd());
  }
  const type = mediaType(answer);
  if (type !== undefined && HTML.has(type)) {
    throw new FetchFailure(
      'html',
      `the server answered with a page for people (${type}), perhaps of a login or an error`,
    );
  }
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > maxOctets) {
    throw new FetchFailure('size', `${announced} octets are announced, more than the ${maxOctets} it may have`);
  }
  return { kind: 'document', decoder: decoderFor(answer) };
}

function decoderFor({ headers }: IncomingMessage): Transform | undefined {
  const transfer = headers['transfer-encoding']?.trim().toLowerCase() ?? 'chunked';
  if (transfer !== 'chunked') throw new FetchFailure('coding', `transfer coding ${told(transfer)}: not supported`);
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return undefined;
  const create = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (create === undefined) {
    throw new FetchFailure('coding', `content coding ${told(coding)}: only one of ${ACCEPT_ENCODING} is undone`);
  }
  return create();
}

/** The media type in lower case without parameters; undefined where there is none that is well formed. */
export function mediaType({ headers }: IncomingMessage): string | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : undefined;
}

function told(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
