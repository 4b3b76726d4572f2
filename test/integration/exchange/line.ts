import type { exchangeRequests } from '@certlane/contracts';
import {
  ca,
  registry,
  type ParsedReplyOf,
  type Partner,
  type RequestContract,
  type RequestOf,
} from '@certlane/contracts';
import { startCaStore } from '@certlane/ca-store';
import { startCertExchange } from '@certlane/cert-exchange';
import { startPartnerRegistry } from '@certlane/partner-registry';
import type { Certificate } from '@certlane/pki';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { createBus, type Bus, type RunningService } from '@certlane/runtime';
import { fixedClock, testNats, type FixedClock, type TestNats } from '@certlane/runtime/testing';
import { createHash } from 'node:crypto';

/** Station and partner of these tests, as the station sees them. */
export const US = { station: 'O0013000000ACME', partner: 'O0177000000BETA' } as const;

const SEALED = 'certlane.sealed.v1.test.test';

/** The three services behind the gateway over one nats-server, with a bus in place of gateway and command line. */
export interface Line {
  readonly bus: Bus;
  readonly clock: FixedClock;
  readonly nats: TestNats;
  readonly acme: ReturnType<typeof testCa>;
  readonly beta: ReturnType<typeof testCa>;
  /** Events so far, in the order of the stream: name and data. */
  told(): Promise<{ name: string; id: string; data: Record<string, unknown> }[]>;
  stopService(name: 'ca-store' | 'partner-registry' | 'cert-exchange'): Promise<void>;
  startService(name: 'ca-store' | 'partner-registry' | 'cert-exchange'): Promise<void>;
  stop(): Promise<void>;
}

const starters = {
  'ca-store': startCaStore,
  'partner-registry': startPartnerRegistry,
  'cert-exchange': startCertExchange,
};

/** Starts the line, with the station, its partner and the partner's issuer in place. */
export async function startLine(): Promise<Line> {
  const nats = await testNats();
  const clock = fixedClock(new Date('2026-03-01T10:00:00.000Z'));
  const services = new Map<string, RunningService>();
  const start = async (name: keyof typeof starters) => {
    services.set(name, await starters[name](nats.runtimeConfig(name), { clock }));
  };
  await Promise.all((Object.keys(starters) as (keyof typeof starters)[]).map(start));
  const connection = await nats.connect('anyone');
  const bus = createBus(connection, nats.prefix);
  const acme = testCa({ name: 'Acme', now: clock.now() });
  const beta = testCa({ name: 'Beta', now: clock.now() });
  return {
    bus,
    clock,
    nats,
    acme,
    beta,
    told: async () => {
      const { jetstreamManager } = await import('@nats-io/jetstream');
      const manager = await jetstreamManager(connection);
      const { state } = await manager.streams.info('certlane_events');
      const events = [];
      for (let seq = 1; seq <= state.last_seq; seq += 1) {
        const message = await manager.streams.getMessage('certlane_events', { seq });
        if (message !== null) {
          const event = message.json<{ id: string; type: string; data: Record<string, unknown> }>();
          events.push({ id: event.id, name: event.type.replace(/^certlane\.(.*)\.v1$/, '$1'), data: event.data });
        }
      }
      return events;
    },
    stopService: async (name) => {
      await services.get(name)?.close();
      services.delete(name);
    },
    startService: start,
    stop: async () => {
      await Promise.allSettled([...services.values()].map((service) => service.close()));
      await nats.stop();
    },
  };
}

/** Base64 of a certificate's DER. */
export function base64(certificate: Certificate): string {
  return Buffer.from(certificate.der).toString('base64');
}

/** Station, partner and issuers, as an operator sets them up; no certificate of the partner. */
export async function setUp({ bus, beta }: Line): Promise<void> {
  await bus.request(ca.issuerAdd, {
    certificates: [base64(beta.root.certificate), base64(beta.authority.certificate)],
  });
  await bus.request(registry.stationAdd, { id: US.station, password: SEALED, host: 'oftp.acme.example' });
  await bus.request(registry.partnerAdd, {
    station: US.station,
    id: US.partner,
    password: SEALED,
    acx: true,
    secureAuthentication: true,
  });
  await bus.request(registry.partnerIdentify, {
    ...US,
    subject: 'oftp.beta.example',
    issuer: beta.authority.certificate.fingerprint,
    usages: ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'],
  });
}

/** A certificate of ours, with its key kept and in use for everything. */
export async function useOwn({ bus }: Line, own: TestIdentity): Promise<string> {
  const keyId = createHash('sha256').update(own.certificate.publicKey.spki).digest('hex');
  await bus.request(registry.keyAdd, { station: US.station, keyId, sealedKey: SEALED });
  const { certificate } = await bus.request(registry.ownCertificateAdd, {
    station: US.station,
    certificate: base64(own.certificate),
    chain: [],
    keyId,
  });
  await bus.request(registry.ownCertificateActivate, {
    station: US.station,
    fingerprint: certificate.fingerprint,
    usages: ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'],
  });
  return certificate.fingerprint;
}

let stamp = 1_000_000_000;

/** A certificate file as the gateway hands it over; every call is another file unless a time is given. */
export function incoming(
  kind: 'DELIVER' | 'REQUEST' | 'REPLACE',
  octets: Uint8Array,
  more: { description?: string; time?: string; mode?: 'full' | 'exchange-only' } = {},
): RequestOf<typeof exchangeRequests.certificateReceive> {
  return {
    session: 's1',
    ...US,
    mode: more.mode ?? 'full',
    file: {
      datasetName: `ODETTE_CERTIFICATE_${kind}`,
      date: '20260301',
      time: more.time ?? String((stamp += 1)),
      originator: US.partner,
      destination: US.station,
    },
    description: more.description ?? '',
    octets: Buffer.from(octets).toString('base64'),
  };
}

/** No sound run comes near it, however busy the machine; still below the time Jest gives a test. */
const PATIENCE_MS = 45_000;

/** Asks until the reply is as wanted, since jobs run on their own. */
export async function until<C extends RequestContract>(
  bus: Bus,
  contract: C,
  input: RequestOf<C>,
  wanted: (reply: ParsedReplyOf<C>) => boolean,
): Promise<ParsedReplyOf<C>> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const reply = await bus.request(contract, input);
    if (wanted(reply)) return reply;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${contract.name}: ${JSON.stringify(reply)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A partner, but for what moves by itself: a refusal is remembered in its revision, and a review finds how certificates stand. */
export function atRest({ revision: _revision, certificates, ...rest }: Partner) {
  return { ...rest, certificates: certificates.map(({ standing: _standing, ...certificate }) => certificate) };
}
