import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { stationFile, type StationFile } from '@certlane/cli';
import { certlane, certlaneProgram, type Ran, type RunOptions } from './certlane.js';

/** A station that `certlane up` could not start. */
export class UpFailed extends Error {
  constructor(readonly ran: Ran) {
    super(`certlane up ended with status ${String(ran.status)}: ${ran.err}`);
  }
}

/** A station as a user runs it: a `certlane up` process on a data folder. */
export class RunningStation {
  private constructor(
    readonly data: string,
    readonly file: StationFile,
    private readonly child: ChildProcess,
    private readonly said: { err: string },
  ) {}

  /**
   * Starts `certlane up` and waits until it is ready; it chooses free ports unless told otherwise.
   * @throws {UpFailed} when it ends instead
   */
  static async start(data: string, words: readonly string[] = [], options: RunOptions = {}): Promise<RunningStation> {
    const ports = ['--tcp-port', 'auto', '--tls-port', 'auto'].filter(
      (_word, index) => !words.includes(index < 2 ? '--tcp-port' : '--tls-port'),
    );
    const child = spawn(process.execPath, [...certlaneProgram, '--data', data, '--json', 'up', ...ports, ...words], {
      env: { ...process.env, CERTLANE_DATA: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { err: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    const ended = once(child, 'close').then(([status]) => {
      throw new UpFailed({ status: status as number | null, out: '', err: said.err });
    });
    // Once it is ready, its end is no failure of the start any more.
    ended.catch(() => undefined);
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])) as [string];
    const file = stationFile.safeParse(JSON.parse(line));
    // What it says instead is why it ends.
    return file.success ? new RunningStation(data, file.data, child, said) : ended;
  }

  get tcpPort(): number {
    return this.file.listen.tcp?.port ?? 0;
  }

  get tlsPort(): number {
    return this.file.listen.tls?.port ?? 0;
  }

  /** What a person saw on the console so far. */
  get console(): string {
    return this.said.err;
  }

  /** Runs a command on this station, whatever comes of it. */
  run(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return certlane(['--data', this.data, ...words], options);
  }

  /**
   * Runs a command with `--json` that must do what it was asked.
   * @throws {Error} with what it said when it ends with another status than 0
   */
  async ok<Reply = unknown>(...words: readonly string[]): Promise<Reply> {
    const ran = await this.run(['--json', ...words]);
    if (ran.status !== 0) throw new Error(`certlane ${words.join(' ')} ended with ${String(ran.status)}: ${ran.err}`);
    return JSON.parse(ran.out) as Reply;
  }

  /** Asks it to stop, as Ctrl-C or a service manager does. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    return ((await closed) as [number | null])[0];
  }

  /** SIGKILL to `certlane up` alone: what it started goes on. */
  async kill(): Promise<void> {
    const closed = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await closed;
  }
}
