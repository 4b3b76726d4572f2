import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ca, exchangeRequests, gatewayEvents, registry, type CloudEvent, type Exchange } from '@certlane/contracts';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Visitor, type Offer } from '../demo/visitor.js';
import { eventually } from '../support/eventually.js';
import { ssid } from '@certlane/oftp2/testing';
import { attend, ScriptedResponder, type ScriptedPeer } from '../support/oftp/index.js';
import { ALL_USAGES } from '../support/operator.js';
import type { ServiceProcess } from '../support/service-process.js';
import { Fleet } from './fleet.js';

const US = 'O0942BIGCAR';
const PASSWORD = 'SECRET';
const DELIVER = 'ODETTE_CERTIFICATE_DELIVER';
/** The lease of a gateway that died lasts 30 s, and then the job comes again; far more on a busy machine. */
const DEATH_MS = 240_000;

const bigcar = testCa({ name: 'Bigcar' });
const theirs = testCa({ name: 'Parts' });

let fleet: Fleet;
let serial = 0;

beforeAll(async () => {
  fleet = await Fleet.sail();
  const { operator } = fleet;
  const issuer = Buffer.from(theirs.authority.certificate.der).toString('base64');
  await operator.bus.request(ca.issuerAdd, { certificates: [issuer] });
  await operator.addStation(US, PASSWORD, 'localhost');
  await operator.useCertificate(US, bigcar.issue({ host: 'localhost' }));
}, DEATH_MS);

const responders: ScriptedResponder[] = [];

afterAll(async () => {
  for (const responder of responders) responder.close();
  await fleet.sink();
});

/** A partner of the station, expected by its name; with a port, the station can call it. */
async function partner(id: string, port?: number): Promise<TestIdentity> {
  const connection = port === undefined ? null : { host: '127.0.0.1', port, transport: 'tcp' as const };
  await fleet.operator.addPartner({ station: US, partner: id }, { password: PASSWORD, connection, acx: true });
  const issuer = theirs.authority.certificate.fingerprint;
  const entry = { station: US, partner: id, subject: `CN=${id}`, issuer, usages: [...ALL_USAGES] };
  await fleet.operator.bus.request(registry.partnerIdentify, entry);
  return theirs.issue({ subject: `CN=${id}` });
}

const offerOf = (from: string, { certificate }: TestIdentity): Offer => ({
  dataset: DELIVER,
  content: certificate.der,
  from,
  to: US,
  time: 1_200_000_000 + (serial += 1),
});

/** Calls a gateway, offers a file, fetches what is owed, leaves. */
async function visit(gateway: ServiceProcess, offer: Offer) {
  const visitor = await Visitor.tcp(gateway.port('tcp'));
  await visitor.start({ code: offer.from, password: PASSWORD });
  const verdict = await visitor.offer(offer);
  const answers = await visitor.answers();
  visitor.leave();
  return { verdict: verdict.command, answers };
}

/** Names of events about a partner with how often each was told; sessions left out. */
async function told(id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of await fleet.operator.events(id)) {
    const name = type.replace(/^certlane\./, '').replace(/\.v1$/, '');
    if (name !== 'session.ended') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const taken = {
  'partner.added': 1,
  'partner.identified': 1,
  'exchange.received': 1,
  'certificate.taken-over': 1,
  'exchange.accepted': 1,
};

describe('several gateways, registries and exchanges of one station', () => {
  it('know a file that comes through both gateways, one after the other, as one file', async () => {
    const [first, second] = fleet.replicas('session-gateway') as [ServiceProcess, ServiceProcess];
    const offer = offerOf('O0013TWICE', await partner('O0013TWICE'));
    const one = await visit(first, offer);
    const other = await visit(second, offer);
    expect(one).toMatchObject({ verdict: 'EFPA', answers: [{ command: 'EERP', EERPTIME: offer.time }] });
    expect(other).toEqual(one);
    expect(await told('O0013TWICE')).toEqual({ ...taken, 'exchange.answered': 2 });
  });

  it.each([1, 2, 3, 4])('know a file that comes through both at the same moment as one file: %i', async (round) => {
    const id = `O0013RACE${round}`;
    const offer = offerOf(id, await partner(id));
    const gateways = fleet.replicas('session-gateway');
    const visits = [...gateways, ...gateways, ...gateways].map((gateway) => visit(gateway, offer));
    const outcomes = await Promise.all(visits);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(visits.map(() => 'EFPA'));
    const answers = outcomes.flatMap((outcome) => outcome.answers);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toMatchObject({ command: 'EERP', EERPTIME: offer.time });
    expect(await told(id)).toMatchObject(taken);
    const { certificates } = await fleet.operator.partner({ station: US, partner: id });
    expect(certificates).toHaveLength(1);
  });

  it('share the work and do nothing twice', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `O0013CROWD${index}`);
    const gateways = fleet.replicas('session-gateway');
    const visits = ids.map(async (id, index) => visit(gateways[index % 2]!, offerOf(id, await partner(id))));
    for (const { answers } of await Promise.all(visits)) expect(answers).toMatchObject([{ command: 'EERP' }]);
    for (const id of ids) expect(await told(id)).toEqual({ ...taken, 'exchange.answered': 1 });
    for (const name of ['session-gateway', 'cert-exchange', 'partner-registry'] as const) {
      const metric =
        name === 'session-gateway' ? 'certlane_gateway_sessions_total' : 'certlane_request_duration_seconds_count';
      const shares = await Promise.all(fleet.replicas(name).map((replica) => replica.metric(metric)));
      expect(shares.filter((share) => share > 0)).toHaveLength(2);
    }
  });

  it('call a partner once at a time, however many things wait for it', async () => {
    const partners = await Promise.all([1, 2, 3].map((one) => BusyPartner.open(`O0013BUSY${one}`)));
    for (const year of [1, 2, 3]) {
      const certificate = await renewed(year);
      const orders = partners.map(({ id }) =>
        fleet.operator.bus.request(exchangeRequests.send, { station: US, partner: id, kind: 'deliver', certificate }),
      );
      await Promise.all(orders);
    }
    for (const busy of partners) {
      expect(statesOf(await done(busy.id, 3))).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
      expect([busy.atOnce, busy.troubles]).toEqual([1, []]);
      expect(await told(busy.id)).toMatchObject({
        'exchange.queued': 3,
        'exchange.sent': 3,
        'exchange.acknowledged': 3,
      });
      expect(overlaps(await fleet.operator.events(busy.id))).toEqual([]);
    }
  });

  it(
    'go on when one of each dies in the middle of a session',
    async () => {
      const responder = await listening();
      await partner('O0013CALLED', responder.port);
      const offer = offerOf('O0013CALLER', await partner('O0013CALLER'));
      const order = { station: US, partner: 'O0013CALLED', kind: 'deliver', certificate: await renewed(4) } as const;
      await fleet.operator.bus.request(exchangeRequests.send, order);
      const called = await begun(await responder.accept());
      const dying = await onTheLine();
      const caller = await Visitor.tcp(dying.port('tcp'));
      await caller.start({ code: 'O0013CALLER', password: PASSWORD });
      const others = (['cert-exchange', 'partner-registry'] as const).map((name) => fleet.replicas(name)[0]!);
      for (const dead of [dying, ...others]) dead.kill();
      await called.closed();
      await expect(caller.offer(offer)).rejects.toThrow('closed the connection');

      // Who calls again finds the other one at once; who is to be called waits until the lease of the dead is over.
      const [alive] = fleet.replicas('session-gateway');
      expect(await visit(alive!, offer)).toMatchObject({ verdict: 'EFPA', answers: [{ command: 'EERP' }] });
      expect(await told('O0013CALLER')).toEqual({ ...taken, 'exchange.answered': 1 });
      expect(await attend(await responder.accept(), 'O0013CALLED', PASSWORD)).toHaveLength(1);
      expect(statesOf(await done('O0013CALLED', 1))).toEqual(['acknowledged']);
      expect(await told('O0013CALLED')).toMatchObject({ 'exchange.queued': 1, 'exchange.acknowledged': 1 });
    },
    DEATH_MS,
  );
});

async function listening(): Promise<ScriptedResponder> {
  const responder = await ScriptedResponder.listen();
  responders.push(responder);
  return responder;
}

/** A partner that takes calls one after the other and counts how many came at once. */
class BusyPartner {
  atOnce = 0;
  /** What went wrong in its calls. */
  readonly troubles: unknown[] = [];
  #now = 0;

  private constructor(
    readonly id: string,
    private readonly responder: ScriptedResponder,
  ) {}

  static async open(id: string): Promise<BusyPartner> {
    const busy = new BusyPartner(id, await listening());
    await partner(id, busy.responder.port);
    void busy.#answer();
    return busy;
  }

  async #answer(): Promise<void> {
    for (;;) this.#talk(await this.responder.accept()).catch((trouble: unknown) => this.troubles.push(trouble));
  }

  async #talk(peer: ScriptedPeer): Promise<void> {
    this.#now += 1;
    this.atOnce = Math.max(this.atOnce, this.#now);
    // Long enough for a second call to come if there is one.
    await sleep(200);
    await attend(peer, this.id, PASSWORD);
    this.#now -= 1;
  }
}

/** A certificate of ours that the station uses from now on. */
function renewed(year: number): Promise<string> {
  const ends = new Date(Date.now() + (year + 1) * 365 * 86_400_000);
  return fleet.operator.useCertificate(US, bigcar.issue({ host: 'localhost', notAfter: ends }), ['file-signature']);
}

/** Exchanges with a partner that we began, once all of them are over. */
async function done(id: string, expected: number): Promise<Exchange[]> {
  const look = async () =>
    (await fleet.operator.exchanges({ station: US, partner: id })).filter(({ direction }) => direction === 'outbound');
  return eventually(look, (all) => all.length === expected && all.every(({ state }) => state === 'acknowledged'));
}

const statesOf = (exchanges: readonly Exchange[]): string[] => exchanges.map(({ state }) => state);

/** Sessions with a partner that we opened, and that were there at the same time. */
function overlaps(events: readonly CloudEvent[]): string[] {
  const calls = events
    .filter(({ type }) => type === 'certlane.session.ended.v1')
    .map(({ data }) => gatewayEvents.sessionEnded.data.parse(data))
    .filter(({ role }) => role === 'initiator')
    .map(({ session, startedAt, milliseconds }) => ({ session, from: Date.parse(startedAt), milliseconds }))
    .sort((one, other) => one.from - other.from);
  return calls.flatMap(({ session, from }, index) => {
    const before = calls[index - 1];
    return before === undefined || before.from + before.milliseconds <= from ? [] : [session];
  });
}

/** Brings a call as far as the first file, which it leaves without an answer. */
async function begun(peer: ScriptedPeer): Promise<ScriptedPeer> {
  peer.send({ command: 'SSRM' });
  await peer.expect('SSID');
  peer.send(ssid('O0013CALLED', PASSWORD));
  await peer.expect('SFID');
  return peer;
}

/** The gateway that is calling now. */
async function onTheLine(): Promise<ServiceProcess> {
  const gateways = fleet.replicas('session-gateway');
  const calls = await Promise.all(
    gateways.map((gateway) => gateway.metric('certlane_gateway_sessions_active', { role: 'initiator' })),
  );
  expect([...calls].sort()).toEqual([0, 1]);
  return gateways[calls.indexOf(1)]!;
}
