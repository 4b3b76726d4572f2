import { createHash } from 'node:crypto';
import type { Logger } from '@certlane/runtime';
import type { Vault } from '../domain/vault.js';
import type { StationTls, TlsStore } from '../ports/tls-store.js';
import { certificatePem } from '../transport/certificate-pem.js';
import type { StationIdentity, TlsContexts } from '../transport/tls-contexts.js';
import { Breather } from './breather.js';

/** What TLS material is kept with. */
export interface TlsKeeperParts {
  readonly store: TlsStore;
  readonly vault: Vault;
  readonly contexts: TlsContexts;
  readonly log: Logger;
  /** How often everything is read again, in case an event was missed or a certificate has begun or ceased to be valid. */
  readonly refreshMilliseconds: number;
  /** Whether anybody listens for TLS: without a certificate nobody then gets in. */
  readonly listening: boolean;
}

/** Until the first reading succeeds: the other services may just be starting. */
const FIRST_READING_MILLISECONDS = 500;

/** Changes that are read one by one; pages with everything are cheaper than more. */
const MOST_SINGLE = 100;

/** What has to be read again. */
class Wanted {
  everything = false;
  allIssuers = false;
  readonly stations = new Set<string>();
  readonly issuers = new Set<string>();

  get nothing(): boolean {
    return !this.everything && !this.allIssuers && this.stations.size === 0 && this.issuers.size === 0;
  }
}

/**
 * Keeps the TLS contexts equal to what the other services say: everything at the start and once in a while, and what an event
 * names right after it. Keys are opened and contexts made only for what has changed, a few milliseconds at a time.
 */
export class TlsKeeper {
  readonly #parts: TlsKeeperParts;
  /** What each station's context was made of, as a digest; also of those that could not be made. */
  readonly #made = new Map<string, string>();
  #wanted = new Wanted();
  #running: Promise<void> | undefined;
  #read = false;
  #warned = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: TlsKeeperParts) {
    this.#parts = parts;
  }

  /** Whether certificates and issuers have been read at least once. */
  get ready(): boolean {
    return this.#read;
  }

  /** Reads for the first time and from then on; resolves after the first attempt. */
  async start(): Promise<void> {
    await this.refresh();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Reads everything again; calls made meanwhile share the reading after this one. Never throws. */
  refresh(): Promise<void> {
    this.#wanted.everything = true;
    return this.#work();
  }

  /** Has one station read again; of many that come at once most share one reading. */
  stationChanged(station: string): void {
    this.#wanted.stations.add(station);
    void this.#work();
  }

  /** Has it looked up again whether certificates of partners are trusted on an issuer. */
  issuerChanged(fingerprint: string): void {
    this.#wanted.issuers.add(fingerprint);
    void this.#work();
  }

  /** Has all issuers read again: a trust list brings and takes many at once. */
  issuersChanged(): void {
    this.#wanted.allIssuers = true;
    void this.#work();
  }

  #schedule(): void {
    if (this.#stopped) return;
    const delay = this.#read ? this.#parts.refreshMilliseconds : FIRST_READING_MILLISECONDS;
    this.#timer = setTimeout(() => void this.refresh().then(() => this.#schedule()), delay);
    this.#timer.unref();
  }

  /** One reading at a time: an older one must not undo a newer one. */
  #work(): Promise<void> {
    this.#running ??= this.#workUntilCurrent();
    return this.#running;
  }

  async #workUntilCurrent(): Promise<void> {
    while (!this.#wanted.nothing) {
      const wanted = this.#wanted;
      this.#wanted = new Wanted();
      await this.#carryOut(wanted);
    }
    this.#running = undefined;
  }

  async #carryOut({ everything, allIssuers, stations, issuers }: Wanted): Promise<void> {
    try {
      if (everything || !this.#read || stations.size + issuers.size > MOST_SINGLE) await this.#readEverything();
      else {
        if (allIssuers) await this.#trustOnly(await this.#parts.store.issuers());
        else for (const fingerprint of issuers) await this.#readIssuer(fingerprint);
        for (const station of stations) await this.#readStation(station);
      }
      this.#warnOfEmptiness();
    } catch (error) {
      // What was read before stays in use: connections go on.
      this.#parts.log.warn({ err: error }, 'certificates and issuers for TLS cannot be read for now');
    }
  }

  async #readEverything(): Promise<void> {
    const { store } = this.#parts;
    const [rows, issuers] = await Promise.all([store.stations(), store.issuers()]);
    await this.#trustOnly(issuers);
    const breather = new Breather();
    const present = new Set(rows.map(({ station }) => station));
    for (const known of [...this.#made.keys()]) if (!present.has(known)) this.#drop(known);
    for (const row of rows) {
      this.#take(row);
      await breather.breathe();
    }
    this.#read = true;
  }

  async #trustOnly(issuers: readonly Uint8Array[]): Promise<void> {
    const { anchors } = this.#parts.contexts;
    const breather = new Breather();
    const usable = new Set<string>();
    for (const der of issuers) {
      const fingerprint = this.#trust(der);
      if (fingerprint !== undefined) usable.add(fingerprint);
      await breather.breathe();
    }
    for (const known of anchors.fingerprints()) if (!usable.has(known)) anchors.remove(known);
  }

  async #readStation(station: string): Promise<void> {
    const row = await this.#parts.store.station(station);
    if (row === undefined) this.#drop(station);
    else this.#take(row);
  }

  async #readIssuer(fingerprint: string): Promise<void> {
    const der = await this.#parts.store.issuer(fingerprint);
    if (der === undefined) this.#parts.contexts.anchors.remove(fingerprint);
    else this.#trust(der);
  }

  #trust(der: Uint8Array): string | undefined {
    try {
      return this.#parts.contexts.anchors.add(der);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'an issuer cannot be read; TLS does not trust it');
      return undefined;
    }
  }

  #drop(station: string): void {
    this.#made.delete(station);
    this.#parts.contexts.remove(station);
  }

  #take(row: StationTls): void {
    const { contexts, log } = this.#parts;
    const { station } = row;
    const digest = digestOf(row);
    if (this.#made.get(station) === digest) return;
    this.#made.set(station, digest);
    const identity = this.#identityOf(row);
    if (identity === undefined) {
      contexts.remove(station);
      return;
    }
    const why = contexts.put(identity);
    if (why !== undefined) log.error({ station, why }, 'TLS does not take the certificate of a station');
  }

  #identityOf({ station, host, tls }: StationTls): StationIdentity | undefined {
    try {
      const { certificate, privateKey } = this.#parts.vault.openCertificate(station, tls);
      const chain = tls.chain.map((der) => Buffer.from(der, 'base64'));
      return {
        station,
        ...(host === undefined ? {} : { host }),
        certificates: [certificate.der, ...chain].map(certificatePem).join(''),
        key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      };
    } catch (error) {
      this.#parts.log.error({ station, err: error }, 'TLS certificate of a station cannot be opened');
      return undefined;
    }
  }

  #warnOfEmptiness(): void {
    const { contexts, listening, log } = this.#parts;
    if (listening && contexts.empty && !this.#warned) {
      log.warn('TLS callers are turned away: no station has an active TLS certificate');
    }
    this.#warned = contexts.empty;
  }
}

function digestOf({ host, tls }: StationTls): string {
  return createHash('sha256')
    .update(JSON.stringify([host, tls.certificate, tls.chain, tls.sealedKey]))
    .digest('hex');
}
