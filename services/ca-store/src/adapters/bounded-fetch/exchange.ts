import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ACCEPT_ENCODING, judgeHead, mediaType, type AnswerHead } from './answer-head.js';
import { outcomeOf } from './deadline.js';
import { codeOf, FetchFailure } from './fetch-failure.js';
import { OctetSink } from './octet-sink.js';
import { soundValidators, type Validators } from './validators.js';

/** Interim answers (RFC 9110 §15.2) that are bearable; a server may send them without end. */
const MOST_INTERIM = 8;
/** What chunks and records may add to a body, beside its own size once more. */
const FRAMING_OCTETS = 64 * 1_024;

/** One request and how large its answer may be. */
export interface ExchangeInput {
  readonly url: URL;
  readonly post: { readonly octets: Uint8Array; readonly contentType: string } | undefined;
  readonly validators: Validators;
  readonly maxOctets: number;
  readonly maxHeaderOctets: number;
}

/** An answer that was read as far as it is of use. */
export type Answer =
  | Exclude<AnswerHead, { kind: 'document' }>
  | {
      readonly kind: 'document';
      readonly octets: Uint8Array;
      readonly contentType: string | undefined;
      readonly validators: Validators;
    };

/**
 * Sends one request over a connection, which serves no other, and reads its answer.
 * @throws {FetchFailure} as {@link judgeHead}, and `closed`, `protocol`, `headers`
 */
export function exchange(socket: Socket, input: ExchangeInput, signal: AbortSignal): Promise<Answer> {
  return outcomeOf<Answer>(signal, (resolve, reject) => {
    const cut = (): void => reject(new FetchFailure('closed', 'the connection was closed before the answer was whole'));
    // Its end may have come between the handshake and now: then nobody would tell of it any more.
    if (socket.destroyed) cut();
    const sent = send(socket, input);
    let stopReading: () => void = () => undefined;
    let interim = 0;
    sent.on('error', (error) => reject(failureOf(error, input)));
    sent.on('close', cut);
    sent.on('upgrade', () => reject(new FetchFailure('protocol', 'the server changes to another protocol')));
    sent.on('information', () => {
      interim += 1;
      if (interim > MOST_INTERIM) reject(new FetchFailure('headers', `more than ${MOST_INTERIM} interim answers`));
    });
    sent.on('response', (answer) => {
      // A whole answer may still be in decoding when its connection is closed.
      sent.off('close', cut);
      answer.on('close', () => answer.complete || cut());
      answer.on('error', (error) => reject(failureOf(error, input)));
      try {
        const conditional = input.validators.etag !== undefined || input.validators.lastModified !== undefined;
        const head = judgeHead(answer, conditional, input.maxOctets);
        if (head.kind !== 'document') resolve(head);
        else stopReading = read(answer, head, input, socket, resolve, reject);
      } catch (error) {
        reject(error as Error);
      }
    });
    return () => {
      stopReading();
      sent.destroy();
    };
  });
}

/** Everything is said here, so that no agent, proxy, cookie or header of another request can come in. */
function send(socket: Socket, { url, post, validators, maxHeaderOctets }: ExchangeInput): ClientRequest {
  const sent = request({
    createConnection: () => socket,
    method: post === undefined ? 'GET' : 'POST',
    path: `${url.pathname}${url.search}`,
    maxHeaderSize: maxHeaderOctets,
    insecureHTTPParser: false,
    setHost: false,
    headers: {
      host: url.host,
      accept: '*/*',
      'accept-encoding': ACCEPT_ENCODING,
      'user-agent': 'certlane',
      connection: 'close',
      ...(validators.etag === undefined ? {} : { 'if-none-match': validators.etag }),
      ...(validators.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
      ...(post === undefined ? {} : { 'content-type': post.contentType, 'content-length': post.octets.length }),
    },
  });
  return sent.end(post?.octets);
}

/** @returns ends the reading */
function read(
  answer: IncomingMessage,
  { decoder }: Extract<AnswerHead, { kind: 'document' }>,
  { maxOctets, maxHeaderOctets }: ExchangeInput,
  socket: Socket,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): () => void {
  const sink = new OctetSink(maxOctets);
  // Chunk extensions and deflate blocks without content are octets too.
  const mostOnWire = 2 * maxOctets + maxHeaderOctets + FRAMING_OCTETS;
  answer.on('data', () => {
    if (socket.bytesRead > mostOnWire) {
      reject(new FetchFailure('size', `more than ${mostOnWire} octets came for a document of at most ${maxOctets}`));
    }
  });
  const source = decoder === undefined ? answer : answer.pipe(decoder);
  decoder?.on('error', (error) =>
    reject(new FetchFailure('coding', `the content coding is broken (${codeOf(error)})`)),
  );
  source.on('data', (octets: Buffer) => {
    try {
      sink.add(octets);
    } catch (error) {
      reject(error as Error);
      source.pause();
    }
  });
  source.on('end', () => {
    const { etag, 'last-modified': lastModified } = answer.headers;
    const validators = soundValidators({ etag, lastModified });
    resolve({ kind: 'document', octets: sink.octets(), contentType: mediaType(answer), validators });
  });
  return () => {
    answer.unpipe();
    decoder?.destroy();
  };
}

function failureOf(error: unknown, { maxHeaderOctets }: ExchangeInput): FetchFailure {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new FetchFailure('headers', `the header section is larger than ${maxHeaderOctets} octets`);
  }
  if (code === 'HPE_INVALID_EOF_STATE' || !code.startsWith('HPE_')) {
    return new FetchFailure('closed', `the connection was closed before the answer was whole (${code})`);
  }
  return new FetchFailure('protocol', `what came is not HTTP (${code})`);
}
