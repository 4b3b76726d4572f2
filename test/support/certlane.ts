import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from './repository.js';

/** What a run of the certlane command left. */
export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** What the launcher starts, with the pinned runtime. */
export const certlaneProgram: readonly string[] = [
  '--min-semi-space-size=16',
  fileURLToPath(new URL('libs/cli/dist/main.js', repositoryRoot)),
];

/** How a command is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly workingFolder?: string;
  /** What stands on standard input. */
  readonly input?: string;
}

/** Runs `certlane WORDS…` in a process of its own, to its end. */
export async function certlane(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [...certlaneProgram, ...words], {
    cwd: options.workingFolder,
    env: { ...process.env, CERTLANE_DATA: undefined, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(options.input ?? '');
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}
