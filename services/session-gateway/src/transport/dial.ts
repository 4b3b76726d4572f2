import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { CertlaneError } from '@certlane/contracts';
import { SocketConnection } from './socket-connection.js';
import { tlsFacts } from './tls-facts.js';

/** A partner's address. */
export interface DialTarget {
  readonly host: string;
  readonly port: number;
}

/** How a connection is opened. */
export interface DialOptions {
  /** The caller's certificate and the issuers it trusts; without it the connection is plain TCP. */
  readonly context?: SecureContext;
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
  const secured = connectTls({
    socket,
    secureContext: options.context,
    host: target.host,
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
  });
  await settled(secured, 'secureConnect', options.handshakeMilliseconds, target, options.signal);
  return new SocketConnection(secured, { tls: tlsFacts(secured), stallMilliseconds });
}

async function settled(
  socket: Socket | TLSSocket,
  event: 'connect' | 'secureConnect',
  milliseconds: number,
  target: DialTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  const where = `${target.host}:${target.port}`;
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
      const message = `cannot open a session with ${where}: ${explain(code)}`;
      reject(new CertlaneError('unavailable', message, { cause: error, details: { code } }));
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
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate ends at a root that is not an installed issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'the issuer of its certificate is not installed',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not installed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the issuer of its certificate is not installed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the port does not speak TLS',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no TLS version that we accept',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no TLS version that we accept',
};

function explain(code: string): string {
  const known = EXPLANATIONS[code];
  return known === undefined ? `the connection failed (${code})` : `${known} (${code})`;
}
