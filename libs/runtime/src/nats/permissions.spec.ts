import { ca, caEvents, registry, serviceContracts, serviceNames } from '@certlane/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { testNats, type TestNats, type TestUser } from '../testing/test-nats.js';
import { operatorPermissions, permissionsOf, provisionerPermissions, subscriberPermissions } from './permissions.js';

describe('permissions by contract', () => {
  it.each(serviceNames)('give %s no wildcard over other services, streams or the API', (service) => {
    const { publish, subscribe } = permissionsOf(service, 'certlane');
    for (const subject of [...publish, ...subscribe]) {
      expect(subject).not.toMatch(/^(?:>|\*|\$JS\.>|\$JS\.API\.>|\$SRV\.>|certlane\.>|_INBOX\.>)/);
      expect(subject).not.toMatch(/CREATE|UPDATE|PURGE|STREAM\.DELETE|CONSUMER\.DELETE/);
    }
    const others = serviceNames.filter((name) => name !== service);
    for (const other of others) expect(publish.join()).not.toContain(`certlane_${other}`);
  });

  it('hold every request a service calls and answers', () => {
    const { publish, subscribe } = permissionsOf('cert-exchange', 'certlane');
    expect(publish).toEqual(
      expect.arrayContaining(['certlane.registry.v1.partner.get', 'certlane.ca.v1.certificate.validate']),
    );
    expect(publish).not.toContain('certlane.registry.v1.partner.remove');
    expect(subscribe).toContain('certlane.exchange.v1.session.decide cert-exchange');
  });

  it('let the operator call every request of every service', () => {
    const { publish } = operatorPermissions('p');
    for (const service of serviceNames) {
      for (const { subject } of serviceContracts[service].serves) expect(publish).toContain(`p.${subject}`);
    }
  });

  it('let only the provisioner make streams and consumers', () => {
    const makers = [
      ...serviceNames.map((name) => permissionsOf(name, 'p')),
      operatorPermissions('p'),
      subscriberPermissions('p', 's'),
    ];
    for (const { publish } of makers) expect(publish.join()).not.toContain('CREATE');
    expect(provisionerPermissions('p').publish).toContain('$JS.API.STREAM.CREATE.p_events');
  });
});

describe('a real nats-server enforces them', () => {
  let nats: TestNats;
  const connections = new Map<TestUser, NatsConnection>();

  beforeAll(async () => {
    nats = await testNats();
    for (const user of [
      'ca-store',
      'partner-registry',
      'session-gateway',
      'operator',
      'subscriber',
      'provisioner',
    ] as const) {
      connections.set(user, await nats.connect(user));
    }
  });

  afterAll(() => nats.stop());

  const as = (user: TestUser): NatsConnection => connections.get(user)!;

  it.each<[TestUser, string]>([
    ['ca-store', 'certlane.registry.v1.partner.list'],
    ['ca-store', 'certlane.events.v1.partner.added.X'],
    ['ca-store', 'certlane.jobs.v1.dial.X'],
    ['ca-store', '$KV.certlane_partner-registry.partner.x'],
    ['ca-store', '$JS.API.STREAM.MSG.GET.KV_certlane_partner-registry'],
    ['ca-store', '$JS.API.DIRECT.GET.KV_certlane_partner-registry.$KV.certlane_partner-registry.partner.x'],
    ['ca-store', '$JS.API.STREAM.DELETE.KV_certlane_ca-store'],
    ['ca-store', '$JS.API.STREAM.PURGE.KV_certlane_ca-store'],
    ['ca-store', '$JS.API.CONSUMER.CREATE.KV_certlane_ca-store.mine'],
    ['ca-store', '$JS.API.STREAM.MSG.DELETE.certlane_events'],
    ['session-gateway', '$KV.certlane_ca-store.issuer.x'],
    ['session-gateway', 'certlane.registry.v1.partner.remove'],
    ['session-gateway', '$JS.API.CONSUMER.CREATE.certlane_jobs.mine'],
    ['subscriber', 'certlane.ca.v1.issuer.list'],
    ['subscriber', 'certlane.events.v1.issuer.added._'],
    ['subscriber', '$JS.API.CONSUMER.CREATE.certlane_events.mine'],
    ['operator', 'certlane.events.v1.issuer.added._'],
    ['operator', '$KV.certlane_ca-store.issuer.x'],
    ['provisioner', 'certlane.ca.v1.issuer.list'],
    ['provisioner', '$JS.API.STREAM.DELETE.certlane_events'],
    ['ca-store', '$SYS.REQ.USER.INFO.X'],
  ])('%s may not publish on %s', async (user, subject) => {
    await expect(as(user).request(subject, '{}', { timeout: 1_000 })).rejects.toThrow(/Permissions Violation/i);
  });

  it.each<[TestUser, string, string | undefined]>([
    ['ca-store', 'certlane.registry.v1.partner.list', 'partner-registry'],
    ['ca-store', 'certlane.ca.v1.issuer.list', undefined],
    ['ca-store', 'certlane.ca.v1.issuer.list', 'another-group'],
    ['ca-store', 'certlane.events.v1.>', undefined],
    ['session-gateway', '_INBOX_ca-store.>', undefined],
    ['subscriber', '_INBOX_operator.>', undefined],
    ['subscriber', 'certlane.>', undefined],
    ['operator', 'certlane.ca.v1.>', undefined],
    ['partner-registry', '$KV.certlane_partner-registry.>', undefined],
  ])('%s may not subscribe to %s (queue %s)', async (user, subject, queue) => {
    const refused = new Promise<Error | null>((resolve) => {
      as(user).subscribe(subject, { ...(queue === undefined ? {} : { queue }), callback: (error) => resolve(error) });
    });
    expect((await refused)?.message).toMatch(/Permissions Violation/i);
  });

  it('a service may answer whoever asked, once, and send to no other reply subject', async () => {
    const { subject } = ca.issuerList;
    const subscription = as('ca-store').subscribe(`certlane.${subject}`, {
      queue: 'ca-store',
      callback: (_error, message) => {
        message.respond('first');
        message.respond('second');
      },
    });
    await as('ca-store').flush();
    const inbox = '_INBOX_operator.mine';
    const answers: string[] = [];
    as('operator').subscribe(inbox, { callback: (_error, message) => void answers.push(message.string()) });
    as('operator').publish(`certlane.${subject}`, '{}', { reply: inbox });
    await as('operator').flush();
    await as('ca-store').flush();
    as('ca-store').publish(inbox, 'unasked');
    await as('ca-store').flush();
    await as('operator').flush();
    expect(answers).toEqual(['first']);
    subscription.unsubscribe();
  });

  it('a subscriber reads events live and from the log, and needs no consumer for it', async () => {
    const live: string[] = [];
    as('subscriber').subscribe('certlane.events.v1.>', {
      callback: (_error, message) => void live.push(message.subject),
    });
    await as('subscriber').flush();
    await jetstream(as('ca-store')).publish('certlane.events.v1.issuer.added._', '{}', { msgID: 'one' });
    await as('subscriber').flush();
    expect(live).toEqual(['certlane.events.v1.issuer.added._']);
    const manager = await jetstreamManager(as('subscriber'), { checkAPI: false });
    expect((await manager.direct.getMessage('certlane_events', { seq: 1 }))?.subject).toBe(
      'certlane.events.v1.issuer.added._',
    );
  });

  it('knows every event and request of the contracts by its subject', () => {
    expect(permissionsOf('ca-store', 'x').publish).toContain(`x.events.v1.${caEvents.issuerAdded.name}.*`);
    expect(permissionsOf('partner-registry', 'x').subscribe).toContain(
      `x.${registry.partnerAdd.subject} partner-registry`,
    );
  });
});
