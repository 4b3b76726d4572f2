import { resolve } from 'node:path';
import type { Terminal } from '../terminal/terminal.js';
import { invalid } from './invalid.js';
import { fileProblem, readUpTo } from './read-file.js';

/** A file that holds a password is short. */
const SECRET_FILE_LIMIT = 4096;

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
 * @throws {CertlaneError} `invalid-argument` when it was given twice, its file cannot be read, or the first line there is empty
 */
export async function secretFrom(terminal: Terminal, options: SecretOptions): Promise<string | undefined> {
  const { name, value, file } = options;
  if (file === undefined) return value;
  if (value !== undefined) {
    throw invalid(`--${name}`, undefined, `give either --${name} or --${name}-file, not both`);
  }
  const text = file === '-' ? await terminal.readInput() : await readSecretFile(terminal, `--${name}-file`, file);
  const secret = text.split(/\r?\n/, 1)[0] ?? '';
  if (secret !== '') return secret;
  const where = file === '-' ? 'standard input' : 'the file';
  throw invalid(`--${name}-file`, file, `the first line of ${where} is empty; write the password there`);
}

/**
 * A session password: 1 to 8 characters of the set of X fields (RFC 5024 §5.3, §5.3.2). The value is never repeated.
 * @throws {CertlaneError} `invalid-argument`
 */
export function sessionPassword(text: string, field: string): string {
  const octets = Buffer.byteLength(text);
  if (octets === 0) {
    throw invalid(
      field,
      undefined,
      'the password given is empty, but SSIDPSWD takes 1 to 8 octets (RFC 5024 §5.3.2); give one',
    );
  }
  if (octets > 8) {
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
  const remedy = 'name a file whose first line is the password, or - for standard input';
  if (file === '') throw invalid(field, file, `no file is named; ${remedy}`);
  let octets: Buffer | undefined;
  try {
    octets = await readUpTo(resolve(terminal.workingFolder, file), SECRET_FILE_LIMIT);
  } catch (thrown) {
    throw invalid(field, file, `${fileProblem(thrown)}; ${remedy}`);
  }
  if (octets === undefined) throw invalid(field, file, `the file has more than ${SECRET_FILE_LIMIT} octets; ${remedy}`);
  return octets.toString('utf8');
}
