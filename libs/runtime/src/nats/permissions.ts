import {
  requestSubject,
  serviceContracts,
  serviceNames,
  streamNames,
  type ServiceContract,
  type ServiceName,
} from '@certlane/contracts';
import {
  bucketStream,
  bucketSubject,
  eventFilter,
  inboxPrefix,
  jobConsumer,
  jobFilter,
  OPERATOR,
  PROVISIONER,
} from './names.js';
import { consumerPlan, streamPlan } from './plan.js';

/** Exact allow lists of one NATS user; what is not listed is denied. */
export interface Permissions {
  readonly publish: readonly string[];
  /** `subject queue` where only one queue group may be joined. */
  readonly subscribe: readonly string[];
  /** May answer what it was asked, once, within two minutes. */
  readonly allowResponses: boolean;
}

const api = (call: string): string => `$JS.API.${call}`;

/** What using an existing durable consumer takes; making one is the provisioner's, since its maker may point it at any subject. */
const consumerUse = (stream: string, consumer: string): string[] => [
  api(`CONSUMER.INFO.${stream}.${consumer}`),
  api(`CONSUMER.MSG.NEXT.${stream}.${consumer}`),
  `$JS.ACK.${stream}.${consumer}.>`,
];

/** What a service may do: its contract and its own documents, nothing else. */
export function permissionsOf(service: ServiceName, prefix: string): Permissions {
  const contract = serviceContracts[service];
  return {
    publish: [
      ...contract.calls.map((request) => requestSubject(prefix, request)),
      ...contract.emits.map((event) => eventFilter(prefix, event)),
      ...contract.handsOut.map((job) => jobFilter(prefix, job)),
      ...contract.does.flatMap((job) => consumerUse(streamNames.jobs(prefix), jobConsumer(job))),
      ...(contract.store ? documentsOf(service, prefix) : []),
    ],
    subscribe: [
      ...contract.serves.map((request) => `${requestSubject(prefix, request)} ${service}`),
      ...contract.hears.map((event) => eventFilter(prefix, event)),
      ...discovery(service, contract),
      `${inboxPrefix(service)}.>`,
    ],
    allowResponses: true,
  };
}

function documentsOf(service: ServiceName, prefix: string): string[] {
  const stream = bucketStream(prefix, service);
  return [
    bucketSubject(prefix, service, '>'),
    api(`DIRECT.GET.${stream}`),
    api(`DIRECT.GET.${stream}.>`),
    ...['INFO', 'MSG.GET', 'MSG.DELETE'].map((call) => api(`STREAM.${call}.${stream}`)),
  ];
}

/** Subjects of the NATS services API that ask this service and no other. */
function discovery(service: ServiceName, contract: ServiceContract): string[] {
  if (contract.serves.length === 0) return [];
  return ['PING', 'INFO', 'STATS'].flatMap((verb) => [
    `$SRV.${verb}`,
    `$SRV.${verb}.${service}`,
    `$SRV.${verb}.${service}.*`,
  ]);
}

/** Reading the log of events: what was by sequence or subject, what comes as it comes. */
function eventReading(prefix: string): Pick<Permissions, 'publish' | 'subscribe'> {
  const stream = streamNames.events(prefix);
  return { publish: [api(`STREAM.INFO.${stream}`), api(`DIRECT.GET.${stream}`)], subscribe: [`${prefix}.events.v1.>`] };
}

/** The command line: every request, and the events. */
export function operatorPermissions(prefix: string): Permissions {
  const reading = eventReading(prefix);
  const requests = serviceNames.flatMap((service) => serviceContracts[service].serves);
  return {
    publish: [
      ...requests.map((request) => requestSubject(prefix, request)),
      ...['PING', 'INFO', 'STATS'].map((verb) => `$SRV.${verb}`),
      ...reading.publish,
    ],
    subscribe: [...reading.subscribe, `${inboxPrefix(OPERATOR)}.>`],
    allowResponses: false,
  };
}

/**
 * An internal service that subscribes events: reads them, live and past, and nothing else.
 * @param user its NATS user; its connection uses the inbox prefix `_INBOX_<user>`
 */
export function subscriberPermissions(prefix: string, user: string): Permissions {
  const reading = eventReading(prefix);
  return {
    publish: [...reading.publish, ...consumerUse(streamNames.events(prefix), user)],
    subscribe: [...reading.subscribe, `${inboxPrefix(user)}.>`],
    allowResponses: false,
  };
}

/** Whoever makes streams, buckets and consumers ({@link provisionNats}): those of the plan, by name. */
export function provisionerPermissions(prefix: string): Permissions {
  const streams = streamPlan(prefix).map(({ name }) => name);
  return {
    publish: [
      ...streams.flatMap((name) => ['CREATE', 'UPDATE', 'INFO'].map((call) => api(`STREAM.${call}.${name}`))),
      ...consumerPlan(prefix).flatMap(({ stream, config }) => {
        const filter = config.filter_subject === undefined ? '' : `.${config.filter_subject}`;
        return [
          api(`CONSUMER.CREATE.${stream}.${config.durable_name}${filter}`),
          api(`CONSUMER.INFO.${stream}.${config.durable_name}`),
        ];
      }),
    ],
    subscribe: [`${inboxPrefix(PROVISIONER)}.>`],
    allowResponses: false,
  };
}
