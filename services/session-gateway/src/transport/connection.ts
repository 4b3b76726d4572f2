import type { TlsFacts } from '@certlane/contracts';

/** Why a connection is over. */
export type Closing =
  /** The peer closed it in order (FIN, close_notify). */
  | { readonly by: 'peer' }
  /** We closed it. */
  | { readonly by: 'us' }
  /** It was lost; the code is Node's (`ECONNRESET`, `ERR_SSL_...`). */
  | { readonly by: 'network'; readonly code: string };

/** Who takes what a connection brings. */
export interface ConnectionReader {
  /** Octets as they came in, at any boundary; the buffer is the reader's to keep. */
  octets(chunk: Buffer): void;
  /** What was written has gone so far that more may be written. */
  writable(): void;
  /** The last call of all. */
  closed(closing: Closing): void;
}

/** A byte stream to a peer, however it is protected: what a session needs of a socket and nothing else. */
export interface Connection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly transport: 'tcp' | 'tls';
  /** What was seen of TLS; absent on plain TCP. */
  readonly tls: TlsFacts | undefined;
  /** Octets that crossed the connection so far, without TLS. */
  readonly octetsRead: number;
  readonly octetsWritten: number;
  /** Starts reading. Before this, what comes in waits in the kernel. */
  attach(reader: ConnectionReader): void;
  /**
   * Sends octets in one piece; they must not be changed until they are gone.
   * @param gone called when they are, or never will be
   * @returns whether more may be written at once; if not, `writable` is called when it may
   */
  write(octets: Uint8Array, gone?: () => void): boolean;
  /** Stops reading, so that a fast peer is slowed down by TCP itself. */
  pause(): void;
  resume(): void;
  /** Sends what waits, says goodbye and gives the peer a moment to close; then the connection is cut. */
  end(graceMilliseconds: number): void;
  /** Cuts the connection at once. */
  destroy(): void;
}
