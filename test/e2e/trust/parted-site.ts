import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requestSubject, type RequestContract, type ServiceName } from '@certlane/contracts';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { Operator } from '../../support/operator.js';
import { ServiceProcess } from '../../support/service-process.js';
import type { Site } from './company.js';

/** Answers a request in place of a service: the octets of the reply, or nothing for silence. */
export type Impostor = () => string | undefined;

/** A station whose services are started one by one, without a supervisor that would bring one back. */
export class PartedSite implements Site {
  readonly #replicas: ServiceProcess[] = [];

  private constructor(
    readonly operator: Operator,
    private readonly nats: TestNats,
    private readonly folder: string,
  ) {}

  /** Starts one of each service. */
  static async open(folder: string): Promise<PartedSite> {
    await mkdir(folder);
    await writeFile(join(folder, 'password'), 'test', { mode: 0o600 });
    await writeFile(join(folder, 'sealing.key'), randomBytes(32), { mode: 0o600 });
    const nats = await testNats();
    const site = new PartedSite(Operator.over(await nats.connect('operator'), nats.prefix), nats, folder);
    try {
      const names = ['ca-store', 'partner-registry', 'cert-exchange', 'session-gateway'] as const;
      await Promise.all(names.map((name) => site.start(name)));
      return site;
    } catch (thrown) {
      await site.close();
      throw thrown;
    }
  }

  get tcpPort(): number {
    return this.#port('tcp');
  }

  get tlsPort(): number {
    return this.#port('tls');
  }

  /** The replicas of a service that run. */
  replicas(name: ServiceName): ServiceProcess[] {
    return this.#replicas.filter((one) => one.name === name && one.running);
  }

  /** Starts one more of a service. */
  async start(name: ServiceName): Promise<ServiceProcess> {
    const replica = await ServiceProcess.start(name, {
      CERTLANE_NATS_URL: this.nats.server.url,
      CERTLANE_NATS_USER: name,
      CERTLANE_NATS_PASSWORD_FILE: join(this.folder, 'password'),
      CERTLANE_HTTP_LISTEN: '127.0.0.1:0',
      CERTLANE_INSTANCE: `${name}-${this.#replicas.length}`,
      ...(name === 'ca-store' ? { CERTLANE_FETCH_ALLOW: '127.0.0.0/8' } : {}),
      ...(name === 'session-gateway'
        ? {
            CERTLANE_SEALING_KEY_FILE: join(this.folder, 'sealing.key'),
            CERTLANE_TCP_PORT: 'ephemeral',
            CERTLANE_TLS_PORT: 'ephemeral',
          }
        : {}),
    });
    this.#replicas.push(replica);
    return replica;
  }

  /** Stops all of a service. */
  async stop(name: ServiceName): Promise<void> {
    await Promise.all(this.replicas(name).map((one) => one.stop()));
  }

  /**
   * Puts somebody in the place of a service, who answers one kind of request.
   * @returns ends it; how often it was asked
   */
  async impersonate(
    contract: RequestContract,
    impostor: Impostor,
  ): Promise<{ asked: () => number; leave: () => void }> {
    const connection = await this.nats.connect('anyone');
    let asked = 0;
    const subscription = connection.subscribe(requestSubject(this.nats.prefix, contract), {
      callback: (_error, message) => {
        asked += 1;
        const reply = impostor();
        if (reply !== undefined) message.respond(reply);
      },
    });
    await connection.flush();
    return { asked: () => asked, leave: () => subscription.unsubscribe() };
  }

  async close(): Promise<void> {
    await Promise.all(this.#replicas.map((one) => one.stop()));
    await this.nats.stop();
  }

  #port(transport: 'tcp' | 'tls'): number {
    return this.replicas('session-gateway')[0]?.port(transport) ?? 0;
  }
}
