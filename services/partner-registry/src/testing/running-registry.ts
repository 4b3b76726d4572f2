import { createHash } from 'node:crypto';
import { eventType, registry, type Usage } from '@certlane/contracts';
import { testCa, type TestCa, type TestIdentity } from '@certlane/pki/testing';
import { createBus, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { fixedClock, testNats, type FixedClock, type TestNats } from '@certlane/runtime/testing';
import { startPartnerRegistry } from '../service.js';
import { startKnownIssuer } from './known-issuer.js';

export const ACME = 'O0013000000ACME';
export const BETA = 'O0177BETA';
export const SEALED = 'certlane.box.v1.sealed';

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
export const keyIdOf = ({ certificate }: TestIdentity): string =>
  createHash('sha256').update(certificate.publicKey.spki).digest('hex');

/** A registry on a NATS server of its own, asked over the bus; events are read from their stream. */
export interface RunningRegistry {
  readonly nats: TestNats;
  readonly bus: Bus;
  readonly clock: FixedClock;
  /** The company whose authority ca-store knows. */
  readonly company: TestCa;
  /** Another replica of the registry. */
  replica(): Promise<RunningService>;
  /** Names and data of the events told since the last call. */
  told(): Promise<{ readonly name: string; readonly subject: string; readonly data: unknown }[]>;
  stop(): Promise<void>;
}

export async function runningRegistry(): Promise<RunningRegistry> {
  const nats = await testNats();
  const clock = fixedClock(new Date('2026-06-01T12:00:00Z'));
  const company = testCa({ name: 'Beta', now: clock.now() });
  const replicas: RunningService[] = [];
  const replica = async () => {
    const started = await startPartnerRegistry(nats.runtimeConfig('partner-registry'), { clock });
    replicas.push(started);
    return started;
  };
  await replica();
  const issuers = await startKnownIssuer(nats, company);
  const connection = await nats.connect('anyone');
  let next = 1;
  return {
    nats,
    bus: createBus(connection, nats.prefix),
    clock,
    company,
    replica,
    told: async () => {
      const told = [];
      for await (const { sequence, subject, event } of readEvents(connection, nats.prefix, { from: next })) {
        next = sequence + 1;
        told.push({ name: nameOf(event.type), subject, data: event.data });
      }
      return told;
    },
    stop: async () => {
      for (const running of [...replicas, issuers]) await running.close();
      await nats.stop();
    },
  };
}

const nameOf = (type: string): string => {
  const around = eventType({ name: '|' }).split('|');
  return type.slice(around[0]?.length, -(around[1]?.length ?? 0));
};

/** Adds station and partner with nothing on file. */
export async function addPair({ bus }: Pick<RunningRegistry, 'bus'>, station = ACME, partner = BETA): Promise<void> {
  await bus.request(registry.stationAdd, { id: station, password: SEALED, host: 'oftp.acme.example' });
  await bus.request(registry.partnerAdd, {
    station,
    id: partner,
    password: SEALED,
    acx: true,
    secureAuthentication: true,
  });
}

/** Puts a certificate of ours with its key on file. */
export async function addOwn(
  { bus }: Pick<RunningRegistry, 'bus'>,
  own: TestIdentity,
  station = ACME,
): Promise<string> {
  const keyId = keyIdOf(own);
  await bus.request(registry.keyAdd, { station, keyId, sealedKey: `${SEALED}.${keyId}` });
  await bus.request(registry.ownCertificateAdd, {
    station,
    certificate: base64(own.certificate.der),
    chain: [],
    keyId,
  });
  return own.certificate.fingerprint;
}

/** A take-over of a certificate on the present state of the partner. */
export async function takeOver(
  { bus }: Pick<RunningRegistry, 'bus'>,
  identity: TestIdentity,
  changes: {
    kind?: 'deliver' | 'request' | 'replace';
    usages?: readonly Usage[];
    predecessors?: string[];
    exchange?: string;
  } = {},
) {
  const { partner } = await bus.request(registry.partnerGet, { station: ACME, partner: BETA });
  const { usages = ['tls', 'session-authentication'], predecessors = [], kind = 'deliver' } = changes;
  const asked = {
    station: ACME,
    partner: BETA,
    exchange: changes.exchange ?? `exchange of ${identity.certificate.serialNumber}`,
    kind,
    certificate: base64(identity.certificate.der),
    usages: [...usages],
    predecessors,
    revision: partner.revision,
  };
  return { asked, reply: await bus.request(registry.certificateTakeOver, asked) };
}
