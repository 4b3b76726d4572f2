import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { markOf, type ProcessMark } from '../data-folder/process-mark.js';
import type { LogFile } from './log-file.js';

/** What is started, and how to tell that it is ready. */
export interface ProcessPlan<Ready> {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What of the environment is otherwise when it is started again, so that it is found where it said at first that it is. */
  readonly envAgain?: (first: Ready) => Readonly<Record<string, string>>;
  readonly log: LogFile;
  /** Looks at a line the process printed; gives what it says about itself, as soon as it is ready. */
  readonly readyFrom: (line: string, gone: AbortSignal) => Ready | undefined | Promise<Ready | undefined>;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** How long it may take to stop before it is killed. */
  readonly stopMilliseconds: number;
  /** How long it may take to become ready. */
  readonly startMilliseconds: number;
}

/** Told to whoever supervises. */
export interface ProcessEvents<Ready> {
  readonly started: (mark: ProcessMark) => void | Promise<void>;
  readonly ready: (ready: Ready, mark: ProcessMark, restarted: boolean) => void | Promise<void>;
  /** It ended without being asked to; it is started again after so many milliseconds. */
  readonly lost: (how: string, restartMilliseconds: number) => void;
}

/** A process did not become ready; it is not tried again. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';

  constructor(
    readonly process: string,
    readonly how: string,
    readonly log: string,
    /** The last thing it said. */
    readonly lastWords: string,
  ) {
    super(`${process} could not be started: ${how}`);
  }
}

/** A process that cannot start three times in a row before it ever ran will not do so the fourth time. */
const FIRST_TRIES = 3;
const SHORTEST_BACK_OFF_MS = 200;
const LONGEST_BACK_OFF_MS = 10_000;
/** What it needs to be as before may be taken by another program meanwhile: rather elsewhere than not at all. */
const TRIES_AS_BEFORE = 3;
/** After running so long, the next death is not counted with those before. */
const STEADY_MS = 30_000;

/** What stands below the sentence when Node itself gives up: stack, source, its version. */
const NOISE = /^(?:\s|$|node:|Node\.js v|[{}\]]$)/;

/** One process that is kept running until it is stopped. */
export class SupervisedProcess<Ready> {
  readonly #plan: ProcessPlan<Ready>;
  readonly #events: ProcessEvents<Ready>;
  #child: ChildProcess | undefined;
  #exited: Promise<string> = Promise.resolve('');
  #stopping = false;
  #failures = 0;
  #firstReady: Ready | undefined;
  #triesSinceReady = 0;
  #lastWords = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: ProcessPlan<Ready>, events: ProcessEvents<Ready>) {
    this.#plan = plan;
    this.#events = events;
  }

  /**
   * Starts it and waits until it is ready; from then on it is restarted whenever it ends.
   * @throws {StartFailure} when it does not become ready
   */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const how = await this.#run();
      if (how === undefined || this.#stopping) return;
      // 78: it refuses its configuration (sysexits.h EX_CONFIG); another try changes nothing.
      if (attempt === FIRST_TRIES || how.includes('status 78')) {
        throw new StartFailure(this.#plan.name, how, this.#plan.log.path, this.#lastWords);
      }
    }
  }

  /** Stops it: asks, waits, kills. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    child.kill(this.#plan.stopSignal);
    const killing = setTimeout(() => child.kill('SIGKILL'), this.#plan.stopMilliseconds);
    await this.#exited;
    clearTimeout(killing);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
  }

  /** One life: resolves with nothing when it is ready, with how it ended when it ended before. */
  #run(): Promise<string | undefined> {
    const plan = this.#plan;
    // Its own process group: Ctrl-C in the terminal reaches the supervisor only, which stops things in order.
    const child = spawn(plan.program, [...plan.arguments], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    const begun = Date.now();
    const gone = new AbortController();
    return new Promise((resolve) => {
      let late = false;
      const overdue = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, plan.startMilliseconds);
      const marked = child.pid === undefined ? Promise.resolve(undefined) : markOf(child.pid);
      let isReady = false;
      const onLine = async (line: string): Promise<void> => {
        plan.log.write(line);
        if (!NOISE.test(line)) this.#lastWords = line;
        if (isReady) return;
        const ready = await plan.readyFrom(line, gone.signal);
        const mark = ready === undefined ? undefined : await marked;
        if (ready === undefined || mark === undefined || gone.signal.aborted) return;
        isReady = true;
        clearTimeout(overdue);
        const restarted = this.#firstReady !== undefined;
        this.#firstReady ??= ready;
        this.#triesSinceReady = 0;
        await this.#events.ready(ready, mark, restarted);
        resolve(undefined);
      };
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => void onLine(line));
      }
      this.#exited = new Promise((exited) => {
        child.once('error', (error) => end(`it could not be run (${error.message})`));
        child.once('close', (status, signal) =>
          end(signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`),
        );
        const end = (ended: string): void => {
          const how = late ? `it was not ready within ${plan.startMilliseconds / 1000} s` : ended;
          gone.abort();
          clearTimeout(overdue);
          if (this.#child === child) this.#child = undefined;
          exited(how);
          resolve(how);
          if (this.#firstReady !== undefined && !this.#stopping) this.#restartLater(how, Date.now() - begun);
        };
      });
      void marked.then((mark) => (mark === undefined ? undefined : this.#events.started(mark)));
    });
  }

  #environment(): ProcessPlan<Ready>['env'] {
    const { env, envAgain } = this.#plan;
    if (this.#firstReady === undefined || envAgain === undefined) return env;
    this.#triesSinceReady += 1;
    return this.#triesSinceReady > TRIES_AS_BEFORE ? env : { ...env, ...envAgain(this.#firstReady) };
  }

  #restartLater(how: string, livedMs: number): void {
    this.#failures = livedMs > STEADY_MS ? 0 : this.#failures + 1;
    const delay = Math.min(LONGEST_BACK_OFF_MS, SHORTEST_BACK_OFF_MS * 2 ** this.#failures);
    this.#events.lost(how, delay);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }
}
