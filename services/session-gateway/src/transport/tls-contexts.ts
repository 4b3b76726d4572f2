import { constants, createHash } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';

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

/** Everything TLS runs on at one moment. */
export interface TlsMaterial {
  readonly identities: readonly StationIdentity[];
  /** Installed issuers as {@link anchorPem} writes them; the system's authorities are never trusted. */
  readonly anchors: readonly string[];
}

/** TLS versions a station may insist on: 1.0 and 1.1 are gone (RFC 8996). */
export type MinimumTlsVersion = Extract<SecureVersion, 'TLSv1.2' | 'TLSv1.3'>;

/** A station whose key and certificate TLS does not take, and why. */
export interface UnusableIdentity {
  readonly station: string;
  readonly message: string;
}

interface Contexts {
  readonly options: ReadonlyMap<string, SecureContextOptions>;
  readonly byStation: ReadonlyMap<string, SecureContext>;
  readonly byName: ReadonlyMap<string, SecureContext>;
  /** For outbound connections of a station that has no certificate: nothing to present, the same anchors. */
  readonly bare: SecureContext;
  readonly first: string | undefined;
}

/**
 * Resumption is off: a resumed handshake shows no certificates, so a peer could stay authenticated after its issuer was
 * removed. Renegotiation is off: TLS 1.2 would let a peer change its certificate in mid-session.
 */
const SECURE_OPTIONS = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;

/**
 * The secure contexts of all stations, swapped as a whole while connections run: those keep what they started with, the
 * next ones take what is current.
 */
export class TlsContexts {
  readonly #minimum: MinimumTlsVersion;
  readonly #listeners = new Set<() => void>();
  #contexts: Contexts;
  #digest = '';

  constructor(minimumVersion: MinimumTlsVersion) {
    this.#minimum = minimumVersion;
    this.#contexts = this.#build({ identities: [], anchors: [] }, []);
  }

  /** Whether there is no certificate to present: a TLS server then has nothing to say. */
  get empty(): boolean {
    return this.#contexts.first === undefined;
  }

  /**
   * Takes new material into use; the same material again costs a comparison.
   * @returns the stations that could not be taken, each with a sentence
   */
  replace(material: TlsMaterial): UnusableIdentity[] {
    const digest = digestOf(material);
    if (digest === this.#digest) return [];
    const unusable: UnusableIdentity[] = [];
    this.#contexts = this.#build(material, unusable);
    this.#digest = digest;
    for (const listener of this.#listeners) listener();
    return unusable;
  }

  /** Calls back after every change. */
  onReplaced(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The station a client asked for by name, if it is one of ours. */
  forServerName(name: string): SecureContext | undefined {
    return this.#contexts.byName.get(name.toLowerCase());
  }

  /** For clients that name no server, or one we do not know: the first station by its Odette ID. */
  defaultOptions(): SecureContextOptions | undefined {
    const { first, options } = this.#contexts;
    return first === undefined ? undefined : options.get(first);
  }

  /** For a connection that this station opens: its certificate, in case the server asks for one, and the anchors. */
  forClient(station: string): SecureContext {
    return this.#contexts.byStation.get(station) ?? this.#contexts.bare;
  }

  #build(material: TlsMaterial, unusable: UnusableIdentity[]): Contexts {
    const common: SecureContextOptions = {
      ca: [...material.anchors],
      minVersion: this.#minimum,
      secureOptions: SECURE_OPTIONS,
    };
    const options = new Map<string, SecureContextOptions>();
    const byStation = new Map<string, SecureContext>();
    const byName = new Map<string, SecureContext>();
    for (const identity of material.identities) {
      const own = { ...common, cert: identity.certificates, key: identity.key };
      const context = tryContext(own);
      if (typeof context === 'string') {
        unusable.push({ station: identity.station, message: context });
        continue;
      }
      options.set(identity.station, own);
      byStation.set(identity.station, context);
      if (identity.host !== undefined) byName.set(identity.host.toLowerCase(), context);
    }
    const [first] = [...options.keys()].sort();
    return { options, byStation, byName, bare: createSecureContext(common), first };
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

function digestOf(material: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const { station, host, certificates } of material.identities)
    hash.update(`${station}\n${host ?? ''}\n${certificates}\n`);
  for (const anchor of material.anchors) hash.update(anchor);
  return hash.digest('hex');
}
