import { open } from 'node:fs/promises';
import { invalid } from './invalid.js';

/**
 * The octets of a file, or of a pipe, but never more than can be meant: a slip such as `/dev/zero` or the image of a disk must
 * not fill the memory.
 * @param limit the most octets it may have
 * @returns `undefined` when there are more
 * @throws what Node throws when it cannot be read
 */
export async function readUpTo(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await open(path, 'r');
  try {
    const octets = Buffer.alloc(limit + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(octets, length, octets.length - length, null);
      length += bytesRead;
      if (length > limit) return undefined;
      if (bytesRead === 0) return octets.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

/**
 * The octets of a file that a person named.
 * @param path absolute; `shown` is what the person wrote
 * @param limit the most octets it may have
 * @throws {CertlaneError} `invalid-argument` when it cannot be read or is too long
 */
export async function octetsFrom(path: string, field: string, shown: string, limit: number): Promise<Buffer> {
  // An empty name would be the working folder.
  if (shown === '') throw invalid(field, shown, 'no file is named; name a file that exists and may be read');
  let octets: Buffer | undefined;
  try {
    octets = await readUpTo(path, limit);
  } catch (thrown) {
    throw invalid(field, shown, `${fileProblem(thrown)}; name a file that exists and may be read`);
  }
  if (octets === undefined) {
    throw invalid(
      field,
      shown,
      `the file has more than ${limit} octets, too many for what is wanted; name another file`,
    );
  }
  return octets;
}

/** What is wrong with a file, in words, from the error Node gave. */
export function fileProblem(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'the file may not be read by this user';
    case 'EISDIR':
      return 'this is a folder';
    case 'ELOOP':
      return 'the link leads back to itself';
    default:
      return `the file cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
  }
}
