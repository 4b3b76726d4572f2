import type { StationFile } from '../data-folder/station-file.js';
import { printable, type Style } from '../output/style.js';
import { pairs } from '../output/table.js';
import { shellWord } from '../output/words.js';
import type { Terminal } from '../terminal/terminal.js';

/** What a person sees of a running station; logs go to files. */
export class UpConsole {
  readonly #terminal: Terminal;
  readonly #style: Style;
  readonly #json: boolean;

  constructor(terminal: Terminal, style: Style, json: boolean) {
    this.#terminal = terminal;
    this.#style = style;
    this.#json = json;
  }

  starting(folder: string): void {
    this.#say(`Starting the station in ${folder} ...`);
  }

  leftovers(names: readonly string[]): void {
    this.#say(
      this.#style.warning(`The station before was not stopped: ended what it left running (${names.join(', ')}).`),
    );
  }

  bus(url: string, version: string, embedded: boolean, durability: string): void {
    this.#say(`NATS ${version}${embedded ? ', started here,' : ''} at ${url}: ${durability}.`);
  }

  ready(station: StationFile, folder: string): void {
    if (this.#json) {
      this.#terminal.out(JSON.stringify(station));
      return;
    }
    const services = Object.entries(station.services).map(
      ([name, { health }]) => [name, `${health}/health/ready`] as const,
    );
    const on = (endpoint: { address: string; port: number } | undefined): string =>
      endpoint === undefined ? this.#style.faint('does not listen') : `${endpoint.address}:${endpoint.port}`;
    this.#terminal.out(
      [
        this.#style.strong('Listening for partners'),
        pairs(this.#style, [
          ['OFTP2 over TLS', on(station.listen.tls)],
          ['OFTP2 over TCP', on(station.listen.tcp)],
        ]),
        this.#style.strong('Services'),
        pairs(this.#style, services),
        `${this.#style.good('Ready.')} In another terminal: certlane --data ${shellWord(folder)} station list. Ctrl-C stops the station.`,
      ].join('\n'),
    );
  }

  event(line: string): void {
    if (!this.#json) this.#terminal.out(line);
  }

  lost(name: string, how: string, delay: number): void {
    this.#terminal.err(this.#style.bad(`certlane: ${name} is gone: ${how}; it is started again in ${delay} ms`));
  }

  /** @param moved where its health is told now, where another program has taken the port it had */
  restarted(name: string, moved?: string): void {
    const where = moved === undefined ? '' : `; its port was taken, its health is now at ${moved}/health/ready`;
    this.#terminal.err(this.#style.good(`certlane: ${name} runs again${where}`));
  }

  /** A service runs, but waits for something that an operator gives it. */
  lacking(name: string, remark: string): void {
    this.#terminal.err(this.#style.warning(`certlane: ${name} runs, but is not ready: ${printable(remark)}`));
  }

  unwritten(thrown: unknown): void {
    const why = Error.isError(thrown) ? thrown.message : String(thrown);
    const what = 'a process has started anew, which could not be written down';
    this.#terminal.err(this.#style.bad(`certlane: ${what} (${why}); the station goes on`));
  }

  stopping(): void {
    this.#say('Stopping ... (once more ends it at once)');
  }

  stopped(): void {
    this.#say('Stopped.');
  }

  #say(text: string): void {
    this.#terminal.err(text);
  }
}
