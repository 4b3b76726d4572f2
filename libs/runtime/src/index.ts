export { auditController } from './audit/audit-controller.js';
export { AuditTrail } from './audit/trail.js';
export type { AuditDraft, AuditOutcome, AuditRecord, AuditTrailParts } from './audit/trail.js';
export { verifyAudit } from './audit/verify-audit.js';
export type { AuditVerdict } from './audit/verify-audit.js';
export { commonShape } from './config/common.js';
export { loadConfig } from './config/load-config.js';
export type { LoadedConfig } from './config/load-config.js';
export type {
  ListenAddress,
  NatsConfig,
  NatsCredentials,
  RuntimeConfig,
  StoreConfig,
} from './config/runtime-config.js';
export { provisionVariables } from './config/provision.js';
export { Secret } from './config/secret.js';
export { flag, listenAddress, secretFile, wholeNumber } from './config/settings.js';
export { createHealth } from './http/health.js';
export type { Health, HealthCheck, HealthReport } from './http/health.js';
export { startHttp } from './http/http-server.js';
export type { HttpFace, HttpParts } from './http/http-server.js';
export { Lease } from './lease/lease.js';
export type { LeaseParts } from './lease/lease.js';
export { LeasedTask } from './lease/leased-task.js';
export type { LeasedTaskParts } from './lease/leased-task.js';
export { LeasedTasks } from './lease/leased-tasks.js';
export type { LeasedTasksParts } from './lease/leased-tasks.js';
export { createLogger } from './log/logger.js';
export type { LoggerParts } from './log/logger.js';
export { createBus } from './nats/bus.js';
export type { Bus, BusOptions, RequestOptions } from './nats/bus.js';
export { connectNats } from './nats/connect.js';
export type { ConnectOptions } from './nats/connect.js';
export { Does, Hears, Serves } from './nats/handlers.js';
export type { Call, JobCall, JobOutcome } from './nats/handlers.js';
export { cutPage, eachPage, everyEntry, unknownPage } from './nats/pages.js';
export type { CutPage, PageCut, PagedContract } from './nats/pages.js';
export { OPERATOR, PROVISIONER } from './nats/names.js';
export {
  operatorPermissions,
  permissionsOf,
  provisionerPermissions,
  subscriberPermissions,
} from './nats/permissions.js';
export type { Permissions } from './nats/permissions.js';
export { defaultStreamSettings } from './nats/plan.js';
export type { StreamSettings } from './nats/plan.js';
export { provisionNats } from './nats/provision.js';
export type { Provisioned } from './nats/provision.js';
export { readEvents } from './nats/read-events.js';
export type { ReadEvent, ReadEventsOptions } from './nats/read-events.js';
export { renderNatsConfig, writesThrough } from './nats/server-config.js';
export type { ServerConfig, ServerPassword, ServerUser } from './nats/server-config.js';
export { natsServerVersion, startNatsServer } from './nats/server-process.js';
export type { NatsServer, NatsServerParts } from './nats/server-process.js';
export { systemClock } from './service/clock.js';
export type { Clock } from './service/clock.js';
export { TimeOrderedIds } from './service/ids.js';
export type { Ids } from './service/ids.js';
export { runMain } from './service/run-main.js';
export { runService } from './service/run-service.js';
export type { RunningService, ServiceParts } from './service/run-service.js';
export {
  AUDIT,
  BUS,
  CLOCK,
  HEALTH,
  IDS,
  LEASED_TASKS,
  LOGGER,
  MESSAGES,
  RUNTIME_CONFIG,
  STORE,
} from './service/tokens.js';
export type {
  CollectionDefinition,
  Documents,
  DocumentStore,
  Listed,
  ListedKeys,
  Page,
  Stored,
} from './store/documents.js';
export { documentKey } from './store/keys.js';
export { LargeDocuments } from './store/large-documents.js';
export type { LargeDocumentsParts, Swept } from './store/large-documents.js';
export { createMessages } from './store/messages.js';
export type { Messages, MessageSources, OutboxMessage } from './store/messages.js';
export { mutate } from './store/mutate.js';
export type { Change } from './store/mutate.js';
export { openStore } from './store/open-store.js';
export type { StoreParts } from './store/open-store.js';
export type { StoreTiming } from './store/outbox-store.js';
export { withSpan } from './trace/with-span.js';
export type { Logger } from 'pino';
