import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { whyNotConnect, type Networks } from './addresses.js';
import { outcomeOf, within } from './deadline.js';
import { codeOf, FetchFailure } from './fetch-failure.js';

/** A name may lead to hundreds of addresses; we try so many. */
const ADDRESSES_TRIED = 4;

/** The addresses of a host name, in the order in which they are to be tried; rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** How connections are made. */
export interface ConnectOptions {
  readonly resolve: Resolve;
  readonly allowed: Networks;
  readonly secureContext: SecureContext;
  /** For the name, the connection and the TLS handshake together. */
  readonly connectMs: number;
}

/**
 * Connects to the host of an address. What is connected to is an IP address that was judged, never a name that could lead
 * elsewhere by then. The certificate of an https server is verified for the name in the address.
 * @throws {FetchFailure} `name`, `address`, `connect`, `tls`, `time`
 */
export async function connect(url: URL, options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  const { connectMs } = options;
  const late = new FetchFailure('time', `no connection within ${connectMs} ms`);
  return within(connectMs, late, signal, async (inTime) => {
    const addresses = await addressesOf(url, options, inTime);
    const share = connectMs / addresses.length;
    let failure: unknown;
    for (const address of addresses) {
      try {
        const lateHere = new FetchFailure('time', `${address} gave no connection within ${Math.round(share)} ms`);
        return await within(share, lateHere, inTime, (here) => open(url, address, options.secureContext, here));
      } catch (error) {
        inTime.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  });
}

async function addressesOf(url: URL, { resolve, allowed }: ConnectOptions, signal: AbortSignal): Promise<string[]> {
  const host = hostOf(url);
  const all = isIP(host) === 0 ? await resolved(host, resolve, signal) : [host];
  const judged = all.map((address) => ({ address, why: whyNotConnect(address, allowed) }));
  const usable = judged.filter(({ why }) => why === undefined).map(({ address }) => address);
  if (usable.length > 0) return usable.slice(0, ADDRESSES_TRIED);
  const told = judged.slice(0, ADDRESSES_TRIED).map(({ address, why }) => `${address} is ${why ?? 'not usable'}`);
  throw new FetchFailure(
    'address',
    `${told.join(', ')}: only public addresses are connected to, and those of the networks allowed by configuration`,
  );
}

/** A name whose servers do not answer holds one of the few threads for that until the resolver gives up; nothing else waits for it. */
async function resolved(host: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  const found = await outcomeOf<readonly string[]>(signal, (give, reject) => {
    resolve(host).then(give, (error: unknown) =>
      reject(new FetchFailure('name', `the host name is not found (${codeOf(error)})`)),
    );
    return () => undefined;
  });
  if (found.length === 0) throw new FetchFailure('name', 'the host name has no address');
  return found;
}

function open(url: URL, address: string, secureContext: SecureContext, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  return outcomeOf<Socket>(signal, (resolve, reject) => {
    let connected = false;
    // Whether the certificate is verified must not hang on an environment variable (NODE_TLS_REJECT_UNAUTHORIZED).
    const socket = secure
      ? connectTls({
          host: address,
          port,
          secureContext,
          rejectUnauthorized: true,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(host) === 0 ? { servername: host } : {}),
        })
      : connectTcp({ host: address, port });
    socket.on('connect', () => (connected = true));
    socket.on(secure ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.on('error', (error) => reject(failureOf(connected, address, port, error)));
    socket.on('close', () => reject(failureOf(connected, address, port, 'closed')));
    return (outcome) => {
      if (outcome === 'rejected') socket.destroy();
    };
  });
}

function failureOf(connected: boolean, address: string, port: number, error: unknown): FetchFailure {
  const code = codeOf(error);
  return connected
    ? new FetchFailure('tls', `no TLS session with ${address}, port ${port} (${code})`)
    : new FetchFailure('connect', `no connection to ${address}, port ${port} (${code})`);
}

/** Without the brackets of an IPv6 address and the dot behind a full name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
