/**
 * What a caller on the bus needs, without what a service needs: a command that runs for a moment must not load a framework,
 * a telemetry SDK and a database driver first.
 */
export { verifyAudit } from './audit/verify-audit.js';
export type { AuditVerdict } from './audit/verify-audit.js';
export type { NatsConfig, NatsCredentials } from './config/runtime-config.js';
export { Secret } from './config/secret.js';
export { assertActor } from './nats/actor.js';
export { createBus } from './nats/bus.js';
export type { Bus, BusOptions, RequestOptions } from './nats/bus.js';
export { connectNats } from './nats/connect.js';
export type { ConnectOptions } from './nats/connect.js';
export { eachPage, everyEntry } from './nats/pages.js';
export type { PagedContract } from './nats/pages.js';
export { OPERATOR, PROVISIONER } from './nats/names.js';
export {
  operatorPermissions,
  permissionsOf,
  provisionerPermissions,
  subscriberPermissions,
} from './nats/permissions.js';
export type { Permissions } from './nats/permissions.js';
export { provisionNats } from './nats/provision.js';
export { readEvents } from './nats/read-events.js';
export type { ReadEvent, ReadEventsOptions } from './nats/read-events.js';
export { natsServerVersion, startNatsServer } from './nats/server-process.js';
export type { NatsServer, NatsServerParts } from './nats/server-process.js';
export { probeMongo } from './store/mongo-probe.js';
