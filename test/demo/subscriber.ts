import { readFile } from 'node:fs/promises';
import type { CloudEvent } from '@certlane/contracts';
import { connectNats, Secret } from '@certlane/runtime';
import { parse } from 'yaml';
import { z } from 'zod';
import { repositoryRoot } from '../support/repository.js';
import type { RunningStation } from '../support/running-station.js';

/** What of an AsyncAPI 3 document a subscriber reads. */
interface AsyncApi {
  readonly channels: Readonly<
    Record<
      string,
      { readonly address: string | null; readonly messages: Readonly<Record<string, { readonly $ref: string }>> }
    >
  >;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly channel: { readonly $ref: string } }>
  >;
  readonly components: { readonly schemas: unknown };
}

/** An event as it arrived, and what the document says against it. */
export interface ReceivedEvent {
  readonly event: CloudEvent;
  readonly complaint: string | undefined;
}

/**
 * An internal service of the company: all it knows of Certlane is the AsyncAPI document. It subscribes every channel that the
 * document says events are sent on, and holds each message against the schema given there.
 */
export class Subscriber {
  readonly received: ReceivedEvent[] = [];

  private constructor(
    /** Ends the subscriptions. */
    readonly leave: () => Promise<void>,
  ) {}

  static async join(station: RunningStation): Promise<Subscriber> {
    const document = parse(await readFile(new URL('docs/asyncapi.yaml', repositoryRoot), 'utf8')) as AsyncApi;
    const { url, user = '', passwordFile = '' } = station.file.nats;
    const password = new Secret((await readFile(passwordFile, 'utf8')).trim());
    const connection = await connectNats({ servers: [url], credentials: { kind: 'password', user, password } }, user);
    const subscriber = new Subscriber(() => connection.close());
    for (const { subject, schema } of eventChannels(document)) {
      connection.subscribe(subject, {
        callback: (_error, message) => {
          const event = message.json<CloudEvent>();
          const verdict = schema.safeParse(event);
          subscriber.received.push({ event, complaint: verdict.success ? undefined : z.prettifyError(verdict.error) });
        },
      });
    }
    await connection.flush();
    return subscriber;
  }
}

function eventChannels(document: AsyncApi): { subject: string; schema: z.ZodType }[] {
  const sent = Object.values(document.operations)
    .filter(({ action }) => action === 'send')
    .map(({ channel }) => channel.$ref.replace('#/channels/', ''));
  return sent.flatMap((name) => {
    const channel = document.channels[name];
    const reference = Object.values(channel?.messages ?? {})[0]?.$ref;
    const message =
      reference === undefined ? undefined : (at(document, reference) as { contentType: string; payload: unknown });
    if (channel?.address == null || message?.contentType !== 'application/cloudevents+json') return [];
    const schema = z.fromJSONSchema(inline(document, message.payload) as Parameters<typeof z.fromJSONSchema>[0]);
    return [{ subject: channel.address.replace(/\{[^}]+\}/g, '*'), schema }];
  });
}

/** What a local reference points at. */
function at(document: AsyncApi, reference: string): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
}

/** A schema with its local references put in place. */
function inline(document: AsyncApi, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((part) => inline(document, part));
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema && typeof schema.$ref === 'string') return inline(document, at(document, schema.$ref));
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inline(document, value)]));
}
