import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '@certlane/contracts';

/** The contract takes no more; a longer chain is refused by every validator anyway. */
const LONGEST_CHAIN = 16;
/** Octets of one certificate that the contract takes; a larger one is as good as none. */
const LARGEST_CERTIFICATE = 65_536;

/** A finished handshake as its peer's verdict has it. */
export interface Handshaken {
  /** What the peer presented, see {@link presentedBy}. */
  readonly presented: readonly X509Certificate[];
  /** Whether that ends at an installed issuer. */
  readonly authorized: boolean;
}

/** What a finished handshake tells about its peer. */
export function tlsFacts(socket: TLSSocket, { presented, authorized }: Handshaken): TlsFacts {
  const name: unknown = (socket as { servername?: unknown }).servername;
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...(typeof name === 'string' && name !== '' ? { serverName: name.slice(0, 253) } : {}),
    peerChain: presented.map(({ raw }) => raw.toString('base64')),
    authorized,
  };
}

/**
 * What the peer presented, its own certificate first. To be asked once a connection: Node takes the chain out of the connection
 * when it hands it over, and a second question finds less.
 */
export function presentedBy(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  for (; next !== undefined && chain.length < LONGEST_CHAIN; next = next.issuerCertificate) {
    if (next.raw.length > LARGEST_CERTIFICATE) break;
    chain.push(next);
  }
  return chain;
}
