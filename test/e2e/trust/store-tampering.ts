import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamNames, type ServiceName } from '@certlane/contracts';
import { connectNats, Secret } from '@certlane/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import type { RunningStation } from '../../support/running-station.js';

/** What is to stand in a document in place of something else. */
export interface Alteration {
  readonly service: ServiceName;
  readonly collection: string;
  readonly what: string;
  readonly instead: string;
}

/**
 * Somebody who can write the store of a service changes a document behind its back: of a collection the first one that has a text.
 * @returns the key of the document; undefined when none has the text
 */
export async function alterDocument(
  station: RunningStation,
  { service, collection, what, instead }: Alteration,
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
    const { state } = await streams.info(`KV_${bucket}`, { subjects_filter: `$KV.${bucket}.${collection}.>` });
    for (const subject of Object.keys(state.subjects ?? {}).sort()) {
      const document = await direct.getMessage(`KV_${bucket}`, { last_by_subj: subject });
      const text = document?.string() ?? '';
      if (!text.includes(what)) continue;
      await connection.request(subject, text.replace(what, instead));
      return subject;
    }
    return undefined;
  } finally {
    await connection.close();
  }
}
