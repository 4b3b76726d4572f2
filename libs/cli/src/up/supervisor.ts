import { join } from 'node:path';
import { CertlaneError, serviceNames, type ServiceName } from '@certlane/contracts';
import { OPERATOR, PROVISIONER, provisionNats } from '../bus.js';
import { LAYOUT } from '../data-folder/layout.js';
import { markOf, type ProcessMark } from '../data-folder/process-mark.js';
import { removeStationFile, writeStationFile, type StationFile } from '../data-folder/station-file.js';
import { EmbeddedNats } from './embedded-nats.js';
import { LogFile } from './log-file.js';
import type { Preparation } from './preparation.js';
import { BUS, ProcessList } from './process-list.js';
import { connectAs } from './nats-access.js';
import { servicePlan, type ServiceReady } from './service-plans.js';
import { StartFailure, SupervisedProcess } from './supervised-process.js';
import type { UpConsole } from './up-console.js';

/** Once the gateway has stopped nothing new comes in; the registry and the CA store are asked by others until the end. */
const STOP_ORDER: readonly (readonly ServiceName[])[] = [
  ['session-gateway'],
  ['cert-exchange'],
  ['partner-registry', 'ca-store'],
];

/** One station: its NATS and its four services, started, watched and stopped together. */
export class Supervisor {
  readonly #preparation: Preparation;
  readonly #console: UpConsole;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #processes: ProcessList;
  readonly #services = new Map<ServiceName, SupervisedProcess<ServiceReady>>();
  readonly #logs: LogFile[] = [];
  readonly #facts: StationFile['services'] = {};
  #nats: EmbeddedNats | undefined;
  #natsMark: ProcessMark | undefined;
  #version = '';
  #running = false;
  #stopping = false;
  #starting: Promise<unknown> = Promise.resolve();
  #startedAt = '';
  #published: Promise<unknown> = Promise.resolve();
  #me: ProcessMark | undefined;

  constructor(preparation: Preparation, console: UpConsole, env: Readonly<Record<string, string | undefined>>) {
    this.#preparation = preparation;
    this.#console = console;
    this.#env = env;
    this.#processes = new ProcessList(preparation.folder);
  }

  /**
   * Starts everything and waits until all of it is ready.
   * @throws {CertlaneError} `failed-precondition` or `unavailable` when something does not start; {@link stop} clears up
   */
  start(): Promise<StationFile> {
    const started = this.#startAll();
    this.#starting = started.catch(() => undefined);
    return started;
  }

  async #startAll(): Promise<StationFile> {
    this.#startedAt = new Date().toISOString();
    this.#me = await markOf(process.pid);
    const left = await this.#processes.endLeftovers();
    if (left.length > 0) this.#console.leftovers(left);
    const url = await this.#startBus();
    this.#assertWanted();
    await Promise.all(serviceNames.map((name) => this.#startService(name, url)));
    this.#assertWanted();
    this.#running = true;
    return this.#publish();
  }

  #assertWanted(): void {
    if (this.#stopping) throw new CertlaneError('unavailable', 'the station was stopped before it was ready');
  }

  /** Stops everything in order: partners first, the bus last. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopping = true;
    for (const names of STOP_ORDER) {
      await Promise.all(names.map(async (name) => this.#services.get(name)?.stop()));
    }
    await this.#starting;
    await this.#nats?.stop();
    await removeStationFile(this.#preparation.folder);
    await this.#processes.clear();
    for (const log of this.#logs) log.close();
    await this.#preparation.lock.release();
  }

  /** Ends everything at once; the next start clears up. */
  kill(): void {
    for (const service of this.#services.values()) service.kill();
    this.#nats?.kill();
  }

  async #startBus(): Promise<string> {
    const { bus, settings, passwordFiles, prefix } = this.#preparation;
    let url: string;
    if (bus.kind === 'external') url = bus.url;
    else {
      this.#nats = await EmbeddedNats.start(this.#preparation, bus.program.path, {
        started: async (mark) => {
          this.#natsMark = mark;
          await this.#note(BUS, mark);
          await this.#refresh();
        },
        lost: (how, delay) => this.#console.lost(BUS, how, delay),
        restarted: () => this.#console.restarted(BUS),
      });
      url = this.#nats.url;
    }
    const connection = await connectAs(PROVISIONER, { url, passwordFiles, caFile: settings.natsCa });
    try {
      this.#version = connection.info?.version ?? '';
      await provisionNats(connection, prefix);
    } catch (thrown) {
      const reason = Error.isError(thrown) ? thrown.message : String(thrown);
      throw new CertlaneError(
        'unavailable',
        `the streams cannot be made in NATS at ${url} (${reason}); it needs JetStream, and the user provisioner its permissions`,
        { cause: thrown },
      );
    } finally {
      await connection.close();
    }
    this.#console.bus(url, this.#version, bus.kind === 'embedded', this.#durability());
    return url;
  }

  async #startService(name: ServiceName, url: string): Promise<void> {
    const log = new LogFile(join(this.#preparation.folder.logs, `${name}.log`));
    this.#logs.push(log);
    const service = new SupervisedProcess<ServiceReady>(servicePlan(name, this.#preparation, url, log, this.#env), {
      started: (mark) => this.#note(name, mark),
      ready: async ({ health, remark }, mark, restarted) => {
        const moved = restarted && this.#facts[name]?.health !== health;
        this.#facts[name] = { process: mark, health, log: log.path };
        await this.#refresh();
        if (restarted) this.#console.restarted(name, moved ? health : undefined);
        if (remark !== undefined) this.#console.lacking(name, remark);
      },
      lost: (how, delay) => this.#console.lost(name, how, delay),
    });
    this.#services.set(name, service);
    try {
      await service.start();
    } catch (thrown) {
      throw thrown instanceof StartFailure ? explained(thrown) : thrown;
    }
  }

  async #note(name: string, mark: ProcessMark): Promise<void> {
    await this.#unlessRunning(this.#processes.note(name, mark));
  }

  /** A restarted process has another number, and another address where its own was taken meanwhile. */
  async #refresh(): Promise<void> {
    if (this.#running) await this.#unlessRunning(this.#publish());
  }

  /** What cannot be written (a full disk) keeps a station from starting; it does not end one that runs. */
  async #unlessRunning(written: Promise<unknown>): Promise<void> {
    try {
      await written;
    } catch (thrown) {
      if (!this.#running) throw thrown;
      this.#console.unwritten(thrown);
    }
  }

  /** One after the other, each with what holds by then: services that come back together leave what holds for both. */
  #publish(): Promise<StationFile> {
    const published = this.#published.then(async () => {
      const file = this.#stationFile();
      await writeStationFile(this.#preparation.folder, file);
      return file;
    });
    this.#published = published.catch(() => undefined);
    return published;
  }

  #stationFile(): StationFile {
    const { settings, tcpPort, tlsPort, passwordFiles, bus, store, prefix } = this.#preparation;
    const endpoint = (port: number | undefined) =>
      port === undefined ? undefined : { address: settings.address, port };
    const password = passwordFiles[OPERATOR];
    return {
      layout: LAYOUT,
      startedAt: this.#startedAt,
      supervisor: this.#me ?? { pid: process.pid, started: '' },
      listen: {
        ...(tcpPort === undefined ? {} : { tcp: endpoint(tcpPort) }),
        ...(tlsPort === undefined ? {} : { tls: endpoint(tlsPort) }),
      },
      nats: {
        url: this.#nats?.url ?? (bus.kind === 'external' ? bus.url : ''),
        prefix,
        version: this.#version,
        ...(this.#natsMark === undefined ? {} : { process: this.#natsMark }),
        ...(password === undefined ? {} : { user: OPERATOR, passwordFile: password }),
        ...(settings.natsCa === undefined ? {} : { caFile: settings.natsCa }),
      },
      store: store.shown,
      durability: this.#durability(),
      services: Object.fromEntries(
        serviceNames.flatMap((name) => (this.#facts[name] ? [[name, this.#facts[name]]] : [])),
      ),
    };
  }

  #durability(): string {
    const { store } = this.#preparation;
    if (store.shown !== 'nats:')
      return 'documents are written with majority and journal in MongoDB; events and jobs are as durable as NATS';
    return this.#nats?.durability ?? 'what is stored is as durable as the NATS it is in';
  }
}

function explained(failure: StartFailure): CertlaneError {
  const last = lastWords(failure.lastWords);
  return new CertlaneError(
    'failed-precondition',
    `${failure.process} could not be started: ${failure.how}${last === '' ? '' : `, saying: ${last}`} (log: ${failure.log})`,
    { cause: failure },
  );
}

/** The sentence in a log line, where it is one. */
function lastWords(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message]
      .filter((word) => word !== undefined)
      .join(': ')
      .replace(/\s+/g, ' ');
  } catch {
    return line.trim();
  }
}
