import { CertlaneError } from '@certlane/contracts';
import { encodeFrame, EsidReason } from '@certlane/oftp2';
import type { Clock, Health, Logger } from '@certlane/runtime';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import type { GatewayConfig } from './config.js';
import { EventBudget } from './domain/event-budget.js';
import type { GatewayMetrics } from './metrics.js';
import type { Sessions } from './session/sessions.js';
import type { TlsKeeper } from './session/tls-keeper.js';
import { AdmissionControl } from './transport/admission.js';
import type { Listener, ListenerObserver, ListenerOptions } from './transport/listener.js';
import { TcpListener } from './transport/tcp-listener.js';
import type { TlsContexts } from './transport/tls-contexts.js';
import { TlsListener } from './transport/tls-listener.js';

/** What the gateway is made of. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly sessions: Sessions;
  readonly contexts: TlsContexts;
  readonly keeper: TlsKeeper;
  readonly clock: Clock;
  readonly log: Logger;
  readonly health: Health;
  readonly metrics: GatewayMetrics;
}

/** Lines a minute about connections that were turned away; the metrics count them all. */
const REFUSALS_LOGGED_PER_MINUTE = 12;

/** Opens the ports and closes them again. */
export class Gateway implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: GatewayParts;
  readonly #admission: AdmissionControl;
  readonly #refusalsLogged: EventBudget;
  readonly #listeners: Listener[] = [];
  readonly #addresses: Partial<Record<'tcp' | 'tls', AddressInfo>> = {};
  #closed: Promise<void> | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#admission = new AdmissionControl(parts.config.admission);
    this.#refusalsLogged = new EventBudget(REFUSALS_LOGGED_PER_MINUTE, parts.clock.now());
  }

  /** Where it listens: needed where a port was chosen by the system. */
  get addresses(): Readonly<Partial<Record<'tcp' | 'tls', AddressInfo>>> {
    return this.#addresses;
  }

  /** Connections that callers hold now. */
  get connections(): number {
    return this.#admission.connections;
  }

  /** @throws {CertlaneError} `failed-precondition` when a port cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    const { config, contexts, health, keeper } = this.#parts;
    health.register('tls-material', () => {
      if (!keeper.ready) throw new CertlaneError('unavailable', 'certificates and issuers have not been read yet');
    });
    await keeper.start();
    if (config.tls !== undefined) {
      const { clientCertificates, handshakeMilliseconds } = config;
      const options = { ...this.#options(config.tls), contexts, clientCertificates, handshakeMilliseconds };
      await this.#listen('tls', new TlsListener(options));
    }
    if (config.tcp !== undefined) await this.#listen('tcp', new TcpListener(this.#options(config.tcp)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** Accepts nothing more and ends the sessions; calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { config, keeper, sessions } = this.#parts;
    keeper.stop();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await sessions.close(config.shutdownGraceMilliseconds);
  }

  async #listen(transport: 'tcp' | 'tls', listener: Listener): Promise<void> {
    const wanted = this.#parts.config[transport];
    try {
      const address = await listener.listen();
      this.#listeners.push(listener);
      this.#addresses[transport] = address;
      this.#parts.log.info({ transport, address: address.address, port: address.port }, 'listening');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      const variable = `CERTLANE_${transport.toUpperCase()}_PORT`;
      const message = `cannot listen on ${wanted?.host ?? ''} port ${wanted?.port ?? 0} (${code}); stop what uses it, or set ${variable}`;
      throw new CertlaneError('failed-precondition', message, { cause: error, details: { field: variable } });
    }
  }

  #options(address: ListenerOptions['address']): ListenerOptions {
    const { config, sessions } = this.#parts;
    const ESIDREAST = 'Too many connections, try again later';
    return {
      address,
      admission: this.#admission,
      observer: this.#observer(),
      arrived: (arrival) => void sessions.serve(arrival),
      farewell: encodeFrame({ command: 'ESID', ESIDREAS: EsidReason.resourcesNotAvailable, ESIDREAST }),
      stallMilliseconds: config.stallMilliseconds,
    };
  }

  #observer(): ListenerObserver {
    const { log, metrics } = this.#parts;
    return {
      refused: (reason, remoteAddress) => {
        metrics.connectionRefused(reason);
        this.#tell(() => log.warn({ reason, remoteAddress }, 'connection turned away'));
      },
      handshaken: (version) => metrics.handshaken(version),
      handshakeFailed: (code, remoteAddress) => {
        metrics.handshakeFailed();
        this.#tell(() => log.info({ code, remoteAddress }, 'TLS handshake failed'));
      },
      acceptFailed: (code) => {
        metrics.connectionRefused('accept-failed');
        this.#tell(() => log.error({ code }, 'connections cannot be accepted for now'));
      },
    };
  }

  /** Strangers can cause any number of these: the log takes some, the metrics all. */
  #tell(line: () => void): void {
    if (this.#refusalsLogged.spend(this.#parts.clock.now())) line();
  }
}
