import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@certlane/contracts';
import { testCa, type TestCa } from '@certlane/pki/testing';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { BusTap } from './bus-tap.js';
import { Operator } from './operator.js';
import { RunningStation } from './running-station.js';

type Processes = Partial<Record<ServiceName, { readonly pid: number }>>;

const PASSWORD = 'test';
/** Long enough for every process to see that the server is gone. */
const NATS_AWAY_MS = 300;

/** One of two companies: a whole station whose bus is read along, and everything in it can be killed. */
export class Side {
  private constructor(
    readonly name: string,
    readonly ca: TestCa,
    readonly nats: TestNats,
    readonly tap: BusTap,
    readonly station: RunningStation,
    readonly operator: Operator,
  ) {}

  static async raise(name: string, folder: string): Promise<Side> {
    const nats = await testNats();
    const tap = await BusTap.before(() => Number(new URL(nats.server.url).port));
    const passwords = join(folder, `${name}-passwords`);
    await mkdir(passwords);
    for (const user of [...serviceNames, 'operator', 'provisioner']) {
      await writeFile(join(passwords, `${user}.password`), PASSWORD, { mode: 0o600 });
    }
    const words = ['--nats', tap.url, '--nats-passwords', passwords];
    try {
      const station = await RunningStation.start(join(folder, name), words);
      return new Side(name, testCa({ name }), nats, tap, station, await Operator.of(station));
    } catch (thrown) {
      await tap.close();
      await nats.stop();
      throw thrown;
    }
  }

  /**
   * SIGKILL to a service, done when this returns; `certlane up` brings it back.
   * @returns whether it was there: one that was just started again may not have been noted yet
   */
  kill(service: ServiceName): boolean {
    const running = JSON.parse(readFileSync(join(this.station.data, 'processes.json'), 'utf8')) as Processes;
    const mark = running[service];
    if (mark === undefined) return false;
    try {
      return process.kill(mark.pid, 'SIGKILL');
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code === 'ESRCH') return false;
      throw thrown;
    }
  }

  /** SIGKILL to the bus; it comes back a moment later with what it had. */
  async killBus(): Promise<void> {
    await this.nats.server.kill();
    await sleep(NATS_AWAY_MS);
    await this.nats.restart();
  }

  async stop(): Promise<void> {
    await this.operator.close();
    await this.station.stop();
    await this.tap.close();
    await this.nats.stop();
  }
}
