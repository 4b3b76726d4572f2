import { randomBytes, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { privateKeyToPkcs8, readCertificate, seal, SealingKey, spkiOf } from '@certlane/pki';
import { DEFAULT_TIMEOUTS } from '@certlane/oftp2';
import { createHealth, createLogger, systemClock, TimeOrderedIds, type Logger } from '@certlane/runtime';
import type { SessionProfile, UsableCertificate } from '@certlane/contracts';
import type { GatewayConfig } from '../config.js';
import { secretContexts } from '../domain/secret-contexts.js';
import { Vault } from '../domain/vault.js';
import { Gateway } from '../gateway.js';
import { GatewayMetrics } from '../metrics.js';
import type { FileAcceptance } from '../ports/files.js';
import type { StationTls, TlsStore } from '../ports/tls-store.js';
import { CertificateFiles } from '../session/certificate-files.js';
import { Dialer } from '../session/dialer.js';
import { Sessions } from '../session/sessions.js';
import { TlsKeeper } from '../session/tls-keeper.js';
import { TlsContexts } from '../transport/tls-contexts.js';
import { MemoryDialBook, MemoryDirectory, MemoryEnds, MemoryExchange, MemoryTrust } from './memory-exchange.js';

/** What a test wants different from the usual. */
export interface MemoryGatewayOptions {
  readonly config?: Partial<Omit<GatewayConfig, 'sealingKey'>>;
  readonly log?: Logger;
  /** Takes files that are no certificate files. */
  readonly payload?: FileAcceptance;
}

/** TLS material in memory: change it, then refresh. */
export class MemoryTlsStore implements TlsStore {
  readonly stationRows: StationTls[] = [];
  readonly issuerRows: Uint8Array[] = [];

  stations(): Promise<readonly StationTls[]> {
    return Promise.resolve([...this.stationRows]);
  }

  station(station: string): Promise<StationTls | undefined> {
    return Promise.resolve(this.stationRows.find((row) => row.station === station));
  }

  issuers(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([...this.issuerRows]);
  }

  issuer(fingerprint: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.issuerRows.find((der) => readCertificate(der).fingerprint === fingerprint));
  }
}

/** A partner as a test enters it. */
export interface MemoryPartner {
  readonly station: string;
  readonly partner: string;
  readonly partnerPassword: string;
  readonly ourPassword: string;
  readonly stationHost?: string;
  readonly connection?: SessionProfile['connection'];
  readonly subStations?: readonly string[];
}

/** A certificate with its key. */
export interface MemoryIdentity {
  readonly certificate: { readonly der: Uint8Array };
  readonly chain?: readonly { readonly der: Uint8Array }[];
  readonly privateKey: KeyObject;
}

/** A certificate of a station with its key sealed, as it travels on the bus. */
export function usableCertificate(vault: Vault, station: string, identity: MemoryIdentity): UsableCertificate {
  const pkcs8 = privateKeyToPkcs8(identity.privateKey);
  const base64 = ({ der }: { der: Uint8Array }): string => Buffer.from(der).toString('base64');
  return {
    certificate: base64(identity.certificate),
    chain: (identity.chain ?? []).map(base64),
    sealedKey: vault.sealKey(station, spkiOf(identity.privateKey), pkcs8).sealedKey,
  };
}

/** The whole gateway, its sockets included, over stores in memory instead of the bus. */
export class MemoryGateway {
  readonly directory = new MemoryDirectory();
  readonly trust = new MemoryTrust();
  readonly exchange = new MemoryExchange();
  readonly ends = new MemoryEnds();
  readonly dialBook = new MemoryDialBook();
  readonly tlsStore = new MemoryTlsStore();
  readonly sealingKey: SealingKey;
  readonly vault: Vault;
  readonly contexts: TlsContexts;
  readonly keeper: TlsKeeper;
  readonly sessions: Sessions;
  readonly dialer: Dialer;
  readonly gateway: Gateway;

  constructor({ config = {}, log, payload }: MemoryGatewayOptions = {}) {
    const logger = log ?? createLogger({ service: 'session-gateway', instance: 'test', level: 'silent' });
    const secret = randomBytes(32);
    this.sealingKey = new SealingKey(secret);
    this.vault = new Vault(this.sealingKey);
    const settings: GatewayConfig = { ...usualConfig, ...config, sealingKey: secret };
    this.contexts = new TlsContexts(settings.minimumTlsVersion);
    const { contexts, directory, ends, exchange, trust, vault } = this;
    const metrics = new GatewayMetrics();
    const clock = systemClock;
    const { refreshMilliseconds } = settings;
    this.keeper = new TlsKeeper({
      store: this.tlsStore,
      vault,
      contexts,
      log: logger,
      refreshMilliseconds,
      listening: settings.tls !== undefined,
    });
    const files = new CertificateFiles({
      inbox: exchange,
      maximumOctets: settings.certificateFileOctets,
      maximumMilliseconds: settings.certificateFileMilliseconds,
      ...(payload === undefined ? {} : { payload }),
    });
    const shared = { clock, log: logger, metrics, vault, directory, trust, ends };
    const [ids, answers, outbox] = [new TimeOrderedIds(), exchange, exchange];
    this.sessions = new Sessions({ ...shared, files, answers, outbox, ids, settings });
    const { keeper, sessions } = this;
    this.dialer = new Dialer({ ...settings, ...shared, book: this.dialBook, contexts, sessions, ids });
    const health = createHealth();
    this.gateway = new Gateway({ config: settings, sessions, contexts, keeper, clock, log: logger, health, metrics });
  }

  async open(): Promise<Readonly<Partial<Record<'tcp' | 'tls', AddressInfo>>>> {
    await this.gateway.onApplicationBootstrap();
    return this.gateway.addresses;
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  /** Gives a station a TLS certificate, or another one; `refresh` of the keeper takes it into use. */
  setStationTls(station: string, identity: MemoryIdentity, host?: string): void {
    const { certificate, chain = [] } = identity;
    const rows = this.tlsStore.stationRows;
    const others = rows.filter((row) => row.station !== station);
    const usable = usableCertificate(this.vault, station, { certificate, chain, privateKey: identity.privateKey });
    rows.splice(0, rows.length, ...others, { station, host, tls: usable });
  }

  addPartner(row: MemoryPartner): SessionProfile {
    const { station, partner, stationHost, connection = null, subStations = [] } = row;
    const sealed = (text: string, context: string): string => seal(this.sealingKey, Buffer.from(text), context);
    const profile: SessionProfile = {
      station,
      partner,
      partnerPassword: sealed(row.partnerPassword, secretContexts.partnerPassword(station, partner)),
      ourPassword: sealed(row.ourPassword, secretContexts.stationPassword(station)),
      connection,
      subStations: [...subStations],
      ...(stationHost === undefined ? {} : { stationHost }),
    };
    this.directory.rows.push(profile);
    return profile;
  }
}

const anyPort = { host: '127.0.0.1', port: 0 };

const usualConfig: Omit<GatewayConfig, 'sealingKey'> = {
  tcp: anyPort,
  tls: anyPort,
  clientCertificates: 'request',
  minimumTlsVersion: 'TLSv1.2',
  capabilities: { mode: 'B', bufferSize: 65_535, credit: 64, compression: true, restart: true },
  timeouts: DEFAULT_TIMEOUTS,
  connectMilliseconds: 5_000,
  handshakeMilliseconds: 5_000,
  stallMilliseconds: 30_000,
  admission: { connections: 1_000, perAddress: 1_000, perNetwork: 1_000, unauthenticated: 1_000 },
  sessionMilliseconds: 3_600_000,
  certificateFileOctets: 65_536,
  certificateFileMilliseconds: 300_000,
  unknownPeerEventsPerMinute: 1_000,
  refusalMilliseconds: 0,
  hidePartners: false,
  shutdownGraceMilliseconds: 500,
  refreshMilliseconds: 60_000,
};
