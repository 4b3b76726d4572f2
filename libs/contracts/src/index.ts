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
export { ca, caEvents } from './ca-store.js';
export { exchangeEvents, exchangeJobs } from './cert-exchange-events.js';
export { exchangeRequests, outboundFile } from './cert-exchange.js';
export type { OutboxItem } from './cert-exchange.js';
export { certificateRefusals, refusalReasons } from './refusals.js';
export type { CertificateRefusal, RefusalReason } from './refusals.js';
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
  approval,
  approvalKind,
  approvalKinds,
  certificateMatch,
  decisionCheck,
  decisionRecord,
  exchange,
  exchangeFailures,
  exchangeState,
  exchangeStates,
  exchangeWaits,
  fileAnswer,
  virtualFileIdentity,
} from './exchange-records.js';
export type {
  Approval,
  ApprovalKind,
  DecisionCheck,
  DecisionRecord,
  Exchange,
  ExchangeFailure,
  ExchangeState,
  ExchangeWait,
  FileAnswer,
  VirtualFileIdentity,
} from './exchange-records.js';
export { PAGE_OCTETS } from './page.js';
export { registryEvents } from './partner-registry-events.js';
export { registry } from './partner-registry.js';
export { certificateStanding } from './registry-records.js';
export type {
  CertificateStanding,
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
export type { SessionDecision, SessionEnd, TlsFacts } from './session-gateway.js';
export { DEFAULT_PREFIX, eventSubject, jobSubject, requestSubject, streamNames } from './subjects.js';
export { NO_TOKEN, decodeToken, encodeToken } from './tokens.js';
export {
  fetchOutcome,
  issuer,
  issuerPurpose,
  issuerPurposes,
  issuerSupposition,
  issuerSuppositions,
  revocationList,
  trustList,
  trustListSigner,
  unreachableReasons,
} from './trust-records.js';
export type {
  Issuer,
  IssuerPurpose,
  IssuerSupposition,
  RevocationListView,
  TrustListView,
  UnreachableReason,
} from './trust-records.js';
export {
  acceptancePolicies,
  acceptancePolicy,
  bypassLimits,
  bypassState,
  revocationMode,
  revocationModes,
  selfSignedRule,
  selfSignedRules,
  trustSettings,
  usualBypassLimits,
  usualTrust,
} from './trust-settings.js';
export type { AcceptancePolicy, BypassLimits, RevocationMode, SelfSignedRule } from './trust-settings.js';
export {
  revocationVerdict,
  trustListLevel,
  trustListLevels,
  trustListName,
  trustVersions,
  validationCheck,
  validationFailures,
  validationVerdict,
} from './validation.js';
export type { TrustListLevel, ValidationFailure, ValidationVerdict } from './validation.js';
export {
  actor,
  certificateSummary,
  exchangeKind,
  exchangeKinds,
  fingerprint,
  host,
  odetteId,
  port,
  reasonText,
  sealed,
  timestamp,
  usage,
  usages,
  webAddress,
} from './vocabulary.js';
export type { CertificateSummary, ExchangeKind, PartnerRef, SessionMode, Usage } from './vocabulary.js';
