import {
  eventSubject,
  jobSubject,
  requestSubject,
  serviceContracts,
  serviceNames,
  streamNames,
  type ServiceContract,
  type ServiceName,
} from '@certlane/contracts';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';

const PREFIX = 'certlane';
const users = [...serviceNames, 'operator', 'subscriber', 'provisioner'] as const;
type User = (typeof users)[number];
type Who = (user: User, contract: ServiceContract | undefined) => boolean;

const contractOf = (user: User): ServiceContract | undefined =>
  (serviceNames as readonly string[]).includes(user) ? serviceContracts[user as ServiceName] : undefined;
const all = <T>(part: (contract: ServiceContract) => readonly T[]): T[] =>
  serviceNames.flatMap((name) => part(serviceContracts[name]));
const requests = all(({ serves }) => serves);
const events = all(({ emits }) => emits);
const jobs = all(({ handsOut }) => handsOut);
const storing = serviceNames.filter((name) => serviceContracts[name].store);
const nobody: Who = () => false;

// Who may what is read off the contracts here, once more and in other words than in permissions.ts.
const publishing: readonly (readonly [subject: string, may: Who])[] = [
  ...requests.map((request): [string, Who] => [
    requestSubject(PREFIX, request),
    (user, contract) => user === 'operator' || contract?.calls.includes(request) === true,
  ]),
  ...events.map((event): [string, Who] => [
    eventSubject(PREFIX, event, 'O0177'),
    (_user, contract) => contract?.emits.includes(event) === true,
  ]),
  ...jobs.map((job): [string, Who] => [
    jobSubject(PREFIX, job, 'O0177'),
    (_user, contract) => contract?.handsOut.includes(job) === true,
  ]),
  ...storing.map((service): [string, Who] => [
    `$KV.${streamNames.bucket(PREFIX, service)}.some.key`,
    (user) => user === service,
  ]),
  ...users.map((user): [string, Who] => [`_INBOX_${user}.unasked`, nobody]),
  ['certlane.events.v1.unheard.of.O0177', nobody],
  ['certlane.anything', nobody],
  ['$SYS.REQ.SERVER.PING', nobody],
  ['$JS.API.STREAM.LIST', nobody],
  ['$JS.API.STREAM.DELETE.certlane_events', nobody],
  ['$JS.API.STREAM.PURGE.certlane_jobs', nobody],
  ['$JS.API.CONSUMER.DELETE.certlane_jobs.session-gateway-dial', nobody],
];

const subscribing: readonly (readonly [subject: string, queue: string | undefined, may: Who])[] = [
  ...requests.flatMap((request): [string, string | undefined, Who][] => [
    [requestSubject(PREFIX, request), request.service, (user) => user === request.service],
    [requestSubject(PREFIX, request), undefined, nobody],
    [requestSubject(PREFIX, request), 'eavesdroppers', nobody],
  ]),
  ...events.map((event): [string, undefined, Who] => [
    eventSubject(PREFIX, event, 'O0177'),
    undefined,
    (user, contract) => user === 'operator' || user === 'subscriber' || contract?.hears.includes(event) === true,
  ]),
  ...jobs.map((job): [string, undefined, Who] => [jobSubject(PREFIX, job, 'O0177'), undefined, nobody]),
  ...storing.map((service): [string, undefined, Who] => [
    `$KV.${streamNames.bucket(PREFIX, service)}.>`,
    undefined,
    nobody,
  ]),
  ...users.map((owner): [string, undefined, Who] => [`_INBOX_${owner}.>`, undefined, (user) => user === owner]),
  ...['>', 'certlane.>', '_INBOX.>', '*.*.*.*', '$JS.>', '$SYS.>'].map((wide): [string, undefined, Who] => [
    wide,
    undefined,
    nobody,
  ]),
];

describe('what nats-server lets a user do is its contract, no more and no less', () => {
  let nats: TestNats;

  beforeAll(async () => {
    nats = await testNats();
  });

  afterAll(() => nats.stop());

  it.each(users)('%s publishes', async (user) => {
    const connection = await nats.connect(user);
    const passed = await Promise.all(
      publishing.map(async ([subject]) => ((await isForbidden(connection, subject)) ? undefined : subject)),
    );
    const may = publishing.filter(([, who]) => who(user, contractOf(user))).map(([subject]) => subject);
    expect(passed.filter((subject) => subject !== undefined)).toEqual(may);
  });

  it.each(users)('%s subscribes', async (user) => {
    const connection = await nats.connect(user);
    const refused = new Set<number>();
    subscribing.forEach(([subject, queue], index) => {
      const group = queue === undefined ? {} : { queue };
      connection.subscribe(subject, {
        ...group,
        callback: (error) => {
          if (error !== null) refused.add(index);
        },
      });
    });
    await connection.flush();
    const named = subscribing.map(([subject, queue = 'no queue', who]) => ({ name: `${subject} (${queue})`, who }));
    const may = named.filter(({ who }) => who(user, contractOf(user))).map(({ name }) => name);
    expect(named.filter((_each, index) => !refused.has(index)).map(({ name }) => name)).toEqual(may);
  });
});

async function isForbidden(connection: NatsConnection, subject: string): Promise<boolean> {
  try {
    await connection.request(subject, '{}', { timeout: 5_000 });
    return false;
  } catch (error) {
    // No responders: it got through, and nobody was there.
    return /permissions violation/i.test(String(error));
  }
}
