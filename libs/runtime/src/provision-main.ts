import { isCertlaneError } from '@certlane/contracts';
import { hostname } from 'node:os';
import { loadConfig } from './config/load-config.js';
import { provisionVariables } from './config/provision.js';
import { createLogger } from './log/logger.js';
import { connectNats } from './nats/connect.js';
import { PROVISIONER } from './nats/names.js';
import { provisionNats } from './nats/provision.js';

// A step of a deployment: makes the streams, buckets and consumers, or brings them in line, and ends.
const logger = createLogger({ service: PROVISIONER, instance: `${hostname()}-${process.pid}`, level: 'info' });
try {
  const { runtime, own } = loadConfig(provisionVariables, process.env);
  const connection = await connectNats(runtime.nats, PROVISIONER);
  const done = await provisionNats(connection, runtime.prefix, {
    replicas: own.CERTLANE_STREAM_REPLICAS,
    eventDays: own.CERTLANE_EVENT_DAYS,
  });
  logger.info({ ...done }, 'provisioned');
  await connection.close();
} catch (thrown) {
  logger.fatal({ err: thrown }, 'provisioning failed');
  process.exitCode = isCertlaneError(thrown) && thrown.code === 'invalid-argument' ? 78 : 1;
}
