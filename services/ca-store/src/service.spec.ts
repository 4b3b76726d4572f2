import { ca, type ErrorCode, type RequestContract, type RequestOf } from '@certlane/contracts';
import { TestAuthority, testCa, testKey, type TestIdentity } from '@certlane/pki/testing';
import type { Certificate } from '@certlane/pki';
import { createBus, eachPage, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { fixedClock, testNats, type TestNats } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCaStore } from './service.js';

const now = new Date('2026-06-01T12:00:00Z');
const acme = testCa({ name: 'Acme', now });
const beta = testCa({ name: 'Beta', now });
const base64 = ({ der }: Certificate) => Buffer.from(der).toString('base64');
const add = (...certificates: Certificate[]) => ({ certificates: certificates.map(base64) });
const { fingerprint } = acme.authority.certificate;
const unknown = '0'.repeat(64);
const key = testKey('ca:pages');

interface Told {
  readonly type: string;
  readonly subject: string | undefined;
  readonly about: string;
  readonly purpose: string | undefined;
  readonly by: string | undefined;
}

describe('ca-store over NATS, two replicas', () => {
  let nats: TestNats;
  let bus: Bus;
  const replicas: RunningService[] = [];
  let told: () => Promise<Told[]>;
  const validate = async ({ certificate }: TestIdentity, chain: string[] = []) =>
    (await bus.request(ca.certificateValidate, { certificate: base64(certificate), chain })).verdict;

  beforeAll(async () => {
    nats = await testNats();
    for (const instance of ['one', 'two']) {
      const config = nats.runtimeConfig('ca-store', { instance });
      replicas.push(await startCaStore(config, { clock: fixedClock(now) }));
    }
    const connection = await nats.connect('anyone');
    bus = createBus(connection, nats.prefix, { actor: 'operator:anna' });
    let next = 1;
    told = async () => {
      const events = [];
      for await (const { sequence, event } of readEvents(connection, nats.prefix, { from: next })) {
        next = sequence + 1;
        const { issuer, purpose, by } = event.data as { issuer: { subject: string }; purpose?: string; by?: string };
        events.push({ type: event.type, subject: event.subject, about: issuer.subject, purpose, by });
      }
      return events;
    };
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await nats.stop();
  });

  it('is ready with no issuer, and trusts nothing then', async () => {
    const response = await fetch(`${replicas[0]?.httpUrl ?? ''}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ checks: { 'trust-anchors': 'ok: 0' } });
    expect(await bus.request(ca.issuerList, {})).toEqual({ issuers: [] });
    expect(await validate(acme.issue())).toMatchObject({ trusted: false, path: [] });
  });

  it('installs issuers, lists them, and validates up to them', async () => {
    const { issuers } = await bus.request(ca.issuerAdd, add(beta.authority.certificate, acme.authority.certificate));
    expect(issuers).toMatchObject([
      { subject: 'CN=Beta OFTP2 CA,O=Certlane Test,C=DE', added: true, selfSigned: false, lists: [] },
      {
        subject: 'CN=Acme OFTP2 CA,O=Certlane Test,C=DE',
        added: true,
        installed: { purpose: 'oftp2', at: now.toISOString(), by: 'operator:anna' },
      },
    ]);
    const listed = (await bus.request(ca.issuerList, {})).issuers;
    expect(listed.map((one) => one.fingerprint)).toEqual([fingerprint, beta.authority.certificate.fingerprint].sort());
    const acmes = listed.filter((one) => one.fingerprint === fingerprint);
    expect([await bus.request(ca.issuerGet, { fingerprint })]).toEqual(
      acmes.map((one) => ({ issuer: one, below: [] })),
    );
    expect(await validate(acme.issue())).toMatchObject({ trusted: true, path: { length: 2 } });
    expect(await told()).toMatchObject([
      { type: 'certlane.issuer.added.v1', subject: undefined, about: 'CN=Beta OFTP2 CA,O=Certlane Test,C=DE' },
      { type: 'certlane.issuer.added.v1', subject: undefined, about: 'CN=Acme OFTP2 CA,O=Certlane Test,C=DE' },
    ]);
  });

  it('leaves what is installed as it is, twice in one request too', async () => {
    const { certificate } = beta.root;
    const { issuers } = await bus.request(ca.issuerAdd, add(acme.authority.certificate, certificate, certificate));
    expect(issuers.map(({ added }) => added)).toEqual([false, true, true]);
    expect(await told()).toHaveLength(1);
    expect((await bus.request(ca.issuerList, {})).issuers).toHaveLength(3);
    await bus.request(ca.issuerRemove, { fingerprint: certificate.fingerprint });
    expect(await told()).toMatchObject([{ type: 'certlane.issuer.removed.v1' }]);
  });

  it('gives an issuer another purpose when it is installed again for it', async () => {
    const identity = beta.issue();
    const purpose = 'verification-only';
    const again = { ...add(beta.authority.certificate), purpose } as const;
    expect((await bus.request(ca.issuerAdd, again)).issuers).toMatchObject([
      { added: true, installed: { purpose }, formerPurpose: 'oftp2' },
    ]);
    expect(await validate(identity)).toMatchObject({ trusted: false, reason: 'issuer-unknown' });
    expect((await bus.request(ca.issuerList, { usableByPartners: true })).issuers).toHaveLength(1);
    expect((await bus.request(ca.issuerAdd, again)).issuers).toMatchObject([{ added: false, formerPurpose: purpose }]);
    await bus.request(ca.issuerAdd, add(beta.authority.certificate));
    expect(await validate(identity)).toMatchObject({ trusted: true });
    expect((await told()).map(({ purpose: told, by }) => [told, by])).toEqual([
      ['verification-only', 'operator:anna'],
      ['oftp2', 'operator:anna'],
    ]);
  });

  it('is there in pages, each that is there all along in one of them, whatever comes and goes meanwhile', async () => {
    const make = (name: string) => TestAuthority.root(name, now, { key }).certificate;
    const staying = Array.from({ length: 12 }, (_, n) => make(`Staying ${n}`));
    const going = Array.from({ length: 12 }, (_, n) => make(`Going ${n}`));
    await bus.request(ca.issuerAdd, add(...staying, ...going));
    const seen: string[] = [];
    for await (const { issuers } of eachPage(bus, ca.issuerList, { limit: 3 })) {
      seen.push(...issuers.map((one) => one.fingerprint));
      for (const one of going.splice(0, 2)) await bus.request(ca.issuerRemove, { fingerprint: one.fingerprint });
    }
    expect(seen).toEqual(expect.arrayContaining(staying.map((one) => one.fingerprint)));
    expect(seen).toEqual([...new Set(seen)].sort());
    for (const one of [...staying, ...going]) await bus.request(ca.issuerRemove, { fingerprint: one.fingerprint });
    await told();
  });

  it('counts what it trusts and how it judged', async () => {
    await validate(acme.issue());
    await validate(testCa({ name: 'Nobody', now }).issue());
    // Metrics are of the process: both replicas write into those of the first.
    const text = await (await fetch(`${replicas[0]?.httpUrl ?? ''}/metrics`)).text();
    expect(text).toMatch(/^certlane_ca_anchors\b.* 2$/m);
    expect(text).toMatch(/^certlane_ca_issuers\{.*purpose="oftp2".*\} 2$/m);
    expect(text).toMatch(/^certlane_ca_verdicts_total\{.*reason="trusted".*revocation="undetermined".*\} \d/m);
    expect(text).toMatch(/^certlane_ca_verdicts_total\{.*reason="issuer-unknown".*\} \d/m);
  });

  it('judges at the time it is told, for the usage it is told, past a chain it cannot read', async () => {
    const certificate = base64(acme.issue({ keyUsage: ['digitalSignature'] }).certificate);
    const chain = [Buffer.from('hello').toString('base64')];
    const { verdict } = await bus.request(ca.certificateValidate, { certificate, chain });
    expect(verdict).toMatchObject({ trusted: true, notChecked: expect.arrayContaining(['chain.0 (cannot be read)']) });
    const later = await bus.request(ca.certificateValidate, { certificate, at: '2040-01-01T00:00:00Z' });
    expect(later.verdict).toMatchObject({ trusted: false, message: expect.stringContaining('was valid until') });
    const used = await bus.request(ca.certificateValidate, { certificate, usage: 'file-encryption' });
    expect(used.verdict).toMatchObject({ trusted: false, message: expect.stringContaining('file-encryption') });
  });

  const row = <C extends RequestContract>(
    name: string,
    contract: C,
    input: RequestOf<C>,
    code: ErrorCode,
    words: RegExp,
  ) => [name, contract as RequestContract, input as unknown, code, words] as const;
  it.each([
    row(
      'an end-entity certificate among issuers',
      ca.issuerAdd,
      add(acme.root.certificate, acme.issue().certificate),
      'invalid-argument',
      /certificates\.1: "CN=.*" cannot be an issuer: it is not the certificate of an authority/,
    ),
    row(
      'something that is no certificate',
      ca.issuerAdd,
      { certificates: ['aGVsbG8='] },
      'invalid-argument',
      /certificates\.0: this is no certificate/,
    ),
    row(
      'an unknown issuer',
      ca.issuerGet,
      { fingerprint: unknown },
      'not-found',
      /no authority 0+ is installed or in accord on a trust list; certlane issuer list/,
    ),
    row(
      'the removal of an unknown issuer',
      ca.issuerRemove,
      { fingerprint: unknown },
      'not-found',
      /no issuer 0+ is installed/,
    ),
    row(
      'the validation of something else',
      ca.certificateValidate,
      { certificate: 'aGVsbG8=' },
      'invalid-argument',
      /certificate: this is no certificate/,
    ),
    row('a page that nobody gave', ca.issuerList, { after: 'no page' }, 'invalid-argument', /after: "no page"/),
  ])('refuses %s, changing and telling nothing', async (_name, contract, input, code, words) => {
    const before = await bus.request(ca.issuerList, {});
    const refused = bus.request(contract, input).then(
      () => 'was not refused',
      (error: unknown) => error,
    );
    expect(await refused).toMatchObject({ name: 'CertlaneError', code, message: expect.stringMatching(words) });
    expect(await bus.request(ca.issuerList, {})).toEqual(before);
    expect(await told()).toEqual([]);
  });

  it('no replica trusts what another has taken out, nor misses what it has put in', async () => {
    const identity = acme.issue();
    for (let round = 0; round < 15; round += 1) {
      await bus.request(ca.issuerRemove, { fingerprint });
      const without = await Promise.all(Array.from({ length: 6 }, () => validate(identity)));
      expect(without.map(({ trusted }) => trusted)).toEqual(Array.from({ length: 6 }, () => false));
      await bus.request(ca.issuerAdd, add(acme.authority.certificate));
      const again = await Promise.all(Array.from({ length: 6 }, () => validate(identity)));
      expect(again.map(({ trusted }) => trusted)).toEqual(Array.from({ length: 6 }, () => true));
    }
    expect(await told()).toHaveLength(30);
  });

  it('loses no issuer when several are installed at once', async () => {
    const companies = Array.from({ length: 5 }, (_, n) => testCa({ name: `Company ${n}`, now }).authority.certificate);
    await Promise.all(companies.map((certificate) => bus.request(ca.issuerAdd, add(certificate))));
    const { issuers } = await bus.request(ca.issuerList, {});
    expect(issuers.map((one) => one.fingerprint)).toEqual(
      expect.arrayContaining(companies.map((certificate) => certificate.fingerprint)),
    );
    expect(await told()).toHaveLength(companies.length);
  });
});
