import { resolve } from 'node:path';
import type { Bus } from '../bus.js';
import { dataFolder, type DataFolder } from '../data-folder/layout.js';
import { runningStation } from '../data-folder/station-file.js';
import { actorFrom } from '../input/actor.js';
import { invalid } from '../input/invalid.js';
import { styleFor, type Style } from '../output/style.js';
import { connectStation, type StationLink } from '../station/connect.js';
import type { Terminal } from '../terminal/terminal.js';

/** Options every command has. */
export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly actor?: string;
}

/** What one run of one command works with. */
export class Context {
  readonly terminal: Terminal;
  readonly style: Style;
  /** For machines: one JSON document on standard output, no progress. */
  readonly json: boolean;
  /** Who acts by this command, as the audit names it. */
  readonly actor: string;
  readonly #data: string | undefined;
  #link: Promise<StationLink> | undefined;

  /** @throws {CertlaneError} `invalid-argument` for an `--actor` that is no name */
  constructor(terminal: Terminal, options: GlobalOptions) {
    this.terminal = terminal;
    this.json = options.json === true;
    this.style = styleFor(terminal.colours && !this.json);
    this.actor = actorFrom(options.actor);
    this.#data = options.data ?? (terminal.env['CERTLANE_DATA'] || undefined);
  }

  /**
   * The data folder that was named.
   * @throws {CertlaneError} `invalid-argument` when none was
   */
  folder(): DataFolder {
    if (this.#data === undefined || this.#data === '') {
      throw invalid('--data', undefined, "name the station's data folder with --data DIR or in CERTLANE_DATA");
    }
    return dataFolder(resolve(this.terminal.workingFolder, this.#data));
  }

  /**
   * The connection to the running station, made on first use.
   * @throws {CertlaneError} `unavailable` when no station runs on the folder
   */
  link(): Promise<StationLink> {
    this.#link ??= (async () => {
      const folder = this.folder();
      return connectStation(await runningStation(folder), this.actor);
    })();
    return this.#link;
  }

  /**
   * The bus of the running station.
   * @throws {CertlaneError} `unavailable` when no station runs on the folder
   */
  async bus(): Promise<Bus> {
    return (await this.link()).bus;
  }

  /** Progress for a person who looks on; nothing for machines and logs. */
  progress(text: string): void {
    if (this.terminal.interactive && !this.json) this.terminal.err(this.style.faint(text));
  }

  /** A path as the person wrote it, made absolute. */
  path(file: string): string {
    return resolve(this.terminal.workingFolder, file);
  }

  async close(): Promise<void> {
    const link = await this.#link?.catch(() => undefined);
    await link?.close();
  }
}
