import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

/** Octets of the key that secrets are sealed under. */
const KEY_OCTETS = 32;
/** Bits of a file's mode that let anybody else in; the group is left alone, since Kubernetes hands secrets to a group. */
const OTHERS = 0o007;

/**
 * A path of the file with the sealing key: 32 octets, raw or as base64; gives the octets.
 *
 * A file that others on the machine may read is refused: whoever has it can open every private key in the store.
 */
export function sealingKeyFile(): z.ZodType<Buffer, string> {
  return z.string().transform((path, context) => {
    const key = readKey(path);
    if (typeof key !== 'string') return key;
    context.addIssue(key);
    return z.NEVER;
  });
}

function readKey(path: string): Buffer | string {
  let octets: Buffer;
  try {
    const mode = statSync(path).mode;
    if ((mode & OTHERS) !== 0) return `the file must not be open to others: run chmod 600 on it`;
    octets = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return `the file cannot be read (${code})`;
  }
  if (octets.length === KEY_OCTETS) return octets;
  const text = octets.toString('latin1').trim();
  const decoded = /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return decoded?.length === KEY_OCTETS ? decoded : `the file must hold 32 octets, raw or as base64`;
}
