import { schemaCollection, type Json, type SchemaCollection } from './asyncapi-schemas.js';
import { ACTOR_HEADER, requestActor } from './audit.js';
import { cloudEvent, eventSource, eventType } from './cloud-event.js';
import type { EventContract, JobContract, RequestContract, ServiceName } from './contract.js';
import { serviceNames } from './contract.js';
import { errorHeaders, errorTable, isErrorCode } from './errors.js';
import { serviceContracts } from './services.js';
import { DEFAULT_PREFIX, streamNames } from './subjects.js';

/** Component names: `certificate.taken-over` becomes `certificate_taken-over`, which AsyncAPI allows as a key. */
const componentName = (name: string) => name.replaceAll('.', '_');

function eventMessage(event: EventContract, schemas: SchemaCollection): Json {
  return {
    name: event.name,
    title: event.name,
    summary: event.summary,
    contentType: 'application/cloudevents+json',
    payload: {
      allOf: [
        schemas.of(cloudEvent, 'output'),
        {
          type: 'object',
          properties: {
            type: { const: eventType(event) },
            source: { const: eventSource(event.service) },
            data: schemas.of(event.data, 'output'),
          },
        },
      ],
    },
  };
}

function jobMessage(job: JobContract, schemas: SchemaCollection): Json {
  return {
    name: job.name,
    title: job.name,
    summary: job.summary,
    contentType: 'application/json',
    payload: schemas.of(job.data, 'output'),
  };
}

function requestMessages(contract: RequestContract, schemas: SchemaCollection): Record<'request' | 'reply', Json> {
  return {
    request: {
      name: `${contract.name} request`,
      contentType: 'application/json',
      headers: { $ref: '#/components/schemas/RequestHeaders' },
      payload: schemas.of(contract.request, 'input'),
    },
    reply: {
      name: `${contract.name} reply`,
      contentType: 'application/json',
      payload: schemas.of(contract.reply, 'output'),
    },
  };
}

/** What a request may say beside its content, whichever it is. */
function requestHeaders(schemas: SchemaCollection): Json {
  const description = 'Who acts, for the audit trail; left out by a service that acts by itself.';
  return {
    type: 'object',
    properties: { [ACTOR_HEADER]: { ...schemas.of(requestActor, 'input'), description } },
  };
}

/** What a request is answered with when it is not carried out, whichever it is. */
function refusalMessage(): Json {
  const codes = Object.keys(errorTable).filter(isErrorCode);
  return {
    name: 'refusal',
    title: 'refusal',
    summary: 'In place of a reply: the request was not carried out. Its headers tell it from a reply.',
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: {
        [errorHeaders.code]: {
          type: 'string',
          enum: codes,
          description: `Worth sending again as it is: ${codes.filter((code) => errorTable[code].retryable).join(', ')}.`,
        },
        [errorHeaders.serviceCode]: { type: 'string', pattern: '^[0-9]{3}$' },
        [errorHeaders.serviceText]: { type: 'string' },
      },
      required: Object.values(errorHeaders),
    },
    payload: {
      type: 'object',
      properties: {
        message: { type: 'string', description: 'One sentence for a person: what is wrong, and the remedy.' },
        details: {
          type: 'object',
          properties: { field: { type: 'string', description: 'Path of the field that is wrong.' } },
          additionalProperties: { type: ['string', 'number', 'boolean'] },
        },
      },
      required: ['message', 'details'],
    },
  };
}

/** The parts of the document one service contributes. */
function serviceParts(
  service: ServiceName,
  schemas: SchemaCollection,
): { channels: Json; operations: Json; messages: Json } {
  const contract = serviceContracts[service];
  const channels: Json = {};
  const operations: Json = {};
  const messages: Json = {};
  const add = (key: string, channel: Json, names: string[], operation: Json) => {
    channels[key] = {
      ...channel,
      messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    };
    operations[key] = { channel: { $ref: `#/channels/${key}` }, tags: [{ name: service }], ...operation };
  };

  for (const request of contract.serves) {
    const key = componentName(request.subject);
    const { request: input, reply } = requestMessages(request, schemas);
    messages[`${key}.request`] = input;
    messages[`${key}.reply`] = reply;
    add(key, { address: `${DEFAULT_PREFIX}.${request.subject}` }, [`${key}.request`], {
      action: 'receive',
      summary: request.summary,
      reply: { channel: { $ref: `#/channels/${key}.reply` } },
    });
    channels[`${key}.reply`] = {
      address: null,
      messages: {
        [`${key}.reply`]: { $ref: `#/components/messages/${key}.reply` },
        refusal: { $ref: '#/components/messages/refusal' },
      },
    };
  }
  for (const event of contract.emits) {
    const key = `events_${componentName(event.name)}`;
    messages[key] = eventMessage(event, schemas);
    add(
      key,
      {
        address: `${DEFAULT_PREFIX}.events.v1.${event.name}.{partner}`,
        description: `Kept in the JetStream stream ${streamNames.events(DEFAULT_PREFIX)}; the message id is the event id.`,
        parameters: { partner: { $ref: '#/components/parameters/partner' } },
      },
      [key],
      { action: 'send', summary: event.summary },
    );
  }
  for (const job of contract.handsOut) {
    const key = `jobs_${componentName(job.name)}`;
    messages[key] = jobMessage(job, schemas);
    add(
      key,
      {
        address: `${DEFAULT_PREFIX}.jobs.v1.${job.name}.{partner}`,
        description: `A work queue: ${job.service} does it, once, until acknowledged.`,
        parameters: { partner: { $ref: '#/components/parameters/partner' } },
      },
      [key],
      { action: 'send', summary: job.summary },
    );
  }
  return { channels, operations, messages };
}

/** The AsyncAPI 3.0 document of all subjects, as plain data; `docs/asyncapi.yaml` is its printed form. */
export function asyncApiDocument(version: string): Json {
  const schemas = schemaCollection();
  const parts = serviceNames.map((service) => serviceParts(service, schemas));
  const merge = (name: 'channels' | 'operations' | 'messages') =>
    Object.assign({}, ...parts.map((part) => part[name])) as Json;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Certlane',
      version,
      description:
        'Certificate exchange for OFTP2 partners. Requests are core NATS request/reply in queue groups, events a JetStream log of CloudEvents, jobs a JetStream work queue. Fields are added, never re-used: pass over those you do not know; a request with one is refused.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { nats: { host: 'localhost:4222', protocol: 'nats' } },
    channels: merge('channels'),
    operations: merge('operations'),
    components: {
      parameters: {
        partner: {
          description:
            "Odette ID of the partner the message concerns: letters, digits and '-' as they are, any other octet as '_' and two hex digits; '_' alone where it concerns none.",
        },
      },
      schemas: { RequestHeaders: requestHeaders(schemas), ...schemas.named() },
      messages: { ...merge('messages'), refusal: refusalMessage() },
    },
  };
}
