/** What a command sees of the world around it; tests pass their own. */
export interface Terminal {
  /** Standard output, whole lines; the line end is added. */
  readonly out: (text: string) => void;
  /** Standard error, whole lines; the line end is added. */
  readonly err: (text: string) => void;
  /** Whether a person reads standard output and wants colours. */
  readonly colours: boolean;
  /** Whether a person reads standard error: progress may be shown. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** All of standard input as text. */
  readonly readInput: () => Promise<string>;
  /** Asks the person who looks on, and gives the answer, empty where none was given; absent where nobody looks on. */
  readonly ask?: (question: string) => Promise<string>;
}

/** The terminal this process was started from. */
export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    colours: wantsColours(process.env, process.stdout.isTTY),
    interactive: process.stderr.isTTY,
    env: process.env,
    workingFolder: process.cwd(),
    readInput,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  };
}

/** Colours on a terminal only, and never where `NO_COLOR` is set to anything (https://no-color.org). */
export function wantsColours(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

async function readInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const piece of process.stdin) text += piece as string;
  return text;
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve) => {
      // The end of the input (Ctrl-D) and Ctrl-C are no answer.
      lines.once('close', () => resolve(''));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
