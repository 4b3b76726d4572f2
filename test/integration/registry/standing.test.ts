import { createHash } from 'node:crypto';
import { startCaStore } from '@certlane/ca-store';
import { ca, registry, type CertificateStanding, type RevocationMode } from '@certlane/contracts';
import { startPartnerRegistry } from '@certlane/partner-registry';
import type { Certificate } from '@certlane/pki';
import { testCa, testRevocationList } from '@certlane/pki/testing';
import { createBus, everyEntry, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { testNats, until, type TestNats } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const STATION = 'O0013000000ACME';
const SEALED = 'certlane.box.v1.sealed';
const USAGES: ['session-authentication', 'file-encryption'] = ['session-authentication', 'file-encryption'];
const base64 = ({ der }: Pick<Certificate, 'der'>): string => Buffer.from(der).toString('base64');

/** What ca-store is told about must reach the certificates on file, through real services and a real NATS server. */
describe('certificates on file and a ca-store that changes', () => {
  const company = testCa({ name: 'Beta' });
  const other = testCa({ name: 'Gamma' });
  const issuer = company.authority.certificate;
  const certificates = new Map(
    ['O0177ONE', 'O0177TWO', 'O0177THREE'].map((partner) => [partner, company.issue({ host: 'oftp.beta.example' })]),
  );
  const services: RunningService[] = [];
  let nats: TestNats;
  let bus: Bus;
  let caStore: RunningService;
  let read = 1;

  const get = async (partner: string) =>
    (await bus.request(registry.partnerGet, { station: STATION, partner })).partner;
  const facts = (partner: string) => bus.request(registry.sessionFacts, { station: STATION, partner });
  const standing = async (partner: string): Promise<CertificateStanding | undefined> =>
    (await get(partner)).certificates[0]?.standing;
  const all = (check: (standing: CertificateStanding | undefined) => boolean) =>
    until('all stand or fall', async () => {
      const found = await Promise.all([...certificates.keys()].map(standing));
      return found.every(check);
    });
  /** Who fell or stood since the last call. */
  const told = async () => {
    const events: string[] = [];
    for await (const { sequence, event } of readEvents(await nats.connect('anyone'), nats.prefix, { from: read })) {
      read = sequence + 1;
      const [, verb] = /certificate\.(fell|stood)\b/.exec(event.type) ?? [];
      if (verb !== undefined) events.push(`${(event.data as { partner: string }).partner} ${verb}`);
    }
    return events.sort();
  };
  const everybody = (verb: string) => [...certificates.keys()].map((partner) => `${partner} ${verb}`).sort();
  const startStore = async () => {
    caStore = await startCaStore(nats.runtimeConfig('ca-store'));
  };
  const install = (certificate: Certificate) => bus.request(ca.issuerAdd, { certificates: [base64(certificate)] });
  const importList = async (list: Uint8Array) => {
    const content = createHash('sha256').update(list).digest('hex');
    const octets = Buffer.from(list).toString('base64');
    await bus.request(ca.contentPut, { content, parts: 1, part: 0, octets });
    await bus.request(ca.revocationListImport, { content });
  };
  const takeOver = async (partner: string, certificate: Certificate) =>
    bus.request(registry.certificateTakeOver, {
      station: STATION,
      partner,
      exchange: `exchange with ${partner}`,
      kind: 'deliver',
      certificate: base64(certificate),
      usages: USAGES,
      predecessors: [],
      revision: (await get(partner)).revision,
    });

  beforeAll(async () => {
    nats = await testNats();
    bus = createBus(await nats.connect('anyone'), nats.prefix);
    await startStore();
    for (const instance of ['one', 'two']) {
      services.push(await startPartnerRegistry(nats.runtimeConfig('partner-registry', { instance })));
    }
    await bus.request(registry.stationAdd, { id: STATION, password: SEALED });
    for (const [partner, { certificate }] of certificates) {
      await bus.request(registry.partnerAdd, { station: STATION, id: partner, password: SEALED });
      await takeOver(partner, certificate);
    }
  });
  afterAll(async () => {
    await Promise.all([...services, caStore].map((service) => service.close()));
    await nats.stop();
  });

  it('stand once their issuer is installed', async () => {
    await install(issuer);
    await all((found) => found?.trusted === true);
    expect(await standing('O0177ONE')).toMatchObject({ anchor: issuer.fingerprint });
    // The first review may have come before the issuer did.
    await told();
  });

  it('are named before the issuer is taken out, fall with it, and stand again when it is back', async () => {
    const asked = { issuer: issuer.fingerprint, limit: 2 };
    const dependents = await everyEntry(bus, registry.issuerDependents, asked, ({ partners }) => partners);
    expect(dependents.map(({ partner }) => partner).sort()).toEqual([...certificates.keys()].sort());
    await bus.request(ca.issuerRemove, { fingerprint: issuer.fingerprint });
    await all((found) => found?.trusted === false && found.reason === 'issuer-unknown');
    expect(await told()).toEqual(everybody('fell'));
    await install(other.authority.certificate);
    await install(issuer);
    await all((found) => found?.trusted === true);
    expect(await told()).toEqual(everybody('stood'));
  });

  it('fall when a list revokes them, and no other does; what is revoked serves nothing', async () => {
    const revoked = [certificates.get('O0177TWO')?.certificate.serialNumber ?? ''];
    await importList(testRevocationList(company.authority, { revoked }));
    await until('it fell', async () => (await standing('O0177TWO'))?.reason === 'revoked');
    expect(await told()).toEqual(['O0177TWO fell']);
    const fallen = await get('O0177TWO');
    expect(fallen.certificates).toMatchObject([{ state: 'revoked', standing: { trusted: false } }]);
    expect(fallen.usages.filter(({ current }) => current !== undefined)).toEqual([]);
    expect(await facts('O0177TWO')).toMatchObject({ certificatePresent: true, theirs: [], theirsRevoked: true });
    expect((await get('O0177ONE')).certificates).toMatchObject([{ state: 'current', standing: { trusted: true } }]);
    expect(await facts('O0177ONE')).toMatchObject({ theirs: [expect.any(String)], theirsRevoked: false });
  });

  it('stay as they are while ca-store is away, and are looked at when it is back', async () => {
    await caStore.close();
    await bus.request(registry.partnerSet, { station: STATION, partner: 'O0177TWO', revocation: 'off' });
    // Where nobody asks for revocation any more, what was found of it stands against nothing.
    expect(await facts('O0177TWO')).toMatchObject({ theirs: [expect.any(String)], theirsRevoked: false });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await standing('O0177TWO')).toMatchObject({ reason: 'revoked' });
    await startStore();
    await until('it stands', async () => (await standing('O0177TWO'))?.trusted === true);
    expect(await told()).toEqual(['O0177TWO stood']);
  });

  it('fall when revocation counts again for their partner, and stand when nobody asks for it', async () => {
    const set = (revocation: RevocationMode) =>
      bus.request(registry.partnerSet, { station: STATION, partner: 'O0177TWO', revocation });
    await set('fail');
    await until('it fell', async () => (await standing('O0177TWO'))?.reason === 'revoked');
    expect(await facts('O0177TWO')).toMatchObject({ theirs: [], theirsRevoked: true });
    await set('off');
    await until('the review says so', async () => (await standing('O0177TWO'))?.trusted === true);
    expect((await get('O0177TWO')).certificates).toMatchObject([{ state: 'current' }]);
    expect(await told()).toEqual(['O0177TWO fell', 'O0177TWO stood']);
  });

  it('are reviewed by the other replica when the one that does it is gone', async () => {
    const [first] = services.splice(0, 1);
    await first?.close();
    await bus.request(ca.issuerRemove, { fingerprint: issuer.fingerprint });
    await all((found) => found?.trusted === false);
    expect(await told()).toEqual(everybody('fell'));
  });

  it('fall when the authority between them and what is trusted is revoked, and when it is taken out', async () => {
    await bus.request(ca.issuerAdd, { certificates: [base64(issuer)], purpose: 'verification-only' });
    await install(company.root.certificate);
    await all((found) => found?.anchor === company.root.certificate.fingerprint);
    expect(await told()).toEqual(everybody('stood'));
    await importList(testRevocationList(company.root, { revoked: [issuer.serialNumber] }));
    await until('they fell', async () => (await standing('O0177ONE'))?.reason === 'revoked');
    await until('all fell that are asked about', async () => (await standing('O0177THREE'))?.reason === 'revoked');
    expect(await told()).toEqual(['O0177ONE fell', 'O0177THREE fell']);
    // Nobody asks for revocation there; the authority is missed all the same.
    expect(await standing('O0177TWO')).toMatchObject({ trusted: true });
    await bus.request(ca.issuerRemove, { fingerprint: issuer.fingerprint });
    await all((found) => found?.reason === 'issuer-unknown');
  });
});
