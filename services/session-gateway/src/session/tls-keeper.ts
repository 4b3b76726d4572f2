import type { Logger } from '@certlane/runtime';
import type { Vault } from '../domain/vault.js';
import type { StationTls, TlsStore } from '../ports/tls-store.js';
import { anchorPem, certificatePem } from '../transport/anchors.js';
import type { StationIdentity, TlsContexts } from '../transport/tls-contexts.js';

/** What TLS material is kept with. */
export interface TlsKeeperParts {
  readonly store: TlsStore;
  readonly vault: Vault;
  readonly contexts: TlsContexts;
  readonly log: Logger;
  /** How often everything is read again, in case an event was missed. */
  readonly refreshMilliseconds: number;
  /** Whether anybody listens for TLS: without a certificate nobody then gets in. */
  readonly listening: boolean;
}

/** Until the first reading succeeds: the other services may just be starting. */
const FIRST_READING_MILLISECONDS = 500;

/** Keeps the TLS contexts equal to what the other services say: at the start, after every event, and once in a while. */
export class TlsKeeper {
  readonly #parts: TlsKeeperParts;
  #running: Promise<void> | undefined;
  #wanted = 0;
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
    this.#wanted += 1;
    this.#running ??= this.#readUntilCurrent();
    return this.#running;
  }

  #schedule(): void {
    if (this.#stopped) return;
    const delay = this.#read ? this.#parts.refreshMilliseconds : FIRST_READING_MILLISECONDS;
    this.#timer = setTimeout(() => void this.refresh().then(() => this.#schedule()), delay);
    this.#timer.unref();
  }

  async #readUntilCurrent(): Promise<void> {
    let reading: number;
    do {
      reading = this.#wanted;
      await this.#readOnce();
    } while (reading !== this.#wanted);
    this.#running = undefined;
  }

  async #readOnce(): Promise<void> {
    const { contexts, log, store } = this.#parts;
    try {
      const [stations, issuers] = await Promise.all([store.stations(), store.issuers()]);
      const identities = stations.flatMap((station) => this.#identityOf(station) ?? []);
      for (const { station, message } of contexts.replace({ identities, anchors: issuers.map(anchorPem) })) {
        log.error({ station, why: message }, 'TLS does not take the certificate of a station');
      }
      this.#read = true;
      this.#warnOfEmptiness();
    } catch (error) {
      // What was read before stays in use: connections go on.
      log.warn({ err: error }, 'certificates and issuers for TLS cannot be read for now');
    }
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
