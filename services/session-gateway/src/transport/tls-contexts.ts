import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { Anchors } from './anchors.js';

/** A station as TLS presents it. */
export interface StationIdentity {
  readonly station: string;
  /** The server name that selects it; without one it is only ever the default. */
  readonly host?: string;
  /** PEM: its certificate, then the chain that is sent along. */
  readonly certificates: string;
  /** PEM of the private key; it never leaves the process. */
  readonly key: string;
}

/** TLS versions a station may insist on: 1.0 and 1.1 are gone (RFC 8996). */
export type MinimumTlsVersion = Extract<SecureVersion, 'TLSv1.2' | 'TLSv1.3'>;

/** What a connection that we open runs on. */
export interface ClientTls {
  /** The caller's certificate, in case the server asks for one. */
  readonly context: SecureContext;
  /** Who may be at the other end. */
  readonly anchors: Anchors;
}

interface Presented {
  readonly host: string | undefined;
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

/**
 * Resumption is off: a resumed handshake shows no certificates, so a peer could stay authenticated after its issuer was
 * removed. Renegotiation is off: TLS 1.2 would let a peer change its certificate in mid-session.
 */
const SECURE_OPTIONS = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;

/**
 * The secure contexts of all stations and the issuers all of them trust, changed one at a time while connections run: those
 * keep what they started with, the next ones take what is current.
 */
export class TlsContexts {
  /** The issuers whose certificates peers may present; contexts hold none. */
  readonly anchors = new Anchors();
  readonly #common: SecureContextOptions;
  /** For outbound connections of a station that has no certificate: nothing to present. */
  readonly #bare: SecureContext;
  readonly #listeners = new Set<() => void>();
  readonly #stations = new Map<string, Presented>();
  /** Stations that have a server name, by Odette ID; the first one is served where several have it. */
  readonly #names = new Map<string, readonly string[]>();
  #first: string | undefined;

  constructor(minimumVersion: MinimumTlsVersion) {
    // An empty list is not the same as none, which stands for the authorities Node brings along.
    this.#common = { ca: [], minVersion: minimumVersion, secureOptions: SECURE_OPTIONS };
    this.#bare = createSecureContext(this.#common);
  }

  /** Whether there is no certificate to present: a TLS server then has nothing to say. */
  get empty(): boolean {
    return this.#stations.size === 0;
  }

  /** Odette IDs of the stations that can be presented. */
  stations(): readonly string[] {
    return [...this.#stations.keys()];
  }

  /**
   * Presents a station with this certificate from now on; where TLS does not take it, the station is presented no more.
   * @returns why TLS does not take it, in OpenSSL's words; undefined when it does
   */
  put({ station, host, certificates, key }: StationIdentity): string | undefined {
    const options = { ...this.#common, cert: certificates, key };
    const context = tryContext(options);
    if (typeof context === 'string') {
      this.remove(station);
      return context;
    }
    this.#unname(station);
    this.#stations.set(station, { host, options, context });
    if (host !== undefined) this.#name(host.toLowerCase(), station);
    if (this.#first === undefined || station <= this.#first) this.#presentFirst(station);
    return undefined;
  }

  /** Presents a station no more. */
  remove(station: string): void {
    this.#unname(station);
    if (this.#stations.delete(station) && station === this.#first) {
      this.#presentFirst([...this.#stations.keys()].sort()[0]);
    }
  }

  /** Calls back whenever another certificate is the default. */
  onReplaced(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The station a client asked for by name, if it is one of ours. */
  forServerName(name: string): SecureContext | undefined {
    const [station] = this.#names.get(name.toLowerCase()) ?? [];
    return station === undefined ? undefined : this.#stations.get(station)?.context;
  }

  /** For clients that name no server, or one we do not know: the first station by its Odette ID. */
  defaultOptions(): SecureContextOptions | undefined {
    return this.#first === undefined ? undefined : this.#stations.get(this.#first)?.options;
  }

  /** For a connection that this station opens. */
  forClient(station: string): ClientTls {
    return { context: this.#stations.get(station)?.context ?? this.#bare, anchors: this.anchors };
  }

  #name(name: string, station: string): void {
    this.#names.set(name, [...(this.#names.get(name) ?? []), station].sort());
  }

  #unname(station: string): void {
    const name = this.#stations.get(station)?.host?.toLowerCase();
    if (name === undefined) return;
    const others = (this.#names.get(name) ?? []).filter((one) => one !== station);
    if (others.length === 0) this.#names.delete(name);
    else this.#names.set(name, others);
  }

  #presentFirst(station: string | undefined): void {
    this.#first = station;
    for (const listener of this.#listeners) listener();
  }
}

function tryContext(options: SecureContextOptions): SecureContext | string {
  try {
    return createSecureContext(options);
  } catch (error) {
    // OpenSSL's text names the mismatch or the refusal (key too small, digest too weak), never key material.
    return Error.isError(error) ? error.message : 'TLS does not take this certificate and key';
  }
}
