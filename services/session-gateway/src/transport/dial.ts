import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { CertlaneError } from '@certlane/contracts';
import type { Anchors } from './anchors.js';
import { SocketConnection } from './socket-connection.js';
import type { ClientTls } from './tls-contexts.js';
import { presentedBy, tlsFacts } from './tls-facts.js';

/** A partner's address. */
export interface DialTarget {
  readonly host: string;
  readonly port: number;
}

/** How a connection is opened. */
export interface DialOptions {
  /** The caller's certificate and the issuers it trusts; without it the connection is plain TCP. */
  readonly context?: ClientTls;
  readonly connectMilliseconds: number;
  readonly handshakeMilliseconds: number;
  readonly stallMilliseconds: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens a connection to a partner; over TLS the server must present a certificate of an installed issuer that names the
 * host that was dialled.
 * @throws {CertlaneError} `unavailable`, with a sentence that names the address, what happened and what helps
 */
export async function dial(target: DialTarget, options: DialOptions): Promise<SocketConnection> {
  const { stallMilliseconds } = options;
  const socket = connectTcp({ host: target.host, port: target.port, noDelay: true, keepAlive: true });
  await settled(socket, 'connect', options.connectMilliseconds, target, options.signal);
  if (options.context === undefined) return new SocketConnection(socket, { stallMilliseconds });
  const { context, anchors } = options.context;
  const secured = connectTls({
    socket,
    secureContext: context,
    // The verdict is ours (see Anchors) and falls right after the handshake, as Node's own would.
    rejectUnauthorized: false,
    host: target.host,
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
  });
  await settled(secured, 'secureConnect', options.handshakeMilliseconds, target, options.signal);
  const presented = presentedBy(secured);
  requireTrusted(secured, presented, target, anchors);
  return new SocketConnection(secured, { tls: tlsFacts(secured, { presented, authorized: true }), stallMilliseconds });
}

function requireTrusted(
  secured: TLSSocket,
  presented: readonly X509Certificate[],
  target: DialTarget,
  anchors: Anchors,
): void {
  const verdict = anchors.judge(presented, 'server');
  const named =
    presented[0] !== undefined && checkServerIdentity(target.host, presented[0].toLegacyObject()) === undefined;
  if (verdict.trusted && named) return;
  secured.destroy();
  const code = verdict.trusted ? 'ERR_TLS_CERT_ALTNAME_INVALID' : verdict.code;
  const why = verdict.trusted || EXPLANATIONS[code] !== undefined ? explain(code) : `${verdict.message} (${code})`;
  throw cannotOpen(target, why, code);
}

function cannotOpen({ host, port }: DialTarget, why: string, code: string, cause?: unknown): CertlaneError {
  const options = { details: { code }, ...(cause === undefined ? {} : { cause }) };
  return new CertlaneError('unavailable', `cannot open a session with ${host}:${port}: ${why}`, options);
}

async function settled(
  socket: Socket | TLSSocket,
  event: 'connect' | 'secureConnect',
  milliseconds: number,
  target: DialTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => fail({ code: event === 'connect' ? 'ETIMEDOUT' : 'HANDSHAKE_TIMEOUT' }),
      milliseconds,
    );
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      socket.removeListener('error', fail);
      socket.removeListener('close', closed);
      // The connection object adds its own; between the two an error must not end the process.
      socket.on('error', () => undefined);
    };
    const fail = (error: { code?: string }): void => {
      done();
      socket.destroy();
      const code = error.code ?? 'unknown';
      reject(cannotOpen(target, explain(code), code, error));
    };
    const closed = (): void => fail({ code: 'ECONNRESET' });
    const aborted = (): void => fail({ code: 'ABORT_ERR' });
    socket.once(event, () => {
      done();
      resolve();
    });
    socket.on('error', fail);
    socket.once('close', closed);
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener('abort', aborted);
  });
  // Between the event and its waiter the connection may go: its close is not heard again, and TLS has no answers any more.
  if (socket.destroyed) throw cannotOpen(target, explain('ECONNRESET'), 'ECONNRESET');
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; check host and port of the partner',
  ECONNRESET: 'the other side hung up; check that the port speaks what is configured, TLS or plain TCP',
  ETIMEDOUT: 'no answer in time; check the address and the firewalls between',
  HANDSHAKE_TIMEOUT: 'TLS did not come about in time; check that the port speaks TLS',
  ENOTFOUND: 'the host name is not known; check its spelling and the name service',
  EAI_AGAIN: 'the name service does not answer now',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'no route leads there',
  ABORT_ERR: 'the gateway is closing down',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is made out to another host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not installed as an issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not installed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the port does not speak TLS',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no TLS version that we accept',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no TLS version that we accept',
};

function explain(code: string): string {
  const known = EXPLANATIONS[code];
  return known === undefined ? `the connection failed (${code})` : `${known} (${code})`;
}
