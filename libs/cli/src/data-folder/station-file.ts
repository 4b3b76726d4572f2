import { readFile, rm } from 'node:fs/promises';
import { CertlaneError, serviceNames } from '@certlane/contracts';
import { z } from 'zod';
import type { DataFolder } from './layout.js';
import { shellWord } from '../output/words.js';
import { isRunning, processMark } from './process-mark.js';
import { writeWhole } from './write-whole.js';

const endpoint = z.object({ address: z.string(), port: z.int() });

/** `DIR/station.json`: where a running station listens and which processes it is made of. */
export const stationFile = z.object({
  layout: z.int(),
  startedAt: z.iso.datetime(),
  /** The `certlane up` process. */
  supervisor: processMark,
  /** Absent: does not listen that way. */
  listen: z.object({ tcp: endpoint.optional(), tls: endpoint.optional() }),
  nats: z.object({
    url: z.string(),
    /** Prefix of all subjects. */
    prefix: z.string(),
    /** Whether `certlane up` runs the server itself; then this is its process. */
    process: processMark.optional(),
    version: z.string(),
    /** The operator's user and the file with its password. */
    user: z.string().optional(),
    passwordFile: z.string().optional(),
    /** Authorities that the servers' TLS certificates end at. */
    caFile: z.string().optional(),
  }),
  store: z.string(),
  /** One sentence: what survives a killed process, what survives a power cut. */
  durability: z.string(),
  services: z.partialRecord(
    z.enum(serviceNames),
    z.object({
      process: processMark.optional(),
      /** Base URL of `/health/live`, `/health/ready` and `/metrics`. */
      health: z.string(),
      log: z.string(),
    }),
  ),
});
/** `DIR/station.json`. */
export type StationFile = z.infer<typeof stationFile>;

/** Writes `DIR/station.json` as a whole. */
export async function writeStationFile(folder: DataFolder, content: StationFile): Promise<void> {
  await writeWhole(folder.station, `${JSON.stringify(content, null, 2)}\n`, 0o600);
}

/** Says that no station runs here any more. */
export async function removeStationFile(folder: DataFolder): Promise<void> {
  await rm(folder.station, { force: true });
}

/** What the last station on this folder wrote; `undefined` when there is nothing readable. */
export async function readStationFile(folder: DataFolder): Promise<StationFile | undefined> {
  try {
    return stationFile.parse(JSON.parse(await readFile(folder.station, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The running station of a folder.
 * @throws {CertlaneError} `unavailable` when none runs
 */
export async function runningStation(folder: DataFolder): Promise<StationFile> {
  const content = await readStationFile(folder);
  if (content !== undefined && (await isRunning(content.supervisor))) return content;
  throw new CertlaneError(
    'unavailable',
    `--data is '${folder.root}': no station runs on this folder; start it with: certlane up --data ${shellWord(folder.root)}`,
    { details: { field: '--data' } },
  );
}
