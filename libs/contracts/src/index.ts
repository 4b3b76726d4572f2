export { asyncApiDocument } from './asyncapi.js';
export {
  ACTOR_HEADER,
  auditEntry,
  auditFaults,
  auditPhases,
  auditRequests,
  auditSubject,
  openIntent,
  requestActor,
} from './audit.js';
export type { AuditEntry, AuditFault, AuditPhase, AuditRequests, AuditSubject, OpenIntent } from './audit.js';
export { ca, caEvents, issuer, validationCheck, validationVerdict } from './ca-store.js';
export type { Issuer, ValidationVerdict } from './ca-store.js';
export {
  certificateRefusals,
  exchangeEvents,
  exchangeJobs,
  exchangeRequests,
  outboundFile,
  refusalReasons,
} from './cert-exchange.js';
export type { CertificateRefusal, OutboxItem, RefusalReason } from './cert-exchange.js';
export { cloudEvent, eventSource, eventType, isServiceName, makeEvent } from './cloud-event.js';
export type { CloudEvent, EventParts } from './cloud-event.js';
export { serviceNames, subjectNames } from './contract.js';
export type {
  DataOf,
  EventContract,
  JobContract,
  ParsedReplyOf,
  ParsedRequestOf,
  ReplyOf,
  RequestContract,
  RequestOf,
  ServiceName,
} from './contract.js';
export { CertlaneError, errorHeaders, errorTable, isCertlaneError, isErrorCode, toCertlaneError } from './errors.js';
export type { ErrorCode, ErrorDetails, ErrorOptions } from './errors.js';
export {
  decisionCheck,
  exchange,
  exchangeFailures,
  exchangeState,
  exchangeStates,
  exchangeWaits,
  fileAnswer,
  virtualFileIdentity,
} from './exchange-records.js';
export type {
  DecisionCheck,
  Exchange,
  ExchangeFailure,
  ExchangeState,
  ExchangeWait,
  FileAnswer,
  VirtualFileIdentity,
} from './exchange-records.js';
export { PAGE_OCTETS } from './page.js';
export { registry, registryEvents } from './partner-registry.js';
export type {
  IdentificationEntry,
  OwnCertificate,
  Partner,
  PartnerCertificate,
  SessionProfile,
  Station,
  UsableCertificate,
  UsageResolution,
} from './registry-records.js';
export { serviceContracts } from './services.js';
export type { ServiceContract } from './services.js';
export { gateway, gatewayEvents } from './session-gateway.js';
export type { SessionEnd, TlsFacts } from './session-gateway.js';
export { DEFAULT_PREFIX, eventSubject, jobSubject, requestSubject, streamNames } from './subjects.js';
export { NO_TOKEN, decodeToken, encodeToken } from './tokens.js';
export {
  certificateSummary,
  exchangeKind,
  exchangeKinds,
  fingerprint,
  host,
  odetteId,
  port,
  sealed,
  timestamp,
  usage,
  usages,
} from './vocabulary.js';
export type { CertificateSummary, ExchangeKind, PartnerRef, SessionMode, Usage } from './vocabulary.js';
