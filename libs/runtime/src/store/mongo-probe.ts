import { CertlaneError } from '@certlane/contracts';
import { mongoTimeouts } from './mongo-timeouts.js';

/** A server that is there answers at once; a person waits for this. */
const PATIENCE_MS = 3_000;
/** MongoDB's AuthenticationFailed. */
const AUTHENTICATION_FAILED = 18;

/**
 * Sees that a MongoDB answers and lets us in, before services are started on it.
 * @param url `mongodb://…`, credentials and all; no sentence repeats any of it
 * @throws {CertlaneError} `unavailable` when no server answers, `failed-precondition` when it refuses the credentials,
 *   `invalid-argument` for a URL that is none; the message is a clause without the address
 */
export async function probeMongo(url: string): Promise<void> {
  const { MongoClient } = await import('mongodb');
  const client = await attempt(() => new MongoClient(url, { appName: 'certlane', ...mongoTimeouts(url, PATIENCE_MS) }));
  try {
    await attempt(() => client.connect());
    await attempt(() => client.db().command({ ping: 1 }));
  } finally {
    await client.close();
  }
}

async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw explained(thrown);
  }
}

function explained(thrown: unknown): CertlaneError {
  const { name, code } = thrown as { name?: unknown; code?: unknown };
  const options = { cause: thrown };
  if (code === AUTHENTICATION_FAILED)
    return new CertlaneError('failed-precondition', 'MongoDB refuses the user or the password in it', options);
  // What the driver says of a URL or an option may quote it.
  if (name === 'MongoParseError' || name === 'MongoInvalidArgumentError' || name === 'MongoAPIError')
    return new CertlaneError('invalid-argument', 'the MongoDB driver cannot read it', options);
  return new CertlaneError('unavailable', 'no MongoDB server answers there', options);
}
