import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamNames, type ServiceName } from '@certlane/contracts';
import { connectNats, Secret } from '@certlane/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import type { RunningStation } from '../../support/running-station.js';

/**
 * Somebody who can write the store of a service changes a block of its audit trail: one text stands there for another.
 * @returns the key of the block; undefined when no block has the text
 */
export async function alterAudit(
  station: RunningStation,
  service: ServiceName,
  what: string,
  instead: string,
): Promise<string | undefined> {
  const { url, prefix } = station.file.nats;
  const password = new Secret(
    (await readFile(join(station.data, 'secrets', 'nats', `${service}.password`), 'utf8')).trim(),
  );
  const credentials = { kind: 'password', user: service, password } as const;
  const connection = await connectNats({ servers: [url], credentials }, service);
  try {
    const bucket = streamNames.bucket(prefix, service);
    const { streams, direct } = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await streams.info(`KV_${bucket}`, { subjects_filter: `$KV.${bucket}.audit.*` });
    for (const subject of Object.keys(state.subjects ?? {}).sort()) {
      const block = await direct.getMessage(`KV_${bucket}`, { last_by_subj: subject });
      const text = block?.string() ?? '';
      if (!text.includes(what)) continue;
      await connection.request(subject, text.replace(what, instead));
      return subject;
    }
    return undefined;
  } finally {
    await connection.close();
  }
}
