export { Gateway } from '../gateway.js';
export type { GatewayConfig } from '../config.js';
export { Vault, keyIdOf } from '../domain/vault.js';
export { secretContexts } from '../domain/secret-contexts.js';
export { certificateFile, identityOf } from '../domain/virtual-file.js';
export type {
  Fate,
  FileAcceptance,
  FileIntake,
  FileSource,
  FileVerdict,
  IntakeVerdict,
  Outbox,
  OutgoingFile,
} from '../ports/files.js';
export type { SessionContext } from '../ports/session-context.js';
export type { SessionReport } from '../ports/session-ends.js';
export { Sessions, type Callee, type SessionsParts } from '../session/sessions.js';
export { AdmissionControl, type AdmissionLimits } from '../transport/admission.js';
export { certificatePem } from '../transport/certificate-pem.js';
export { dial, type DialOptions } from '../transport/dial.js';
export { TlsContexts, type StationIdentity } from '../transport/tls-contexts.js';
export { MemoryDirectory, MemoryEnds, MemoryExchange, memorySource, MemoryTrust, plainRun } from './memory-exchange.js';
export {
  MemoryGateway,
  MemoryTlsStore,
  usableCertificate,
  type MemoryGatewayOptions,
  type MemoryIdentity,
  type MemoryPartner,
} from './memory-gateway.js';
