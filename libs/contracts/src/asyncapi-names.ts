import type { z } from 'zod';
import { auditEntry, auditStretch, auditSubject, openIntent } from './audit.js';
import { cloudEvent } from './cloud-event.js';
import {
  approval,
  approvalKind,
  decisionCheck,
  decisionRecord,
  exchange,
  exchangeState,
  virtualFileIdentity,
} from './exchange-records.js';
import {
  certificateStanding,
  challengeSettings,
  connection,
  identificationEntry,
  ownCertificate,
  partner,
  station,
  usableCertificate,
} from './registry-records.js';
import { fetchOutcome, issuer, issuerPurpose, revocationList, trustList } from './trust-records.js';
import { acceptancePolicy, bypassLimits, revocationMode, selfSignedRule } from './trust-settings.js';
import { trustListLevel, trustListName, validationVerdict } from './validation.js';
import {
  actor,
  certificateDer,
  certificateSummary,
  distinguishedName,
  exchangeKind,
  fingerprint,
  host,
  odetteId,
  partnerRef,
  reasonText,
  sealed,
  sessionMode,
  timestamp,
  usage,
  webAddress,
} from './vocabulary.js';

/**
 * What the AsyncAPI document spells out once, under this name, because several messages hold it. Generators of clients name their
 * types after it, so a name is kept as long as its schema.
 */
export const namedSchemas = {
  AcceptancePolicy: acceptancePolicy,
  Actor: actor,
  Approval: approval,
  ApprovalKind: approvalKind,
  AuditEntry: auditEntry,
  AuditStretch: auditStretch,
  AuditSubject: auditSubject,
  BypassLimits: bypassLimits,
  CertificateDer: certificateDer,
  CertificateStanding: certificateStanding,
  CertificateSummary: certificateSummary,
  ChallengeSettings: challengeSettings,
  CloudEvent: cloudEvent,
  Connection: connection,
  DecisionCheck: decisionCheck,
  DecisionRecord: decisionRecord,
  DistinguishedName: distinguishedName,
  Exchange: exchange,
  ExchangeKind: exchangeKind,
  ExchangeState: exchangeState,
  FetchOutcome: fetchOutcome,
  Fingerprint: fingerprint,
  Host: host,
  IdentificationEntry: identificationEntry,
  Issuer: issuer,
  IssuerPurpose: issuerPurpose,
  OdetteId: odetteId,
  OpenIntent: openIntent,
  OwnCertificate: ownCertificate,
  Partner: partner,
  PartnerRef: partnerRef,
  ReasonText: reasonText,
  RevocationList: revocationList,
  RevocationMode: revocationMode,
  Sealed: sealed,
  SelfSignedRule: selfSignedRule,
  SessionMode: sessionMode,
  Station: station,
  Timestamp: timestamp,
  TrustList: trustList,
  TrustListLevel: trustListLevel,
  TrustListName: trustListName,
  UsableCertificate: usableCertificate,
  Usage: usage,
  ValidationVerdict: validationVerdict,
  VirtualFileIdentity: virtualFileIdentity,
  WebAddress: webAddress,
} as const satisfies Readonly<Record<string, z.ZodType>>;
