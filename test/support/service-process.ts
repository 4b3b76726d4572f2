import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@certlane/contracts';
import { metricOf } from './metric.js';
import { repositoryRoot } from './repository.js';

/** A line of a service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** One replica of a service, started without a supervisor. */
export class ServiceProcess {
  readonly lines: LogLine[] = [];

  private constructor(
    readonly name: ServiceName,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it and waits until it is ready. */
  static async start(name: ServiceName, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const program = fileURLToPath(new URL(`services/${name}/dist/main.js`, repositoryRoot));
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = new ServiceProcess(name, child);
    const ready = new Promise<void>((resolve, reject) => {
      const heard = (line: string): void => {
        if (!line.startsWith('{')) return;
        const parsed = JSON.parse(line) as LogLine;
        service.lines.push(parsed);
        if (parsed.msg === 'ready') resolve();
      };
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', heard);
      child.once('exit', (status) =>
        reject(new Error(`${name} ended with ${String(status)}: ${JSON.stringify(service.lines.at(-1))}`)),
      );
    });
    await ready;
    return service;
  }

  /** Where it says that it listens for partners. */
  port(transport: 'tcp' | 'tls'): number {
    const line = this.lines.find((one) => one.msg === 'listening' && one['transport'] === transport);
    return Number(line?.['port']);
  }

  /** Base URL of its health and metrics. */
  get http(): string {
    return String(this.lines.find(({ msg }) => msg === 'ready')?.['http']);
  }

  /** Its value of a metric, summed over labels; those named must be so. */
  metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return metricOf(this.http, name, labels);
  }

  get running(): boolean {
    return this.child.exitCode === null && !this.child.killed;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
