import { ca, gateway, registry, type RequestContract, type RequestOf, type ParsedReplyOf } from '@certlane/contracts';
import { sealFor, type Certificate } from '@certlane/pki';
import type { testCa, TestIdentity } from '@certlane/pki/testing';
import { connectNats, createBus, Secret, type Bus } from '@certlane/runtime';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningStation } from '../../support/running-station.js';

/** Every usage: what a certificate that does everything serves. */
const ALL = ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'] as const;

/** A station in processes of its own, set up over the bus as the command line does it, only faster. */
export class BenchStation {
  private constructor(
    readonly id: string,
    readonly running: RunningStation,
    readonly bus: Bus,
    private readonly close: () => Promise<void>,
    private readonly boxKey: string,
  ) {}

  /** Starts one with its certificate and the partners' issuers. */
  static async start(id: string, own: TestIdentity, issuers: readonly Certificate[]): Promise<BenchStation> {
    const folder = await mkdtemp(join(tmpdir(), 'certlane-bench-'));
    const running = await RunningStation.start(folder);
    const { nats } = running.file;
    const password = new Secret((await readFile(nats.passwordFile ?? '', 'utf8')).trim());
    const connection = await connectNats(
      { servers: [nats.url], credentials: { kind: 'password', user: nats.user ?? 'operator', password } },
      nats.user ?? 'operator',
    );
    const bus = createBus(connection, nats.prefix);
    const { publicKey } = await bus.request(gateway.sealingKey, {});
    const station = new BenchStation(
      id,
      running,
      bus,
      async () => {
        await connection.close();
        await running.stop();
        await rm(folder, { recursive: true, force: true });
      },
      publicKey,
    );
    await station.setUp(own, issuers);
    return station;
  }

  /** A partner that is known by its certificate, or, without one, by identification data. */
  async addPartner(
    partner: string,
    authority: Certificate,
    options: { host: string; certificate?: Certificate },
  ): Promise<void> {
    await this.bus.request(registry.partnerAdd, {
      station: this.id,
      id: partner,
      password: this.seal('SECRET', `partner-password:${this.id}:${partner}`),
      secureAuthentication: true,
      acx: true,
    });
    const ref = { station: this.id, partner };
    await this.bus.request(registry.partnerIdentify, {
      ...ref,
      subject: options.host,
      issuer: authority.fingerprint,
      usages: [...ALL],
    });
    if (options.certificate !== undefined) {
      const certificate = Buffer.from(options.certificate.der).toString('base64');
      await this.bus.request(registry.partnerCertificateAdd, { ...ref, certificate, usages: [...ALL] });
    }
  }

  request<C extends RequestContract>(contract: C, input: RequestOf<C>): Promise<ParsedReplyOf<C>> {
    return this.bus.request(contract, input, { timeoutMs: 30_000 });
  }

  stop(): Promise<void> {
    return this.close();
  }

  private async setUp(own: TestIdentity, issuers: readonly Certificate[]): Promise<void> {
    const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
    await this.bus.request(ca.issuerAdd, { certificates: issuers.map(({ der }) => base64(der)) });
    await this.bus.request(registry.stationAdd, {
      id: this.id,
      password: this.seal('SECRET', `station-password:${this.id}`),
      host: 'localhost',
    });
    const key = base64(own.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const { certificate } = await this.bus.request(gateway.certificateImport, {
      station: this.id,
      secret: this.seal(JSON.stringify({ key }), `certificate-import:${this.id}`),
      certificate: base64(own.certificate.der),
    });
    await this.bus.request(registry.ownCertificateActivate, {
      station: this.id,
      fingerprint: certificate.fingerprint,
      usages: [...ALL],
    });
  }

  private seal(text: string, context: string): string {
    return sealFor(this.boxKey, Buffer.from(text), context);
  }
}

/** Companies' hierarchies as benches use them. */
export type Company = ReturnType<typeof testCa>;
