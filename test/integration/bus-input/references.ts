import { ca, exchangeRequests, gateway, registry, type ErrorCode, type RequestContract } from '@certlane/contracts';

/**
 * Requests that have an answer for a station or partner nobody knows: a filter that nothing passes, or what a running session
 * says of a partner that may have been removed meanwhile.
 */
export const strangersAnswered: readonly RequestContract[] = [
  registry.partnerList,
  registry.sessionProfiles,
  registry.stationTls,
  registry.auditList,
  exchangeRequests.auditList,
  ca.auditList,
  exchangeRequests.exchangeList,
  exchangeRequests.approvalList,
  exchangeRequests.answerReceive,
  exchangeRequests.outboxNext,
  exchangeRequests.outboxSettle,
  exchangeRequests.dialClaim,
  exchangeRequests.dialReport,
];

/** What a gateway says only of a partner that it was let talk to: a file that came in is stored before anything is asked. */
export const neverAboutStrangers: readonly RequestContract[] = [exchangeRequests.certificateReceive];

/** What an operator tries in vain with lists that decide whom we trust is written into the audit trail, and nowhere else. */
export const triedIsWritten: readonly RequestContract[] = [
  ca.trustListImport,
  ca.trustListRefresh,
  ca.trustListRemove,
  ca.signerStage,
  ca.revocationListImport,
];

/** Fields beside station and partner that name something which has to exist, and the code when it does not. */
export const references: readonly (readonly [contract: RequestContract, field: string, code: ErrorCode])[] = [
  [ca.issuerGet, 'fingerprint', 'not-found'],
  [ca.issuerRemove, 'fingerprint', 'not-found'],
  [ca.trustListImport, 'name', 'not-found'],
  [ca.trustListGet, 'name', 'not-found'],
  [ca.trustListRefresh, 'name', 'not-found'],
  [ca.trustListRemove, 'name', 'not-found'],
  [ca.signerStage, 'name', 'not-found'],
  [ca.signerConfirm, 'name', 'not-found'],
  [ca.revocationListImport, 'content', 'failed-precondition'],
  [registry.keyGet, 'keyId', 'not-found'],
  // The certificate says itself whose key it is for: another one is a contradiction.
  [registry.ownCertificateAdd, 'keyId', 'invalid-argument'],
  [registry.ownCertificateGet, 'fingerprint', 'not-found'],
  [registry.ownCertificateActivate, 'fingerprint', 'not-found'],
  [registry.ownCertificateSwitch, 'fingerprint', 'not-found'],
  [registry.partnerAdd, 'via', 'invalid-argument'],
  [registry.partnerIdentify, 'issuer', 'failed-precondition'],
  [registry.partnerUnidentify, 'entry', 'not-found'],
  [registry.partnerCertificateRemove, 'fingerprint', 'not-found'],
  [exchangeRequests.exchangeGet, 'id', 'not-found'],
  [exchangeRequests.approvalGet, 'id', 'not-found'],
  [exchangeRequests.send, 'certificate', 'not-found'],
  [exchangeRequests.send, 'replaces', 'not-found'],
];

/** Fields whose content is wrong although their form is right. */
export const contents: readonly (readonly [
  contract: RequestContract,
  field: string,
  value: unknown,
  code: ErrorCode,
])[] = [
  [ca.issuerAdd, 'certificates', ['AAAA'], 'invalid-argument'],
  [ca.issuerList, 'after', 'no page', 'invalid-argument'],
  [ca.certificateValidate, 'certificate', 'AAAA', 'invalid-argument'],
  [ca.contentPut, 'part', 2, 'invalid-argument'],
  [ca.contentPut, 'octets', 'AAAA', 'invalid-argument'],
  [ca.revocationListList, 'after', 'no page', 'invalid-argument'],
  [registry.ownCertificateAdd, 'certificate', 'AAAA', 'invalid-argument'],
  [registry.partnerIdentify, 'subject', 'CN=a,,O=b', 'invalid-argument'],
  [registry.partnerCertificateAdd, 'certificate', 'AAAA', 'invalid-argument'],
  [registry.certificateTakeOver, 'certificate', 'AAAA', 'invalid-argument'],
  [registry.partnerList, 'after', 'no page', 'invalid-argument'],
  [registry.issuerDependents, 'after', 'no page', 'invalid-argument'],
  [exchangeRequests.exchangeList, 'after', 'no page', 'invalid-argument'],
  [exchangeRequests.approvalList, 'after', 'no page', 'invalid-argument'],
  ...[ca, registry, exchangeRequests].flatMap(({ auditList, auditVerify }) => [
    [auditList, 'after', 'no page', 'invalid-argument'] as const,
    [auditVerify, 'after', '1', 'invalid-argument'] as const,
  ]),
  [gateway.certificateCreate, 'subject', 'CN=a,,O=b', 'invalid-argument'],
  [gateway.certificateImport, 'certificate', 'AAAA', 'invalid-argument'],
];
