import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import {
  OPERATOR,
  PROVISIONER,
  operatorPermissions,
  permissionsOf,
  provisionerPermissions,
  startNatsServer,
  type NatsServer,
} from '../bus.js';
import { markOf, type ProcessMark } from '../data-folder/process-mark.js';
import { NATS_USERS, type NatsUser } from './nats-users.js';
import type { Preparation } from './preparation.js';

/** Told to whoever supervises. */
export interface NatsEvents {
  readonly started: (mark: ProcessMark) => void | Promise<void>;
  /** It ended without being asked to; it is started again after so many milliseconds. */
  readonly lost: (how: string, restartMilliseconds: number) => void;
  readonly restarted: () => void;
}

const SHORTEST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;

/** The station's own nats-server, kept running on the port it got first. */
export class EmbeddedNats {
  #server: NatsServer;
  #stopping = false;
  /** A start that is under way: what it brings up must be stopped too. */
  #restarting: Promise<unknown> = Promise.resolve();
  readonly #events: NatsEvents;

  private constructor(server: NatsServer, events: NatsEvents) {
    this.#server = server;
    this.#events = events;
  }

  /**
   * Starts it with one user a service, an operator and a provisioner, each allowed what its contract says.
   * @throws {CertlaneError} `failed-precondition` when it does not start
   */
  static async start(preparation: Preparation, binary: string, events: NatsEvents): Promise<EmbeddedNats> {
    const { prefix } = preparation;
    const users = await Promise.all(
      NATS_USERS.map(async (name) => ({
        name,
        password: { text: (await readFile(preparation.passwordFiles[name] ?? '', 'utf8')).trim() },
        permissions: permissionsFor(name, prefix),
      })),
    );
    const server = await startNatsServer({ binary, dataDir: preparation.folder.nats, users });
    const nats = new EmbeddedNats(server, events);
    await nats.#note();
    void nats.#watch();
    return nats;
  }

  get url(): string {
    return this.#server.url;
  }

  get version(): string {
    return this.#server.version;
  }

  /** One sentence: what survives what. */
  get durability(): string {
    const { survives, why } = this.#server.durability;
    return survives === 'power-cut'
      ? `what is stored survives a killed process and a power cut (${why})`
      : `what is stored survives a killed process; a power cut may lose the last moments (${why})`;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#restarting;
    await this.#server.stop();
  }

  kill(): void {
    this.#stopping = true;
    void this.#server.kill();
    void this.#restarting.then(() => this.#server.kill());
  }

  async #watch(): Promise<void> {
    for (let failures = 0; ;) {
      const { code, signal } = await this.#server.exited;
      if (this.#stopping) return;
      const delay = Math.min(LONGEST_BACK_OFF_MS, SHORTEST_BACK_OFF_MS * 2 ** failures);
      this.#events.lost(signal === null ? `it ended with status ${String(code)}` : `it was ended by ${signal}`, delay);
      failures = (await this.#again(delay)) ? 0 : failures + 1;
    }
  }

  async #again(delay: number): Promise<boolean> {
    await sleep(delay);
    if (this.#stopping) return false;
    const restarting = this.#restart();
    this.#restarting = restarting;
    const restarted = await restarting;
    if (restarted) this.#events.restarted();
    return restarted;
  }

  async #restart(): Promise<boolean> {
    try {
      this.#server = await this.#server.restart();
    } catch {
      // The log says why; the next try follows.
      return false;
    }
    await this.#note();
    return true;
  }

  async #note(): Promise<void> {
    const mark = await markOf(this.#server.pid);
    if (mark !== undefined) await this.#events.started(mark);
  }
}

function permissionsFor(user: NatsUser, prefix: string) {
  if (user === OPERATOR) return operatorPermissions(prefix);
  if (user === PROVISIONER) return provisionerPermissions(prefix);
  return permissionsOf(user, prefix);
}
