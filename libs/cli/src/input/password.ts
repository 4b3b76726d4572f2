import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Terminal } from '../terminal/terminal.js';
import { invalid } from './invalid.js';

/** A secret as a person may hand it over: on the command line, in a file, or on standard input. */
export interface SecretOptions {
  /** The option's name without dashes, e.g. `password`. */
  readonly name: string;
  /** `--NAME VALUE` */
  readonly value?: string | undefined;
  /** `--NAME-file FILE`, `-` for standard input; its first line counts. */
  readonly file?: string | undefined;
}

/**
 * The secret, from wherever it was given; `undefined` when it was not given at all.
 * @throws {CertlaneError} `invalid-argument` when it was given twice or its file cannot be read
 */
export async function secretFrom(terminal: Terminal, options: SecretOptions): Promise<string | undefined> {
  const { name, value, file } = options;
  if (file === undefined) return value;
  if (value !== undefined) {
    throw invalid(`--${name}`, undefined, `give either --${name} or --${name}-file, not both`);
  }
  const text = file === '-' ? await terminal.readInput() : await readSecretFile(terminal, `--${name}-file`, file);
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/**
 * A session password: 1 to 8 characters of the set of X fields (RFC 5024 §5.3, §5.3.2). The value is never repeated.
 * @throws {CertlaneError} `invalid-argument`
 */
export function sessionPassword(text: string, field: string): string {
  const octets = Buffer.byteLength(text);
  if (octets < 1 || octets > 8) {
    throw invalid(
      field,
      undefined,
      `the password given has ${octets} octets, but SSIDPSWD takes 1 to 8 (RFC 5024 §5.3.2); agree on a shorter one`,
    );
  }
  if (!/^[0-9A-Z/\-.&()]+$/.test(text)) {
    throw invalid(
      field,
      undefined,
      'the password given holds other characters than A-Z, 0-9 and / - . & ( ) (RFC 5024 §5.3); agree on one without',
    );
  }
  return text;
}

async function readSecretFile(terminal: Terminal, field: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(terminal.workingFolder, file), 'utf8');
  } catch (thrown) {
    throw invalid(
      field,
      file,
      `${fileProblem(thrown)}; name a file whose first line is the password, or - for standard input`,
    );
  }
}

/** What is wrong with a file, in words, from the error Node gave. */
export function fileProblem(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
      return 'the file may not be read by this user';
    case 'EISDIR':
      return 'this is a folder';
    default:
      return `the file cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
  }
}
