import { createHash } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { eventType, isCertlaneError, registry, type ReplyOf, type RequestOf, type Usage } from '@certlane/contracts';
import { testCa, type TestCa, type TestIdentity } from '@certlane/pki/testing';
import { createBus, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { fixedClock, testNats, until, type FixedClock, type TestNats } from '@certlane/runtime/testing';
import type { Reviews } from '../ports/reviews.js';
import { REVIEWS } from '../ports/tokens.js';
import { startPartnerRegistry } from '../service.js';
import { startStandInCaStore, type CaStoreAnswers } from './stand-in-ca-store.js';

export const ACME = 'O0013000000ACME';
export const BETA = 'O0177BETA';
/** Station and partner of these tests. */
export const PAIR = { station: ACME, partner: BETA } as const;
export const USAGES: ['tls', 'session-authentication'] = ['tls', 'session-authentication'];
export const SEALED = 'certlane.box.v1.sealed';

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
export const keyIdOf = ({ certificate }: TestIdentity): string =>
  createHash('sha256').update(certificate.publicKey.spki).digest('hex');

type TakeOver = RequestOf<typeof registry.certificateTakeOver>;

/** A registry on a NATS server of its own, asked over the bus; events are read from their stream. */
export interface RunningRegistry {
  readonly nats: TestNats;
  readonly bus: Bus;
  readonly clock: FixedClock;
  /** The company whose authority ca-store knows. */
  readonly company: TestCa;
  /** What ca-store answers. */
  readonly caStore: CaStoreAnswers;
  /** Another replica of the registry. */
  replica(): Promise<RunningService>;
  /** Names and data of the events told since the last call. */
  told(): Promise<{ readonly name: string; readonly subject: string; readonly data: unknown }[]>;
  /** The partner as it stands. */
  partner(): Promise<ReplyOf<typeof registry.partnerGet>['partner']>;
  /** Adds station and partner with nothing on file; only the station of these tests has a host. */
  addPair(station?: string, partner?: string): Promise<void>;
  /** Puts a certificate of ours with its key on file; its fingerprint. */
  addOwn(own: TestIdentity): Promise<string>;
  /** A take-over of a certificate on the present state of the partner. */
  takeOver(
    identity: TestIdentity,
    changes?: Partial<Pick<TakeOver, 'kind' | 'predecessors' | 'exchange'>> & { readonly usages?: readonly Usage[] },
  ): Promise<{ readonly asked: TakeOver; readonly reply: ReplyOf<typeof registry.certificateTakeOver> }>;
  stop(): Promise<void>;
}

/** One registry for all tests of a block, prepared once; it is there from their first on. */
export function registryForAll(
  prepare: (running: RunningRegistry) => Promise<unknown> = () => Promise.resolve(),
): () => RunningRegistry {
  let running: RunningRegistry | undefined;
  beforeAll(async () => {
    running = await runningRegistry();
    await prepare(running);
  });
  afterAll(() => running?.stop());
  return () => running!;
}

async function runningRegistry(): Promise<RunningRegistry> {
  const nats = await testNats();
  const services: RunningService[] = [];
  const stop = async () => {
    for (const running of services) await running.close();
    await nats.stop();
  };
  try {
    return { ...(await startOn(nats, services)), stop };
  } catch (thrown) {
    // Whoever asked for it has nothing to stop it by.
    await stop();
    throw thrown;
  }
}

/** @param services gets each service as it is started, those that rely on others before them */
async function startOn(nats: TestNats, services: RunningService[]): Promise<Omit<RunningRegistry, 'stop'>> {
  const clock = fixedClock(new Date('2026-06-01T12:00:00Z'));
  const company = testCa({ name: 'Beta', now: clock.now() });
  const replica = async () => {
    const started = await startPartnerRegistry(nats.runtimeConfig('partner-registry'), { clock });
    services.unshift(started);
    return started;
  };
  const first = await replica();
  // Later ones come when something asks for them, or a day has passed: tests know when that is.
  await until('everything was reviewed once', async () => {
    return (await first.get<Reviews>(REVIEWS).current()).walkedAt !== undefined;
  });
  const { service: caStore, answers } = await startStandInCaStore(nats, company);
  services.push(caStore);
  const connection = await nats.connect('anyone');
  const bus = createBus(connection, nats.prefix);
  const partner = async () => (await bus.request(registry.partnerGet, PAIR)).partner;
  let next = 1;
  return {
    nats,
    bus,
    clock,
    company,
    caStore: answers,
    replica,
    told: async () => {
      const told = [];
      for await (const { sequence, subject, event } of readEvents(connection, nats.prefix, { from: next })) {
        next = sequence + 1;
        told.push({ name: nameOf(event.type), subject, data: event.data });
      }
      return told;
    },
    partner,
    addPair: async (station = ACME, id = BETA) => {
      const named = station === ACME ? { host: 'oftp.acme.example' } : {};
      await bus.request(registry.stationAdd, { id: station, password: SEALED, ...named });
      const settings = { acx: true, secureAuthentication: true };
      await bus.request(registry.partnerAdd, { station, id, password: SEALED, ...settings });
    },
    addOwn: async (own) => {
      const keyId = keyIdOf(own);
      const certificate = base64(own.certificate.der);
      await bus.request(registry.keyAdd, { station: ACME, keyId, sealedKey: `${SEALED}.${keyId}` });
      await bus.request(registry.ownCertificateAdd, { station: ACME, certificate, chain: [], keyId });
      return own.certificate.fingerprint;
    },
    takeOver: async ({ certificate }, { usages = USAGES, predecessors = [], kind = 'deliver', exchange } = {}) => {
      const decided = {
        ...PAIR,
        exchange: exchange ?? `exchange of ${certificate.serialNumber}`,
        kind,
        certificate: base64(certificate.der),
        usages: [...usages],
        predecessors,
      };
      for (;;) {
        const asked = { ...decided, revision: (await partner()).revision };
        try {
          return { asked, reply: await bus.request(registry.certificateTakeOver, asked) };
        } catch (error) {
          // A review came in between: decided anew, as cert-exchange does.
          if (!isCertlaneError(error) || error.code !== 'conflict') throw error;
        }
      }
    },
  };
}

const nameOf = (type: string): string => {
  const around = eventType({ name: '|' }).split('|');
  return type.slice(around[0]?.length, -(around[1]?.length ?? 0));
};
