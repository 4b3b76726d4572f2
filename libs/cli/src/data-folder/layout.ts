import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CertlaneError } from '@certlane/contracts';
import { z } from 'zod';
import { fileProblem } from '../input/read-file.js';
import { writeWhole } from './write-whole.js';

/** Version of what lies in a data folder; grows when an older program could not read it any more. */
export const LAYOUT = 1;

/** `DIR/certlane.json`: what makes a folder one of ours, and what must not change from one start to the next. */
const folderFile = z.object({
  certlane: z.literal('data-folder'),
  layout: z.int(),
  createdAt: z.iso.datetime(),
  /** Tells the key that the private keys are sealed with; another key could not open them. */
  sealingKey: z.string(),
  /** `embedded`, or the URL of the NATS that holds jobs, events and, with `nats:`, the documents. */
  nats: z.string(),
  /** `nats:`, or the MongoDB URL without credentials. */
  store: z.string(),
  /** First token of every subject. */
  prefix: z.string(),
  /** Networks that lists may be fetched from although they are not public; absent: none. This may change. */
  fetchAllow: z.array(z.string()).optional(),
});
/** What a data folder was set up with. */
export type FolderSetUp = Omit<z.infer<typeof folderFile>, 'certlane' | 'layout' | 'createdAt'>;

/** Where things lie below one data folder. */
export interface DataFolder {
  readonly root: string;
  /** What makes it one of ours. */
  readonly mark: string;
  /** Addresses and processes of the running station; gone when it has stopped cleanly. */
  readonly station: string;
  /** Passwords and the sealing key, mode 0600. */
  readonly secrets: string;
  readonly logs: string;
  /** Configuration and JetStream files of the embedded NATS. */
  readonly nats: string;
}

/** The paths below a data folder; nothing is read or made. */
export function dataFolder(root: string): DataFolder {
  return {
    root,
    mark: join(root, 'certlane.json'),
    station: join(root, 'station.json'),
    secrets: join(root, 'secrets'),
    logs: join(root, 'logs'),
    nats: join(root, 'nats'),
  };
}

/**
 * Looks whether a folder can serve as data folder, without changing anything.
 * @returns what it was set up with; `undefined` when it is missing or empty
 * @throws {CertlaneError} `failed-precondition` for a folder of another version or one that is something else
 */
export async function inspectDataFolder(folder: DataFolder): Promise<FolderSetUp | undefined> {
  const names = await namesIn(folder);
  // A start that was killed before it had set the folder up leaves these, or one that failed and took it back.
  const left = ['secrets', 'logs'];
  if (names.every((name) => left.includes(name) || name.startsWith('lock.') || name.endsWith('.new'))) return undefined;
  const content: unknown = await readFile(folder.mark, 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined);
  const version = z.object({ certlane: z.literal('data-folder'), layout: z.int() }).safeParse(content);
  if (!version.success) {
    throw folderRefused(
      folder,
      'the folder holds other things than a station; name an empty folder or one that does not exist yet',
    );
  }
  if (version.data.layout !== LAYOUT) {
    const problem = `the folder has layout version ${version.data.layout}, this program reads version ${LAYOUT}`;
    throw folderRefused(folder, `${problem}; use the program that made it, or another folder`);
  }
  const whole = folderFile.safeParse(content);
  if (!whole.success)
    throw folderRefused(folder, `${folder.mark} is damaged; restore it from a backup, or use another folder`);
  return whole.data;
}

/** Makes a folder ours. */
export async function setUpDataFolder(folder: DataFolder, setUp: FolderSetUp, now: Date): Promise<void> {
  const content = { certlane: 'data-folder', layout: LAYOUT, createdAt: now.toISOString(), ...setUp };
  await writeWhole(folder.mark, `${JSON.stringify(content, null, 2)}\n`, 0o600);
}

/** Keeps for the next start what may change from one to the next. */
export async function keepSetting(folder: DataFolder, setting: Pick<FolderSetUp, 'fetchAllow'>): Promise<void> {
  const content = folderFile.parse(JSON.parse(await readFile(folder.mark, 'utf8')));
  await writeWhole(folder.mark, `${JSON.stringify({ ...content, ...setting }, null, 2)}\n`, 0o600);
}

/**
 * Makes the folders of a station; those that exist stay as they are.
 * @throws {CertlaneError} `failed-precondition` where this user may not
 */
export async function makeFolders(folder: DataFolder): Promise<void> {
  try {
    for (const path of [folder.root, folder.secrets, folder.logs, folder.nats]) {
      await makeFolder(path);
    }
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    throw folderRefused(
      folder,
      `the folder cannot be made (${String(code)}); name one in a place this user may write to`,
    );
  }
}

/**
 * Takes back what {@link setUpDataFolder} and the first start made, so that the next start may choose another NATS or store.
 * Logs stay, for whoever looks why it failed, and so does the sealing key, which is never thrown away.
 */
export async function undoSetUp(folder: DataFolder): Promise<void> {
  // The mark goes last: without it what lies in the folder would be something else than a station.
  await rm(folder.nats, { recursive: true, force: true });
  await rm(join(folder.secrets, 'store.url'), { force: true });
  await rm(folder.mark, { force: true });
}

/** Step by step: `recursive` of Node never ends where a file system lets nobody make folders (/proc). */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || (await stat(dirname(path)).catch(() => undefined)) !== undefined) throw thrown;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** A data folder that cannot be used. */
export function folderRefused(folder: DataFolder, problem: string): CertlaneError {
  return new CertlaneError('failed-precondition', `--data is '${folder.root}': ${problem}`, {
    details: { field: '--data' },
  });
}

async function namesIn(folder: DataFolder): Promise<string[]> {
  try {
    return await readdir(folder.root);
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    if (code === 'ENOENT') return [];
    const problem = code === 'ENOTDIR' ? 'this is a file, not a folder' : fileProblem(thrown);
    throw folderRefused(folder, `${problem}; name a folder that this user may write to`);
  }
}
