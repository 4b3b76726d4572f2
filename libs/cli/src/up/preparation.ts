import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertlaneError, DEFAULT_PREFIX, isCertlaneError } from '@certlane/contracts';
import { PROVISIONER, probeMongo } from '../bus.js';
import {
  folderRefused,
  inspectDataFolder,
  keepSetting,
  makeFolders,
  setUpDataFolder,
  type DataFolder,
  type FolderSetUp,
} from '../data-folder/layout.js';
import { assertFree, lockDataFolder, type FolderLock } from '../data-folder/lock.js';
import { invalid } from '../input/invalid.js';
import { findNatsServer, type NatsProgram } from './nats-program.js';
import { connectAs } from './nats-access.js';
import { assertNatsCa } from './nats-ca.js';
import { NATS_USERS, type NatsUser } from './nats-users.js';
import { freePort } from './ports.js';
import { assertKeyFile, keptSecret, sealingKeyId } from './secrets.js';
import type { UpSettings } from './settings.js';

/** Everything `certlane up` has found out and made before the first process starts. */
export interface Preparation {
  readonly folder: DataFolder;
  readonly settings: UpSettings;
  readonly lock: FolderLock;
  /** The folder is set up by this very start. */
  readonly first: boolean;
  /** First token of every subject. */
  readonly prefix: string;
  /** Absent: does not listen that way. */
  readonly tcpPort: number | undefined;
  readonly tlsPort: number | undefined;
  readonly bus:
    { readonly kind: 'embedded'; readonly program: NatsProgram } | { readonly kind: 'external'; readonly url: string };
  /** By user; empty for a NATS without passwords. */
  readonly passwordFiles: Partial<Record<NatsUser, string>>;
  readonly sealingKeyFile: string;
  readonly store: { readonly shown: string; readonly url?: string; readonly urlFile?: string };
  /** Networks that lists may be fetched from although they are not public. */
  readonly fetchAllow: readonly string[];
}

/**
 * Checks everything that can be checked, then takes the data folder and makes what is missing in it.
 * @param probeStore throws when the MongoDB at a URL cannot be used
 * @throws {CertlaneError} with nothing changed, whatever is wrong
 */
export async function prepare(
  folder: DataFolder,
  settings: UpSettings,
  env: Readonly<Record<string, string | undefined>>,
  probeStore: (url: string) => Promise<void> = probeMongo,
): Promise<Preparation> {
  const before = await inspectDataFolder(folder);
  await assertFree(folder);
  const nats = settings.nats ?? (before === undefined || before.nats === 'embedded' ? undefined : before.nats);
  const store = await chosenStore(folder, settings, before);
  const prefix = settings.prefix ?? before?.prefix ?? DEFAULT_PREFIX;
  const setUp = { nats: nats ?? 'embedded', store: store.shown, prefix };
  assertSame(folder, before, setUp);
  if (nats === undefined && (settings.natsPasswords ?? settings.natsCa) !== undefined) {
    throw invalid(
      '--nats',
      undefined,
      '--nats-passwords and --nats-ca go with a running NATS; name it with --nats URL',
    );
  }
  if (settings.natsCa !== undefined) await assertNatsCa(settings.natsCa);
  if (settings.keyFile !== undefined) await assertKeyFile(settings.keyFile);
  await assertSameKey(folder, before, settings.keyFile);
  const bus =
    nats === undefined
      ? ({ kind: 'embedded', program: await findNatsServer(env) } as const)
      : ({ kind: 'external', url: nats } as const);
  const tcpPort = await freePort(settings.tcp, settings.address, '--tcp-port');
  const tlsPort = await freePort(settings.tls, settings.address, '--tls-port');
  if (nats !== undefined) await assertReachable(nats, settings);
  if (store.secret !== undefined) await assertStore(store.shown, () => probeStore(store.secret ?? ''));

  await makeFolders(folder);
  const lock = await lockDataFolder(folder);
  try {
    const sealingKeyFile = settings.keyFile ?? ownKeyFile(folder);
    if (settings.keyFile === undefined) await keptSecret(sealingKeyFile);
    const sealingKey = (await sealingKeyId(sealingKeyFile)) ?? '';
    const fetchAllow = settings.fetchAllow ?? before?.fetchAllow ?? [];
    if (before === undefined) {
      await setUpDataFolder(folder, { ...setUp, sealingKey, fetchAllow: [...fetchAllow] }, new Date());
    } else if (settings.fetchAllow !== undefined) {
      await keepSetting(folder, { fetchAllow: [...fetchAllow] });
    }
    if (store.secret !== undefined) await writeFile(storeUrlFile(folder), `${store.secret}\n`, { mode: 0o600 });
    return {
      folder,
      settings,
      lock,
      first: before === undefined,
      prefix,
      tcpPort,
      tlsPort,
      bus,
      passwordFiles: await passwordFiles(folder, settings, bus.kind),
      sealingKeyFile,
      store:
        store.shown === 'nats:'
          ? { shown: 'nats:', url: 'nats:' }
          : { shown: store.shown, urlFile: storeUrlFile(folder) },
      fetchAllow,
    };
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

interface ChosenStore {
  /** Without credentials. */
  readonly shown: string;
  /** The MongoDB URL as given. */
  readonly secret?: string;
}

async function chosenStore(
  folder: DataFolder,
  settings: UpSettings,
  before: FolderSetUp | undefined,
): Promise<ChosenStore> {
  if (settings.store !== undefined) {
    return settings.store === 'nats:'
      ? { shown: 'nats:' }
      : { shown: withoutCredentials(settings.store), secret: settings.store };
  }
  if (before === undefined || before.store === 'nats:') return { shown: 'nats:' };
  const kept = await readFile(storeUrlFile(folder), 'utf8').catch(() => undefined);
  if (kept === undefined) throw folderRefused(folder, `its documents are in ${before.store}; name that with --store`);
  return { shown: before.store, secret: kept.trim() };
}

/** A folder goes on with the NATS and the store it began with: elsewhere it would find nothing of what it knows. */
function assertSame(
  folder: DataFolder,
  before: FolderSetUp | undefined,
  now: Pick<FolderSetUp, 'nats' | 'store' | 'prefix'>,
): void {
  if (before === undefined) return;
  if (before.store !== now.store) {
    throw folderRefused(
      folder,
      `its documents are in ${before.store}, not in ${now.store}; start it with --store ${before.store}, or use another folder`,
    );
  }
  if (before.prefix !== now.prefix) {
    throw folderRefused(
      folder,
      `it was set up with prefix ${before.prefix}; start it with --prefix ${before.prefix}, or use another folder`,
    );
  }
  if (before.nats !== now.nats) {
    const remedy = before.nats === 'embedded' ? 'leave out --nats' : `start it with --nats ${before.nats}`;
    throw folderRefused(
      folder,
      `it was set up with ${before.nats === 'embedded' ? 'the embedded NATS' : `NATS at ${before.nats}`}; ${remedy}, or use another folder`,
    );
  }
}

/** With another key none of the private keys in the store could be opened. */
async function assertSameKey(
  folder: DataFolder,
  before: FolderSetUp | undefined,
  keyFile: string | undefined,
): Promise<void> {
  if (before === undefined) return;
  const file = keyFile ?? ownKeyFile(folder);
  const id = await sealingKeyId(file).catch(() => undefined);
  if (id === before.sealingKey) return;
  const problem =
    id === undefined
      ? `the key its private keys are sealed with (${before.sealingKey}) is not in ${file}`
      : `its private keys are sealed with key ${before.sealingKey}, and ${file} holds key ${id}`;
  throw folderRefused(folder, `${problem}; name the file it was set up with in --key-file`);
}

/** A NATS that does not answer, or refuses us, is found out before anything is made. */
async function assertReachable(url: string, settings: UpSettings): Promise<void> {
  const access = { url, passwordFiles: givenPasswords(settings), caFile: settings.natsCa };
  const connection = await connectAs(PROVISIONER, access).catch((thrown: unknown) => {
    if (!isCertlaneError(thrown) || thrown.details.field !== undefined) throw thrown;
    const problem =
      thrown.code === 'unavailable'
        ? `no NATS server answers there; check that it runs, ${settings.natsCa === undefined ? 'and its address' : 'its address, and that its certificate ends at one of --nats-ca'}`
        : `it refuses the user ${PROVISIONER}; name the folder with the passwords with --nats-passwords`;
    const options = { details: { field: '--nats' }, cause: thrown };
    throw new CertlaneError(thrown.code, `--nats is '${url}': ${problem}`, options);
  });
  await connection.close();
}

/** A dead MongoDB would be found out by each service after many seconds, and said in the words of its configuration. */
async function assertStore(shown: string, probe: () => Promise<void>): Promise<void> {
  await probe().catch((thrown: unknown) => {
    if (!isCertlaneError(thrown)) throw thrown;
    const remedies = {
      unavailable: 'check that it runs, and its address',
      'failed-precondition': 'give those it knows: mongodb://user:password@host/database',
    } as const;
    const remedy = thrown.code in remedies ? remedies[thrown.code as keyof typeof remedies] : 'correct it';
    const options = { details: { field: '--store' }, cause: thrown };
    throw new CertlaneError(thrown.code, `--store is '${shown}': ${thrown.message}; ${remedy}`, options);
  });
}

async function passwordFiles(folder: DataFolder, settings: UpSettings, kind: Preparation['bus']['kind']) {
  if (kind === 'external') return givenPasswords(settings);
  const files = NATS_USERS.map((user) => [user, join(folder.secrets, 'nats', `${user}.password`)] as const);
  for (const [, file] of files) await keptSecret(file);
  return Object.fromEntries(files);
}

function givenPasswords({ natsPasswords: given }: UpSettings): Partial<Record<NatsUser, string>> {
  if (given === undefined) return {};
  return Object.fromEntries(NATS_USERS.map((user) => [user, join(given, `${user}.password`)]));
}

function ownKeyFile(folder: DataFolder): string {
  return join(folder.secrets, 'sealing.key');
}

function storeUrlFile(folder: DataFolder): string {
  return join(folder.secrets, 'store.url');
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}
