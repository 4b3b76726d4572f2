import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@certlane/contracts';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { Operator } from '../support/operator.js';
import { ServiceProcess } from '../support/service-process.js';

const REPLICAS: Readonly<Record<ServiceName, number>> = {
  'ca-store': 1,
  'partner-registry': 2,
  'cert-exchange': 2,
  'session-gateway': 2,
};

/** One station served by several processes of each service, as a cluster runs it: no supervisor, nobody is started again. */
export class Fleet {
  private constructor(
    readonly nats: TestNats,
    readonly operator: Operator,
    readonly services: readonly ServiceProcess[],
    private readonly folder: string,
  ) {}

  static async sail(): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), 'certlane-fleet-'));
    const nats = await testNats();
    const passwordFile = join(folder, 'password');
    const keyFile = join(folder, 'sealing.key');
    await writeFile(passwordFile, 'test', { mode: 0o600 });
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    const started = (Object.keys(REPLICAS) as ServiceName[]).flatMap((name) =>
      Array.from({ length: REPLICAS[name] }, (_, index) =>
        ServiceProcess.start(name, {
          CERTLANE_NATS_URL: nats.server.url,
          CERTLANE_NATS_USER: name,
          CERTLANE_NATS_PASSWORD_FILE: passwordFile,
          CERTLANE_HTTP_LISTEN: '127.0.0.1:0',
          CERTLANE_INSTANCE: `${name}-${index + 1}`,
          ...(name === 'session-gateway'
            ? { CERTLANE_SEALING_KEY_FILE: keyFile, CERTLANE_TCP_PORT: 'ephemeral', CERTLANE_TLS_PORT: '0' }
            : {}),
        }),
      ),
    );
    const outcomes = await Promise.allSettled(started);
    const services = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      for (const service of services) service.kill();
      await nats.stop();
      throw failed.reason;
    }
    const operator = Operator.over(await nats.connect('operator'), nats.prefix);
    return new Fleet(nats, operator, services, folder);
  }

  /** The replicas of a service that still run. */
  replicas(name: ServiceName): ServiceProcess[] {
    return this.services.filter((service) => service.name === name && service.running);
  }

  async sink(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.nats.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
