import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '@certlane/contracts';

/** The contract takes no more; a longer chain is refused by every validator anyway. */
const LONGEST_CHAIN = 16;

/** What a finished handshake tells about its peer. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  const name: unknown = (socket as { servername?: unknown }).servername;
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...(typeof name === 'string' && name !== '' ? { serverName: name.slice(0, 253) } : {}),
    peerChain: chainOf(socket.getPeerX509Certificate()).map((certificate) => certificate.raw.toString('base64')),
    authorized: socket.authorized,
  };
}

function chainOf(first: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = first; next !== undefined && chain.length < LONGEST_CHAIN; next = next.issuerCertificate) {
    chain.push(next);
  }
  return chain;
}
