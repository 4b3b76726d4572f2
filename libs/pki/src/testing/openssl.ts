import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const found = spawnSync('openssl', ['version'], { encoding: 'utf8' });

/** Version line of the openssl command, or undefined where there is none. */
export const opensslVersion: string | undefined = found.status === 0 ? found.stdout.trim() : undefined;

/** A folder of its own to run openssl in, with named files for input and output. */
export class OpensslBench {
  private readonly folder = mkdtempSync(join(tmpdir(), 'certlane-openssl-'));

  /** Writes a file and returns its name for use as an argument. */
  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  /** Reads a file that openssl wrote. */
  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, name)));
  }

  /** Runs openssl with these arguments; what it says becomes the error's message if it fails. */
  run(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Runs openssl and returns its exit status and all it said. */
  try(...args: string[]): { readonly status: number | null; readonly output: string } {
    const result = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    return { status: result.status, output: result.stdout + result.stderr };
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
