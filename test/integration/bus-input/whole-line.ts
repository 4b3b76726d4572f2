import { startCaStore } from '@certlane/ca-store';
import { startCertExchange } from '@certlane/cert-exchange';
import { ca, gateway, registry, requestSubject, type RequestContract } from '@certlane/contracts';
import { startPartnerRegistry } from '@certlane/partner-registry';
import { sealFor } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { createBus } from '@certlane/runtime';
import { testNats } from '@certlane/runtime/testing';
import { readConfig, startSessionGateway } from '@certlane/session-gateway';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';

/** What is there before anything bad is sent. */
export interface Known {
  readonly station: string;
  readonly partner: string;
  /** Fingerprint of a certificate of ours, in use for everything; base64 of it, the name of its key. */
  readonly own: string;
  readonly ownCertificate: string;
  readonly keyId: string;
  /** An installed issuer; a partner's certificate from it, base64, not on file. */
  readonly issuer: string;
  readonly certificate: string;
}

/** An answer as a client reads it that has no library of ours. */
export interface RawAnswer {
  /** Absent: the request was answered, not refused. */
  readonly code?: string;
  readonly status?: string;
  readonly message: string;
  readonly field?: string;
}

/** All four services over a nats-server with the permissions of a deployment, one station and one partner entered. */
export interface WholeLine {
  readonly known: Known;
  /** Sends octets, which need not be JSON, as the operator. */
  ask(contract: RequestContract, body: unknown): Promise<RawAnswer>;
  /** Everything that is stored, told and handed out, in a form that can be compared. */
  everything(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

const STATION = 'O0013000000ACME';
const PARTNER = 'O0177000000BETA';
const ALL = ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'] as const;

/** Starts it. */
export async function startWholeLine(): Promise<WholeLine> {
  const nats = await testNats();
  const folder = await mkdtemp(join(tmpdir(), 'certlane-bus-input-'));
  const keyFile = join(folder, 'sealing.key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  const { gateway: gatewayConfig } = readConfig({
    CERTLANE_NATS_URL: nats.server.url,
    CERTLANE_SEALING_KEY_FILE: keyFile,
    CERTLANE_TCP_PORT: '0',
    CERTLANE_TLS_PORT: '0',
  });
  const services = await Promise.all([
    startCaStore(nats.runtimeConfig('ca-store')),
    startPartnerRegistry(nats.runtimeConfig('partner-registry')),
    startCertExchange(nats.runtimeConfig('cert-exchange')),
    startSessionGateway({ runtime: nats.runtimeConfig('session-gateway'), gateway: gatewayConfig }),
  ]);
  const operator = await nats.connect('operator');
  const manager = await jetstreamManager(await nats.connect('anyone'));
  const known = await setUp(operator, nats.prefix);
  // Certificates on file are reviewed once as soon as the registry runs.
  await eventually(
    async () => (await messagesOf(manager)).some(({ subject }) => subject.endsWith('.review.standing')),
    (reviewed) => reviewed,
  );
  // A record is written once more, without its messages, some time after they were published.
  await eventually(
    async () => pending(await messagesOf(manager)),
    (count) => count === 0,
  );
  return {
    known,
    ask: async (contract, body) => {
      const payload = Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const reply = await operator.request(requestSubject(nats.prefix, contract), payload, { timeout: 5_000 });
      const code = reply.headers?.get('Certlane-Error-Code');
      if (!code) return { message: reply.string() };
      const said = reply.json<{ message: string; details: { field?: string } }>();
      const { field } = said.details;
      const status = reply.headers?.get('Nats-Service-Error-Code') ?? '';
      return { code, status, message: said.message, ...(field === undefined ? {} : { field }) };
    },
    everything: () => everything(manager),
    stop: async () => {
      await Promise.allSettled(services.map((service) => service.close()));
      await nats.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function setUp(operator: NatsConnection, prefix: string): Promise<Known> {
  const bus = createBus(operator, prefix);
  const beta = testCa({ name: 'Beta' });
  const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64');
  const issuers = [beta.root, beta.authority].map(({ certificate }) => base64(certificate.der));
  await bus.request(ca.issuerAdd, { certificates: issuers });
  const { publicKey } = await bus.request(gateway.sealingKey, {});
  const seal = (text: string, context: string) => sealFor(publicKey, Buffer.from(text), context);
  const host = 'oftp.acme.example';
  const password = seal('ACME1', `station-password:${STATION}`);
  await bus.request(registry.stationAdd, { id: STATION, password, host });
  const subject = `CN=${host},O=Acme,C=DE`;
  const { certificate: own } = await bus.request(gateway.certificateCreate, {
    station: STATION,
    subject,
    kind: 'self-signed',
  });
  if (own === undefined) throw new Error('the gateway made no certificate');
  await bus.request(registry.ownCertificateActivate, {
    station: STATION,
    fingerprint: own.fingerprint,
    usages: [...ALL],
  });
  await bus.request(registry.partnerAdd, {
    station: STATION,
    id: PARTNER,
    password: seal('BETA1', `partner-password:${STATION}:${PARTNER}`),
    acx: true,
  });
  return {
    station: STATION,
    partner: PARTNER,
    own: own.fingerprint,
    ownCertificate: own.certificate,
    keyId: own.keyId,
    issuer: beta.authority.certificate.fingerprint,
    certificate: base64(beta.issue({ host: 'oftp.beta.example' }).certificate.der),
  };
}

/** By subject: digest of the newest message. That a replica lives, or still has the lease of a task, is no change. */
async function everything(manager: JetStreamManager): Promise<Record<string, string>> {
  const messages = (await messagesOf(manager)).filter(({ subject }) => !/\._replicas$|\.lease\.[^.]+$/.test(subject));
  return Object.fromEntries(
    messages.map(({ subject, data }) => [subject, createHash('sha256').update(data).digest('hex')]),
  );
}

function pending(messages: readonly StoredMsg[]): number {
  return messages.filter(({ header }) => header.get('Certlane-Pending') !== '').length;
}

async function messagesOf(manager: JetStreamManager): Promise<StoredMsg[]> {
  const found: (StoredMsg | null)[] = [];
  for await (const { config, state } of manager.streams.list()) {
    for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq += 1) {
      found.push(await manager.streams.getMessage(config.name, { seq }).catch(() => null));
    }
  }
  return found.filter((message) => message !== null);
}
