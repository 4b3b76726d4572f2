import type { UnreachableReason } from '@certlane/contracts';

/**
 * Why nothing was fetched; each comes with a message for people.
 *
 * - `url`: not an address we go to: neither http nor https, with a password, too long, or a port of another protocol
 * - `address`: its host has only addresses that are not public and not allowed by configuration
 * - `name`: its host name is not found
 * - `connect`: nobody answers there
 * - `tls`: the handshake failed, or the server's certificate is not trusted
 * - `time`: it took too long, in connecting or in all
 * - `aborted`: the caller no longer wants it
 * - `closed`: the connection ended before the answer was whole
 * - `protocol`: what came is not HTTP
 * - `headers`: the header section is too large, or does not end
 * - `status`: an answer, but not the thing asked for (404, 500, ...)
 * - `redirect`: too many redirects, in a circle, to nowhere, from https to http, or such that a POST cannot follow
 * - `html`: a page for people, such as that of a login or of an error
 * - `coding`: a content coding that is unknown, repeated or broken
 * - `size`: larger than may be
 */
export type FetchReason = UnreachableReason | 'aborted' | 'html' | 'coding' | 'size';

/** What is fetched. Validators are those of the last {@link FetchedDocument}: with them, the same document need not come again. */
export interface FetchRequest {
  readonly url: string;
  /** Sent with POST, as OCSP is (RFC 6960 appendix A.1); left out: GET. */
  readonly post?: { readonly octets: Uint8Array; readonly contentType: string };
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** The most octets the document may have when its content coding is undone; never more than the fetcher is set to. */
  readonly maxOctets?: number;
  /** Ends the fetch with reason `aborted`. */
  readonly signal?: AbortSignal;
}

/** What a server gave. Nothing of it is trusted: it is the reader of `octets` who says what they are. */
export interface FetchedDocument {
  readonly ok: true;
  readonly status: 200 | 304;
  /** Where it came from, after redirects. */
  readonly url: string;
  /** With the content coding undone; empty when not modified. */
  readonly octets: Uint8Array;
  readonly notModified: boolean;
  /** As the server says, in lower case and without parameters. */
  readonly contentType: string | undefined;
  /** Only well-formed ones, so that they can be kept and sent back. */
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** Why there is nothing. */
export interface FetchRefusal {
  readonly ok: false;
  readonly reason: FetchReason;
  /** Names the address, the redirects to it, and what was wrong. */
  readonly message: string;
}

/** Documents and answers of servers on the network: revocation lists, trust lists, OCSP answers. */
export interface Fetcher {
  /** Never rejects for what a server or the network does. */
  fetch(request: FetchRequest): Promise<FetchedDocument | FetchRefusal>;
}

/** {@link Fetcher} */
export const FETCHER = Symbol('ca:fetcher');
