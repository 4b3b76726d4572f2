import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ListenAddress } from './runtime-config.js';
import { Secret } from './secret.js';

/** Far more than any password, key or credentials file; a wrong path must not fill the memory. */
const MAX_SECRET_OCTETS = 65_536;

/**
 * A path of a file with a secret; gives its content without the last line break.
 * Secrets come by file only: an environment is readable for every process of the same user, and ends in crash reports.
 */
export function secretFile(): z.ZodType<Secret, string> {
  return z.string().transform((path, context) => {
    const content = readSecret(path);
    if (typeof content !== 'string') return content;
    context.addIssue({ code: 'custom', message: content });
    return z.NEVER;
  });
}

function readSecret(path: string): Secret | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    return `names a file that cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') return 'names an empty file';
  if (secret.length > MAX_SECRET_OCTETS) return `names a file of more than ${MAX_SECRET_OCTETS} octets`;
  return new Secret(secret);
}

/** `host:port`, `[::1]:port`; port 0 lets the system choose. */
export function listenAddress(): z.ZodType<ListenAddress, string> {
  return z.string().transform((text, context) => {
    const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (host !== undefined && port <= 65_535) return { host, port };
    context.addIssue({ code: 'custom', message: 'must be host:port, with a port of 0 to 65535 (0: any free port)' });
    return z.NEVER;
  });
}

/** `true` or `false`. */
export function flag(): z.ZodType<boolean, string> {
  return z.enum(['true', 'false'], { error: "must be 'true' or 'false'" }).transform((text) => text === 'true');
}

/** A whole number between two bounds, both included. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }));
}
