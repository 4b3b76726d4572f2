import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';

/** What the parent hands over: PEM. */
export interface RawTlsStart {
  readonly certificates: string;
  readonly key: string;
}

/** What it hears: where to connect, then how many octets each connection brought. */
export type RawTlsNews = { readonly port: number } | { readonly octets: number };

// Nothing but Node's TLS in a process of its own: our heap would make its garbage collections longer than they are.
process.once('disconnect', () => process.exit());
process.once('message', ({ certificates, key }: RawTlsStart) => {
  const server = createServer({ cert: certificates, key, minVersion: 'TLSv1.3' }, (socket) => {
    let octets = 0;
    socket.on('data', (chunk: Buffer) => (octets += chunk.length));
    socket.on('end', () => process.send?.({ octets } satisfies RawTlsNews));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port } satisfies RawTlsNews);
  });
});
