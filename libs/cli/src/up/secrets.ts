import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CertlaneError } from '@certlane/contracts';
import { fileProblem } from '../input/read-file.js';
import { pki } from '../pki.js';

/** Octets of the secret a sealing key is made of. */
const SEALING_SECRET_OCTETS = 32;

/**
 * A secret that is made once and kept: 32 random octets as base64, mode 0600, unless the file exists.
 * @returns the text
 */
export async function keptSecret(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known !== undefined && known.trim() !== '') return known.trim();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  const secret = randomBytes(SEALING_SECRET_OCTETS).toString('base64');
  await writeFile(temporary, `${secret}\n`, { mode: 0o600, flush: true });
  try {
    // A link never replaces: a key that is there already is never lost to a second start.
    await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return secret;
}

/**
 * Checks the file of `--key-file`: 32 octets, raw or as base64, open to its owner only.
 * @throws {CertlaneError} `invalid-argument`
 */
export async function assertKeyFile(path: string): Promise<void> {
  const refuse = (problem: string): CertlaneError =>
    new CertlaneError('invalid-argument', `--key-file is '${path}': ${problem}`, { details: { field: '--key-file' } });
  let octets: Buffer;
  try {
    octets = await readFile(path);
  } catch (thrown) {
    throw refuse(`${fileProblem(thrown)}; make one with: head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE`);
  }
  if (keyOctets(octets) === undefined) {
    throw refuse(
      'the file does not hold 32 octets, raw or as base64; make one with: head -c 32 /dev/urandom | base64 > FILE',
    );
  }
  if (((await stat(path)).mode & 0o007) !== 0)
    throw refuse('others on this machine may open the file; run: chmod 600 on it');
}

/** Tells one sealing key from another without telling anything about it; `undefined` when the file holds none. */
export async function sealingKeyId(path: string): Promise<string | undefined> {
  const key = keyOctets(await readFile(path));
  const { SealingKey } = await pki();
  return key === undefined ? undefined : Buffer.from(new SealingKey(key).id).toString('hex');
}

function keyOctets(content: Buffer): Buffer | undefined {
  if (content.length === SEALING_SECRET_OCTETS) return content;
  const text = content.toString('latin1').trim();
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
