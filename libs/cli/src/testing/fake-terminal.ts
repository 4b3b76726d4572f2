import type { Terminal } from '../terminal/terminal.js';

/** A terminal that keeps what was printed. */
export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
}

/** Makes a terminal without colours; `input` is what stands on standard input. */
export function fakeTerminal(
  parts: { readonly env?: Terminal['env']; readonly input?: string; readonly workingFolder?: string } = {},
): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  return {
    printed,
    complaints,
    out: (text) => void printed.push(text),
    err: (text) => void complaints.push(text),
    colours: false,
    interactive: false,
    env: parts.env ?? {},
    workingFolder: parts.workingFolder ?? '/nowhere',
    readInput: () => Promise.resolve(parts.input ?? ''),
  };
}
