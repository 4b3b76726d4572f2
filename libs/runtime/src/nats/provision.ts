import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { jetstreamErrorCode, STREAM_NOT_FOUND, CONSUMER_NOT_FOUND } from './jetstream-errors.js';
import {
  consumerPlan,
  defaultStreamSettings,
  streamPlan,
  type PlannedConsumer,
  type PlannedStream,
  type StreamSettings,
} from './plan.js';

/** What {@link provisionNats} did, by name of stream or `stream/consumer`. */
export interface Provisioned {
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

/** The parts of a stream that may follow the settings later; the rest is for life. */
const CHANGEABLE = ['max_age', 'duplicate_window', 'num_replicas'] as const;

/**
 * Makes the streams, buckets and consumers a deployment needs, and brings existing ones in line with the settings.
 *
 * Idempotent; runs at every start of `certlane up` and as a step of a deployment, as the user `provisioner`: no service may make
 * streams or consumers, because a consumer's maker may point it at any subject of the account.
 */
export async function provisionNats(
  connection: NatsConnection,
  prefix: string,
  settings: Partial<StreamSettings> = {},
): Promise<Provisioned> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const created: string[] = [];
  const changed: string[] = [];
  for (const stream of streamPlan(prefix, { ...defaultStreamSettings, ...settings })) {
    const done = await provideStream(manager, stream);
    if (done === 'created') created.push(stream.name);
    if (done === 'changed') changed.push(stream.name);
  }
  for (const consumer of consumerPlan(prefix)) {
    if (await provideConsumer(manager, consumer)) created.push(`${consumer.stream}/${consumer.config.durable_name}`);
  }
  return { created, changed };
}

async function provideStream(
  manager: JetStreamManager,
  planned: PlannedStream,
): Promise<'created' | 'changed' | 'kept'> {
  const present = await presentOr(STREAM_NOT_FOUND, () => manager.streams.info(planned.name));
  if (present === undefined) {
    await manager.streams.add(planned);
    return 'created';
  }
  if (CHANGEABLE.every((key) => planned[key] === undefined || planned[key] === present.config[key])) return 'kept';
  const wanted = Object.fromEntries(CHANGEABLE.map((key) => [key, planned[key] ?? present.config[key]]));
  await manager.streams.update(planned.name, { ...present.config, ...wanted });
  return 'changed';
}

async function provideConsumer(manager: JetStreamManager, { stream, config }: PlannedConsumer): Promise<boolean> {
  const present = await presentOr(CONSUMER_NOT_FOUND, () => manager.consumers.info(stream, config.durable_name));
  if (present !== undefined) return false;
  await manager.consumers.add(stream, config);
  return true;
}

async function presentOr<T>(missing: number, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (thrown) {
    if (jetstreamErrorCode(thrown) === missing) return undefined;
    throw thrown;
  }
}
