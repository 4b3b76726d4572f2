import { ca, caEvents } from './ca-store.js';
import { exchangeEvents, exchangeJobs } from './cert-exchange-events.js';
import { exchangeRequests } from './cert-exchange.js';
import type { EventContract, JobContract, RequestContract, ServiceName } from './contract.js';
import { registryEvents } from './partner-registry-events.js';
import { registry } from './partner-registry.js';
import { gateway, gatewayEvents } from './session-gateway.js';

/** Everything one service says and hears; its NATS permissions are derived from this and nothing else. */
export interface ServiceContract {
  readonly serves: readonly RequestContract[];
  readonly calls: readonly RequestContract[];
  readonly emits: readonly EventContract[];
  readonly hears: readonly EventContract[];
  readonly handsOut: readonly JobContract[];
  readonly does: readonly JobContract[];
  /** Whether it owns documents. */
  readonly store: boolean;
}

/** The services and their contracts; calls never form a cycle (a test follows them). */
export const serviceContracts: Readonly<Record<ServiceName, ServiceContract>> = {
  'session-gateway': {
    serves: Object.values(gateway),
    calls: [
      registry.stationGet,
      registry.keyAdd,
      registry.keyGet,
      registry.ownCertificateAdd,
      registry.ownCertificateList,
      registry.sessionProfiles,
      registry.stationTls,
      exchangeRequests.sessionDecide,
      exchangeRequests.certificateReceive,
      exchangeRequests.answerReceive,
      exchangeRequests.outboxNext,
      exchangeRequests.outboxSettle,
      exchangeRequests.dialClaim,
      exchangeRequests.dialReport,
      ca.issuerList,
      ca.issuerGet,
    ],
    emits: Object.values(gatewayEvents),
    hears: [
      caEvents.issuerAdded,
      caEvents.issuerRemoved,
      caEvents.trustListTaken,
      caEvents.trustListRemoved,
      registryEvents.stationAdded,
      registryEvents.ownCertificateActivated,
      registryEvents.ownCertificateSwitched,
    ],
    handsOut: [],
    does: [exchangeJobs.dial],
    store: false,
  },
  'partner-registry': {
    serves: Object.values(registry),
    calls: [ca.issuerGet, ca.certificateValidate],
    emits: Object.values(registryEvents),
    hears: [
      caEvents.issuerAdded,
      caEvents.issuerRemoved,
      caEvents.trustListTaken,
      caEvents.trustListRemoved,
      caEvents.revocationListTaken,
      caEvents.revocationListFailed,
      caEvents.revocationListRemoved,
    ],
    handsOut: [],
    does: [],
    store: true,
  },
  'cert-exchange': {
    serves: Object.values(exchangeRequests),
    calls: [
      registry.partnerGet,
      registry.stationGet,
      registry.ownCertificateList,
      registry.ownCertificateGet,
      registry.ownCertificateSwitch,
      registry.certificateTakeOver,
      registry.certificateDecline,
      registry.sessionFacts,
      ca.certificateValidate,
    ],
    emits: Object.values(exchangeEvents),
    hears: [
      registryEvents.partnerChanged,
      registryEvents.partnerRemoved,
      caEvents.issuerAdded,
      caEvents.trustListTaken,
      caEvents.revocationListTaken,
    ],
    handsOut: Object.values(exchangeJobs),
    does: [exchangeJobs.evaluate],
    store: true,
  },
  'ca-store': {
    serves: Object.values(ca),
    calls: [],
    emits: Object.values(caEvents),
    hears: [],
    handsOut: [],
    does: [],
    store: true,
  },
};
