import type { Terminal } from '../terminal/terminal.js';

/** A terminal that keeps what was printed. */
export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
  /** What a person was asked. */
  readonly questions: string[];
}

/** Makes a terminal without colours; `input` is what stands on standard input, `answer` what a person says when asked. */
export function fakeTerminal(
  parts: {
    readonly env?: Terminal['env'];
    readonly input?: string;
    readonly workingFolder?: string;
    readonly answer?: string;
  } = {},
): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  const questions: string[] = [];
  const { answer } = parts;
  const ask = (question: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(answer ?? '');
  };
  return {
    printed,
    complaints,
    questions,
    out: (text) => void printed.push(text),
    err: (text) => void complaints.push(text),
    colours: false,
    interactive: false,
    env: parts.env ?? {},
    workingFolder: parts.workingFolder ?? '/nowhere',
    readInput: () => Promise.resolve(parts.input ?? ''),
    ...(answer === undefined ? {} : { ask }),
  };
}
