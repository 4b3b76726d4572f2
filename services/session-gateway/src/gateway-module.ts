import { SealingKey } from '@certlane/pki';
import {
  BUS,
  CLOCK,
  HEALTH,
  IDS,
  LOGGER,
  MESSAGES,
  type Bus,
  type Clock,
  type Health,
  type Ids,
  type Logger,
  type Messages,
  type ServiceParts,
} from '@certlane/runtime';
import { BusTlsStore } from './adapters/bus-tls-store.js';
import { ExchangeDialBook } from './adapters/exchange-dial-book.js';
import { ExchangeDesk } from './adapters/exchange-desk.js';
import { ExchangeTrust } from './adapters/exchange-trust.js';
import { RegistryDirectory } from './adapters/registry-directory.js';
import { RegistryOwnKeys } from './adapters/registry-own-keys.js';
import { SessionEndEvents } from './adapters/session-end-events.js';
import type { GatewayConfig } from './config.js';
import { Vault } from './domain/vault.js';
import { Gateway } from './gateway.js';
import { CertificateCreateHandler } from './handlers/certificate-create.handler.js';
import { CertificateImportHandler } from './handlers/certificate-import.handler.js';
import { DialHandler } from './handlers/dial.handler.js';
import { SealingKeyHandler } from './handlers/sealing-key.handler.js';
import { TlsEventsHandler } from './handlers/tls-events.handler.js';
import { GatewayMetrics } from './metrics.js';
import { CertificateFiles } from './session/certificate-files.js';
import { Dialer } from './session/dialer.js';
import { Sessions } from './session/sessions.js';
import { TlsKeeper } from './session/tls-keeper.js';
import { OWN_KEYS } from './tokens.js';
import { TlsContexts } from './transport/tls-contexts.js';

/** The gateway as Nest puts it together: every part with what it is made of. */
export function gatewayModule(config: GatewayConfig): ServiceParts['module'] {
  return {
    controllers: [SealingKeyHandler, CertificateCreateHandler, CertificateImportHandler, DialHandler, TlsEventsHandler],
    providers: [
      { provide: Vault, useFactory: () => new Vault(new SealingKey(config.sealingKey)) },
      { provide: GatewayMetrics, useFactory: () => new GatewayMetrics() },
      { provide: TlsContexts, useFactory: () => new TlsContexts(config.minimumTlsVersion) },
      { provide: OWN_KEYS, inject: [BUS], useFactory: (bus: Bus) => new RegistryOwnKeys(bus) },
      {
        provide: TlsKeeper,
        inject: [BUS, Vault, TlsContexts, LOGGER],
        useFactory: (bus: Bus, vault: Vault, contexts: TlsContexts, log: Logger) =>
          new TlsKeeper({
            store: new BusTlsStore(bus),
            vault,
            contexts,
            log,
            refreshMilliseconds: config.refreshMilliseconds,
            listening: config.tls !== undefined,
          }),
      },
      {
        provide: SessionEndEvents,
        inject: [BUS, MESSAGES, CLOCK, LOGGER, GatewayMetrics],
        useFactory: (bus: Bus, messages: Messages, clock: Clock, log: Logger, metrics: GatewayMetrics) =>
          new SessionEndEvents({
            bus,
            messages,
            clock,
            log,
            metrics,
            unknownPeersPerMinute: config.unknownPeerEventsPerMinute,
          }),
      },
      {
        provide: Sessions,
        inject: [BUS, Vault, CLOCK, IDS, LOGGER, GatewayMetrics, SessionEndEvents],
        useFactory: (
          bus: Bus,
          vault: Vault,
          clock: Clock,
          ids: Ids,
          log: Logger,
          metrics: GatewayMetrics,
          ends: SessionEndEvents,
        ) => {
          const desk = new ExchangeDesk(bus);
          const files = new CertificateFiles({
            inbox: desk,
            maximumOctets: config.certificateFileOctets,
            maximumMilliseconds: config.certificateFileMilliseconds,
          });
          const directory = new RegistryDirectory(bus);
          const trust = new ExchangeTrust(bus);
          const [answers, outbox, settings] = [desk, desk, config];
          return new Sessions({
            directory,
            trust,
            files,
            answers,
            outbox,
            ends,
            vault,
            clock,
            ids,
            log,
            metrics,
            settings,
          });
        },
      },
      {
        provide: Dialer,
        inject: [BUS, TlsContexts, Sessions, IDS, LOGGER],
        useFactory: (bus: Bus, contexts: TlsContexts, sessions: Sessions, ids: Ids, log: Logger) =>
          new Dialer({
            ...config,
            book: new ExchangeDialBook(bus),
            directory: new RegistryDirectory(bus),
            trust: new ExchangeTrust(bus),
            contexts,
            sessions,
            ids,
            log,
          }),
      },
      {
        provide: Gateway,
        inject: [Sessions, TlsContexts, TlsKeeper, CLOCK, LOGGER, HEALTH, GatewayMetrics],
        useFactory: (
          sessions: Sessions,
          contexts: TlsContexts,
          keeper: TlsKeeper,
          clock: Clock,
          log: Logger,
          health: Health,
          metrics: GatewayMetrics,
        ) => new Gateway({ config, sessions, contexts, keeper, clock, log, health, metrics }),
      },
    ],
  };
}
