import { registry, usualTrust, type ParsedReplyOf, type RequestOf } from '@certlane/contracts';
import { everyEntry } from '@certlane/runtime';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { ACME, base64, BETA, PAIR, registryForAll, SEALED, USAGES } from './testing/running-registry.js';

const DAY = 86_400_000;
const trust = {
  acceptance: 'manual' as const,
  selfSigned: 'renewal' as const,
  revocation: 'fail' as const,
  twoPerson: true,
  weakKeys: true,
  bypassLimits: { days: 5, attempts: null, addresses: ['192.0.2.0/24'] },
} satisfies Partial<RequestOf<typeof registry.partnerAdd>>;

describe('what decides trust, over NATS', () => {
  const running = registryForAll((fresh) => fresh.addPair());
  const bus = () => running().bus;
  const get = () => running().partner();
  const summary = async () => (await bus().request(registry.partnerList, { id: BETA })).partners[0];
  const facts = () => bus().request(registry.sessionFacts, PAIR);
  const at = (days: number) => new Date(Date.parse('2026-06-01T12:00:00Z') + days * DAY).toISOString();

  it('is as usual until an operator says otherwise, and told by name', async () => {
    expect(await get()).toMatchObject(usualTrust);
    await running().told();
    const { partner } = await bus().request(registry.partnerSet, { ...PAIR, ...trust });
    expect(partner).toMatchObject(trust);
    expect(await get()).toMatchObject(trust);
    const changed = Object.keys(trust);
    expect(await running().told()).toMatchObject([{ name: 'partner.changed', data: { changed } }]);
    const other = { station: ACME, id: 'O0177OTHER', password: SEALED };
    expect((await bus().request(registry.partnerAdd, { ...other, ...trust })).partner).toMatchObject(trust);
  });

  it('who entered identification data is kept', async () => {
    const issuer = running().company.authority.certificate.fingerprint;
    const asked = { ...PAIR, subject: 'oftp.beta.example', issuer, usages: USAGES };
    const first = await bus().request(registry.partnerIdentify, asked, { actor: 'operator:anna' });
    expect(first.entry.enteredBy).toBe('operator:anna');
    const again = await bus().request(registry.partnerIdentify, asked, { actor: 'operator:bert' });
    expect(again.entry).toEqual(first.entry);
    expect((await get()).entries).toEqual([first.entry]);
  });

  it('the bypass ends with its time, and begins anew when it is reopened', async () => {
    expect((await get()).bypass).toEqual({ open: true, since: at(0), until: at(5) });
    expect((await facts()).bypass).toEqual({ since: at(0), until: at(5), limits: trust.bypassLimits });
    running().clock.advance(6 * DAY);
    expect((await get()).bypass.open).toBe(false);
    expect(await summary()).toMatchObject({ bypassOpen: false });
    await running().told();
    const reason = 'they were on holiday';
    const reopened = await bus().request(registry.bypassReopen, { ...PAIR, reason }, { actor: 'operator:anna' });
    expect(reopened.partner.bypass).toEqual({ open: true, since: at(6), until: at(11) });
    expect(await summary()).toMatchObject({ bypassOpen: true });
    const data = { ...PAIR, by: 'operator:anna', reason, certificates: [] };
    expect(await running().told()).toEqual([{ name: 'bypass.reopened', subject: expect.any(String), data }]);
    await expect(bus().request(registry.bypassReopen, { ...PAIR, reason })).rejects.toMatchObject({
      code: 'failed-precondition',
    });
  });

  it('reopening it takes certificates away from session authentication', async () => {
    const { company } = running();
    const [only, more] = [company.issue({ host: 'oftp.beta.example' }), company.issue({ host: 'oftp.beta.example' })];
    await running().takeOver(only, { usages: ['session-authentication'] });
    await running().takeOver(more);
    expect((await get()).bypass.open).toBe(false);
    const { partner } = await bus().request(registry.bypassReopen, { ...PAIR, reason: 'anew' });
    expect(partner.bypass.open).toBe(true);
    expect(partner.certificates).toMatchObject([{ fingerprint: more.certificate.fingerprint, usages: ['tls'] }]);
    expect(await facts()).toMatchObject({ certificatePresent: false, theirs: [], bypass: { since: at(6) } });
    const [told] = (await running().told()).slice(-1);
    const certificates = [only, more].map(({ certificate }) => certificate.fingerprint);
    expect(told?.data).toEqual({ ...PAIR, reason: 'anew', certificates });
  });
});

describe('what stands on an authority, over NATS', () => {
  const running = registryForAll(async (fresh) => {
    const { bus, company } = fresh;
    const password = SEALED;
    await bus.request(registry.stationAdd, { id: ACME, password });
    for (const id of ['IDENTIFIED', 'FILED', 'NEITHER', 'TWICE']) {
      await bus.request(registry.partnerAdd, { station: ACME, id, password });
    }
    const issuer = company.authority.certificate.fingerprint;
    for (const partner of ['IDENTIFIED', 'TWICE']) {
      await bus.request(registry.partnerIdentify, { station: ACME, partner, subject: 'a', issuer, usages: ['tls'] });
    }
    const file = (partner: string, certificate = company.issue({ host: partner }).certificate) =>
      bus.request(registry.partnerCertificateAdd, {
        station: ACME,
        partner,
        certificate: base64(certificate.der),
        usages: ['tls'],
      });
    await file('FILED');
    await file('TWICE');
    await file('TWICE');
    const other = testCa({ name: 'Other', now: fresh.clock.now() }).issue().certificate;
    fresh.caStore.fallen.set(other.fingerprint, 'issuer-unknown');
    await file('NEITHER', other);
  });
  type Dependents = ParsedReplyOf<typeof registry.issuerDependents>['partners'];
  const dependents = (issuer: string, limit = 200, others: string[] = []): Promise<Dependents> =>
    everyEntry(running().bus, registry.issuerDependents, { issuer, others, limit }, ({ partners }) => partners);
  const flags = (list: Dependents) =>
    list.map(({ certificates }) => certificates.map(({ trustedWithChain }) => trustedWithChain));
  const counted = (list: Dependents) => list.map((one) => [one.partner, one.entries, one.certificates.length]);
  const all = [
    ['FILED', 0, 1],
    ['IDENTIFIED', 1, 0],
    ['TWICE', 1, 2],
  ];

  it('is told by partner, a page at a time', async () => {
    const issuer = running().company.authority.certificate.fingerprint;
    expect(counted(await dependents(issuer))).toEqual(all);
    expect(counted(await dependents(issuer, 1))).toEqual(all);
    expect(await dependents('0'.repeat(64))).toEqual([]);
    expect(counted(await dependents('0'.repeat(64), 200, [issuer]))).toEqual(all);
  });

  it('says which of them would be trusted still if the partner sent the chain along', async () => {
    const { caStore, company } = running();
    const { certificate } = company.authority;
    caStore.carriedFromAbove = true;
    const withChain = await dependents(certificate.fingerprint);
    caStore.carriedFromAbove = false;
    expect(flags(withChain)).toEqual([[true], [], [true, true]]);
    expect(flags(await dependents(certificate.fingerprint))).toEqual([[false], [], [false, false]]);
    expect(
      caStore.asked.filter(({ chain }) => chain.length > 0).every(({ chain }) => chain[0] === base64(certificate.der)),
    ).toBe(true);
  });

  it('leaves out what nobody trusts as it is', async () => {
    const { caStore, company } = running();
    const issuer = company.authority.certificate.fingerprint;
    const [filed] = (await dependents(issuer)).flatMap(({ certificates }) => certificates);
    caStore.fallen.set(filed?.fingerprint ?? '', 'revoked');
    expect(counted(await dependents(issuer))).toEqual(all.slice(1));
    caStore.fallen.clear();
  });

  it('judges what is valid only later at the time when it is', async () => {
    const { bus, caStore, company } = running();
    const later = company.issue({ host: 'later', future: true }).certificate;
    const asked = {
      station: ACME,
      partner: 'NEITHER',
      certificate: base64(later.der),
      usages: ['file-signature' as const],
    };
    await bus.request(registry.partnerCertificateAdd, asked);
    expect(counted(await dependents(company.authority.certificate.fingerprint))).toContainEqual(['NEITHER', 0, 1]);
    const questions = caStore.asked.filter(
      ({ fingerprint, chain, supposing }) =>
        fingerprint === later.fingerprint && chain.length === 0 && supposing !== undefined,
    );
    expect(questions).toMatchObject([
      { at: later.notBefore.toISOString(), revocation: 'off', supposing: { are: 'unknown' } },
    ]);
  });

  it('is not told where nobody can say', async () => {
    const { caStore, company } = running();
    caStore.away = true;
    await expect(dependents(company.authority.certificate.fingerprint)).rejects.toMatchObject({ code: 'unavailable' });
    caStore.away = false;
  });
});
