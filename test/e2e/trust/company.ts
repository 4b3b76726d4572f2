import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCertlane } from '@certlane/cli';
import type { ServiceName } from '@certlane/contracts';
import { findNatsServer } from '@certlane/runtime/testing';
import type { Ran } from '../../support/certlane.js';
import { metricOf } from '../../support/metric.js';
import { Operator } from '../../support/operator.js';
import { RunningStation } from '../../support/running-station.js';

/** Who runs the commands where a story does not tell two persons apart. */
export const ANNA = 'anna';
/** The second person. */
export const BERT = 'bert';

/** What the other company needs to know of one: whom to ask on its bus, and where it listens. */
export interface Site {
  readonly operator: Operator;
  readonly tcpPort: number;
  readonly tlsPort: number;
}

/** A company: a whole station, its operators at the command line, and the folder where they keep files. */
export class Company implements Site {
  private constructor(
    readonly station: RunningStation,
    readonly operator: Operator,
    private readonly files: string,
  ) {}

  /** Starts the station; its ca-store may read lists on this machine. */
  static async open(folder: string): Promise<Company> {
    const files = join(folder, 'files');
    await mkdir(files, { recursive: true });
    const env = { NATS_SERVER: findNatsServer() };
    const station = await RunningStation.start(join(folder, 'data'), ['--fetch-allow', '127.0.0.0/8'], { env });
    return new Company(station, await Operator.of(station), files);
  }

  get tcpPort(): number {
    return this.station.tcpPort;
  }

  get tlsPort(): number {
    return this.station.tlsPort;
  }

  async close(): Promise<void> {
    await this.operator.close();
    await this.station.stop();
  }

  /** Value of a metric of one of its services. */
  metric(service: ServiceName, name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return metricOf(this.station.file.services[service]?.health ?? '', name, labels);
  }

  /** Puts a file into the operators' folder. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.files, name);
    await writeFile(path, content);
    return path;
  }

  /** Runs a command line as a person, in this process: the stories have too many for a process each. */
  async run(person: string, ...words: readonly string[]): Promise<Ran> {
    const out: string[] = [];
    const err: string[] = [];
    const status = await runCertlane(['--data', this.station.data, '--actor', person, ...words], {
      out: (text) => void out.push(`${text}\n`),
      err: (text) => void err.push(`${text}\n`),
      colours: false,
      interactive: false,
      env: {},
      workingFolder: this.files,
      readInput: () => Promise.resolve(''),
    });
    return { status, out: out.join(''), err: err.join('') };
  }

  /**
   * Runs a command with `--json` as {@link ANNA}; it must do what it was asked.
   * @throws {Error} with what it said when it ends with another status than 0
   */
  ok<Reply = unknown>(...words: readonly string[]): Promise<Reply> {
    return this.okAs<Reply>(ANNA, ...words);
  }

  /** {@link ok} as another person. */
  async okAs<Reply = unknown>(person: string, ...words: readonly string[]): Promise<Reply> {
    const ran = await this.run(person, '--json', ...words);
    if (ran.status !== 0) throw new Error(`certlane ${words.join(' ')} ended with ${String(ran.status)}: ${ran.err}`);
    return JSON.parse(ran.out) as Reply;
  }
}
