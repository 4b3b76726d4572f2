import { addressKeys } from './addresses.js';

/** How many connections may be open at once; each figure is at least 1. */
export interface AdmissionLimits {
  /** In all, over both ports. */
  readonly connections: number;
  /** From one IPv4 address or one IPv6 /64. */
  readonly perAddress: number;
  /** From one IPv6 /48. */
  readonly perNetwork: number;
  /** Whose peer has not proven who it is yet. */
  readonly unauthenticated: number;
}

/** Which limit keeps a connection out. */
export type AdmissionRefusal = keyof AdmissionLimits;

/** The place of one admitted connection. */
export interface Admission {
  /** The peer is known from now on: its place among the unauthenticated becomes free. */
  authenticated(): void;
  /** The peer is not who it said to be: the places of its address and network become free only some time after it is gone. */
  refused(): void;
  /** The connection is gone; further calls change nothing. */
  release(): void;
}

/**
 * For how long a refused caller takes a place of its address. Passwords have eight characters at most (RFC 5024 §5.3.2): with the
 * usual 64 places an address tries six a second, however many connections it opens at once.
 */
const REFUSED_MILLISECONDS = 10_000;

/**
 * Counts connections and says no before anything is spent on them: it is asked before TLS starts, so that a flood costs
 * an accept and a close each and no handshake.
 */
export class AdmissionControl {
  readonly #limits: AdmissionLimits;
  readonly #byAddress = new Places();
  readonly #byNetwork = new Places();
  #connections = 0;
  #unauthenticated = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Connections that hold a place now. */
  get connections(): number {
    return this.#connections;
  }

  /** Those of them whose peer is not known yet. */
  get unauthenticated(): number {
    return this.#unauthenticated;
  }

  /** A place for a connection from this address, or the limit that is reached. */
  admit(remoteAddress: string): Admission | AdmissionRefusal {
    const { address, network } = addressKeys(remoteAddress);
    if (this.#byAddress.taken(address) >= this.#limits.perAddress) return 'perAddress';
    if (network !== undefined && this.#byNetwork.taken(network) >= this.#limits.perNetwork) return 'perNetwork';
    if (this.#connections >= this.#limits.connections) return 'connections';
    if (this.#unauthenticated >= this.#limits.unauthenticated) return 'unauthenticated';
    this.#byAddress.take(address);
    if (network !== undefined) this.#byNetwork.take(network);
    this.#connections += 1;
    this.#unauthenticated += 1;
    return this.#place(() => {
      this.#byAddress.free(address);
      if (network !== undefined) this.#byNetwork.free(network);
    });
  }

  #place(free: () => void): Admission {
    let known = false;
    let released = false;
    let guessed = false;
    const authenticated = (): void => {
      if (known) return;
      known = true;
      this.#unauthenticated -= 1;
    };
    const release = (): void => {
      if (released) return;
      released = true;
      authenticated();
      this.#connections -= 1;
      if (guessed) setTimeout(free, REFUSED_MILLISECONDS).unref();
      else free();
    };
    return { authenticated, refused: () => void (guessed = true), release };
  }
}

/** Places taken under a key; nothing is kept of a key that has none. */
class Places {
  readonly #taken = new Map<string, number>();

  taken(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  take(key: string): void {
    this.#taken.set(key, this.taken(key) + 1);
  }

  free(key: string): void {
    const left = this.taken(key) - 1;
    if (left <= 0) this.#taken.delete(key);
    else this.#taken.set(key, left);
  }
}
