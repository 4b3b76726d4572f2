import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writtenForms, type Needle } from './needles.js';

/** Everything that was said, stored or shown, under the name of the place. */
export class Haystack {
  readonly #places: { readonly name: string; readonly octets: Buffer }[] = [];

  add(name: string, content: Uint8Array | string): void {
    const octets = Buffer.from(content as string);
    this.#places.push({ name, octets });
    // PEM and JSON break long texts into lines: once more without the breaks.
    const text = octets.toString('latin1');
    if (/\r|\n|\\n/.test(text)) {
      this.#places.push({
        name: `${name}, in one line`,
        octets: Buffer.from(text.replace(/\r|\n|\\n/g, ''), 'latin1'),
      });
    }
  }

  /** Every file below a folder, but for the folders left out. */
  async addFolder(folder: string, leftOut: readonly string[] = []): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !leftOut.some((other) => path.startsWith(other))) this.add(path, await readFile(path));
    }
  }

  get size(): number {
    return this.#places.reduce((sum, { octets }) => sum + octets.length, 0);
  }

  /** Where the needles are: `what in where`. */
  find(needles: readonly Needle[]): string[] {
    return needles.flatMap(({ name, octets }) => {
      const forms = writtenForms(octets);
      return this.#places
        .filter((place) => forms.some((form) => place.octets.includes(form)))
        .map((place) => `${name} in ${place.name}`);
    });
  }
}
