import { readFile } from 'node:fs/promises';
import {
  exchangeRequests,
  gateway,
  registry,
  type CloudEvent,
  type Exchange,
  type Partner,
  type PartnerRef,
  type RequestOf,
} from '@certlane/contracts';
import { sealFor } from '@certlane/pki';
import type { TestIdentity } from '@certlane/pki/testing';
import { connectNats, createBus, everyEntry, OPERATOR, readEvents, Secret, type Bus } from '@certlane/runtime';
import type { RunningStation } from './running-station.js';

type Connection = Awaited<ReturnType<typeof connectNats>>;

/** Everything a certificate can serve. */
export const ALL_USAGES = [
  'tls',
  'session-authentication',
  'file-encryption',
  'file-signature',
  'eerp-signature',
] as const;

/** The operator of a station on the bus: the requests of the command line without a process for each. */
export class Operator {
  private constructor(
    readonly bus: Bus,
    readonly connection: Connection,
    readonly prefix: string,
  ) {}

  static async of({ file }: RunningStation): Promise<Operator> {
    const { url, prefix, passwordFile = '' } = file.nats;
    const password = new Secret((await readFile(passwordFile, 'utf8')).trim());
    const credentials = { kind: 'password', user: OPERATOR, password } as const;
    return Operator.over(await connectNats({ servers: [url], credentials }, OPERATOR), prefix);
  }

  /** Over a connection that is there already. */
  static over(connection: Connection, prefix: string): Operator {
    return new Operator(createBus(connection, prefix), connection, prefix);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Closes a secret for the gateways, as the command line does. */
  async seal(secret: string, context: string): Promise<string> {
    const { publicKey } = await this.bus.request(gateway.sealingKey, {});
    return sealFor(publicKey, Buffer.from(secret), context);
  }

  /** @param host what partners dial; no two stations share one */
  async addStation(id: string, password: string, host?: string): Promise<void> {
    const sealed = await this.seal(password, `station-password:${id}`);
    await this.bus.request(registry.stationAdd, { id, password: sealed, host });
  }

  /** Puts a certificate of ours on file with its key, and uses it; the fingerprint. */
  async useCertificate(
    station: string,
    { certificate, pkcs8 }: Pick<TestIdentity, 'certificate' | 'pkcs8'>,
    usages: RequestOf<typeof registry.ownCertificateActivate>['usages'] = [...ALL_USAGES],
  ): Promise<string> {
    const secret = JSON.stringify({ key: Buffer.from(pkcs8).toString('base64') });
    await this.bus.request(gateway.certificateImport, {
      station,
      secret: await this.seal(secret, `certificate-import:${station}`),
      certificate: Buffer.from(certificate.der).toString('base64'),
    });
    const { fingerprint } = certificate;
    await this.bus.request(registry.ownCertificateActivate, { station, fingerprint, usages });
    return fingerprint;
  }

  async addPartner(
    { station, partner }: PartnerRef,
    { password, ...settings }: { password: string } & Partial<RequestOf<typeof registry.partnerAdd>>,
  ): Promise<void> {
    const sealed = await this.seal(password, `partner-password:${station}:${partner}`);
    await this.bus.request(registry.partnerAdd, { ...settings, station, id: partner, password: sealed });
  }

  async partner(ref: PartnerRef): Promise<Partner> {
    return (await this.bus.request(registry.partnerGet, ref)).partner;
  }

  /** All exchanges with a partner, or with all, newest first. */
  async exchanges(ref: Partial<PartnerRef>): Promise<Exchange[]> {
    return everyEntry(this.bus, exchangeRequests.exchangeList, { ...ref, limit: 500 }, ({ exchanges }) => exchanges);
  }

  /** All events, oldest first. */
  async events(partner?: string): Promise<CloudEvent[]> {
    const events: CloudEvent[] = [];
    const about = partner === undefined ? {} : { partner };
    for await (const { event } of readEvents(this.connection, this.prefix, about)) events.push(event);
    return events;
  }
}
