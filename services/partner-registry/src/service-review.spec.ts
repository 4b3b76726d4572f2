import { setTimeout as sleep } from 'node:timers/promises';
import { caEvents, registry, type Usage } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import { testSelfSigned } from '@certlane/pki/testing';
import { until } from '@certlane/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { base64, PAIR, registryForAll, USAGES } from './testing/running-registry.js';

const DAY = 86_400_000;
const FILE: Usage[] = ['file-encryption'];

describe('the review of certificates on file', () => {
  const running = registryForAll(async (fresh) => {
    await fresh.replica();
    await fresh.addPair();
  });
  const get = () => running().partner();
  const standings = async () =>
    Object.fromEntries((await get()).certificates.map(({ fingerprint, standing }) => [fingerprint, standing]));
  const facts = () => running().bus.request(registry.sessionFacts, PAIR);
  /** The usages that the certificate which was taken over serves. */
  const serving = ({ usages }: Awaited<ReturnType<typeof get>>) =>
    usages.filter(({ current }) => current === taken).map(({ usage }) => usage);
  const authority = () => summaryOf(running().company.authority.certificate);
  const issuerAdded = () => running().caStore.tell(caEvents.issuerAdded, { issuer: authority(), purpose: 'oftp2' });
  const listTaken = () =>
    running().caStore.tell(caEvents.revocationListTaken, {
      id: '0'.repeat(64),
      issuer: authority().subject,
      thisUpdate: running().clock.now().toISOString(),
      entries: 1,
    });
  /** What the registry told and asked since the last call. */
  const heard = async () => ({
    told: (await running().told()).filter(({ name }) => !name.startsWith('issuer.') && !name.startsWith('revocation-')),
    asked: running().caStore.asked.splice(0),
  });
  /** Nothing is asked for longer than it takes to find out that something is due. */
  const quiet = async () => {
    const { asked } = running().caStore;
    for (let before = -1; before !== asked.length;) {
      before = asked.length;
      await sleep(2_000);
    }
  };
  let taken = '';
  let byHand = '';
  let selfSigned = '';

  it('finds how each stands, without a word about those that do; what signed itself is left alone', async () => {
    const { bus, company, clock } = running();
    const own = testSelfSigned(clock.now()).certificate;
    const hand = company.issue({ host: 'file.beta.example' }).certificate;
    const identity = company.issue({ host: 'oftp.beta.example' });
    [taken, byHand, selfSigned] = [identity.certificate.fingerprint, hand.fingerprint, own.fingerprint];
    running().caStore.fallen.set(byHand, 'issuer-unknown');
    for (const certificate of [hand, own]) {
      await bus.request(registry.partnerCertificateAdd, {
        ...PAIR,
        certificate: base64(certificate.der),
        usages: FILE,
      });
    }
    await running().takeOver(identity);
    await until('what was taken over is reviewed', async () => (await standings())[taken] !== undefined);
    await heard();
    await issuerAdded();
    await until('all are reviewed', () => running().caStore.asked.length >= 2);
    const since = clock.now().toISOString();
    expect(await standings()).toEqual({
      [taken]: { trusted: true, message: 'It is trusted.', anchor: authority().fingerprint, since },
      [byHand]: { trusted: false, reason: 'issuer-unknown', message: 'It is not trusted: issuer-unknown.', since },
      [selfSigned]: undefined,
    });
    await quiet();
    const { told, asked } = await heard();
    expect(told).toEqual([]);
    expect(new Set(asked.map(({ fingerprint }) => fingerprint))).toEqual(new Set([taken, byHand]));
  });

  it('tells that one was revoked, which serves nothing any more and keeps the bypass closed', async () => {
    expect(serving(await get())).toEqual(USAGES);
    expect(await facts()).toMatchObject({
      theirs: [expect.any(String)],
      theirsRevoked: false,
      tlsCertificates: [taken],
    });
    running().caStore.fallen.set(taken, 'revoked');
    running().clock.advance(1_000);
    await listTaken();
    await until('it fell', async () => (await standings())[taken]?.trusted === false);
    const after = await get();
    expect(serving(after)).toEqual([]);
    expect(await facts()).toMatchObject({
      ...{ theirs: [], theirsRevoked: true, certificatePresent: true },
      ...{ tlsCertificates: [], tlsCertificatePresent: true },
    });
    expect(after.bypass.open).toBe(false);
    const certificate = after.certificates.find(({ fingerprint }) => fingerprint === taken);
    expect(certificate).toMatchObject({ state: 'revoked', standing: { reason: 'revoked' } });
    await quiet();
    const { told, asked } = await heard();
    // Two replicas have heard of the list, and one of them has asked.
    expect(asked.map(({ fingerprint }) => fingerprint).sort()).toEqual([taken, byHand].sort());
    expect(told).toMatchObject([
      {
        name: 'certificate.fell',
        data: { ...PAIR, usages: USAGES, certificate: { fingerprint: taken }, standing: certificate?.standing },
      },
    ]);
  });

  it('concludes nothing while ca-store is away, and asks again', async () => {
    const { caStore } = running();
    caStore.away = true;
    caStore.fallen.delete(taken);
    await listTaken();
    await until('it is asked again', () => caStore.asked.length >= 2);
    expect((await standings())[taken]?.trusted).toBe(false);
    caStore.away = false;
    await until('it stands', async () => (await standings())[taken]?.trusted === true);
    expect(serving(await get())).toEqual(USAGES);
    expect(await facts()).toMatchObject({ theirs: [expect.any(String)], theirsRevoked: false });
    expect((await heard()).told).toMatchObject([
      { name: 'certificate.stood', data: { certificate: { fingerprint: taken } } },
    ]);
  });

  it('leaves an entry in the audit trail for each that was found to fall or to stand again, and for no other', async () => {
    const { entries } = await running().bus.request(registry.auditList, PAIR);
    const reviews = entries.filter(({ act }) => act === 'partner-certificate.review');
    const standing = (fingerprint: string, trusted: boolean, reason?: string) =>
      expect.objectContaining({ fingerprint, trusted, ...(reason === undefined ? {} : { reason }) }) as unknown;
    expect(reviews).toMatchObject([
      { before: [], after: [standing(byHand, false, 'issuer-unknown')] },
      { before: [standing(taken, true)], after: [standing(taken, false, 'revoked')] },
      { before: [standing(taken, false, 'revoked')], after: [standing(taken, true)] },
    ]);
    for (const { actor, phase, about, serialNumbers } of reviews) {
      expect({ actor, phase, about }).toEqual({ actor: 'service:partner-registry', phase: 'done', about: PAIR });
      expect(serialNumbers).toHaveLength(1);
    }
  });

  it('asks by what is set for the partner, as soon as that is changed', async () => {
    await running().bus.request(registry.partnerSet, { ...PAIR, revocation: 'fail', weakKeys: true });
    await until('both are asked', () => running().caStore.asked.length >= 2);
    const { asked } = await heard();
    expect(asked).toMatchObject([1, 2].map(() => ({ revocation: 'fail', weakKeys: true })));
  });

  it('of one that an operator puts on file is over before the reply, and soon after where ca-store is away', async () => {
    const { bus, caStore, clock, company } = running();
    const add = async (certificate = company.issue({ host: 'other.beta.example' }).certificate) => {
      const asked = { ...PAIR, certificate: base64(certificate.der), usages: FILE };
      const { partner } = await bus.request(registry.partnerCertificateAdd, asked);
      return partner.certificates.find(({ fingerprint }) => fingerprint === certificate.fingerprint)?.standing;
    };
    expect(await add()).toEqual({
      ...{ trusted: true, message: 'It is trusted.', anchor: authority().fingerprint },
      since: clock.now().toISOString(),
    });
    const unknown = company.issue({ host: 'unknown.beta.example' }).certificate;
    caStore.fallen.set(unknown.fingerprint, 'issuer-unknown');
    expect(await add(unknown)).toMatchObject({ trusted: false, reason: 'issuer-unknown' });
    caStore.away = true;
    const late = company.issue({ host: 'late.beta.example' }).certificate;
    expect(await add(late)).toBeUndefined();
    caStore.away = false;
    await until('it is reviewed', async () => (await standings())[late.fingerprint]?.trusted === true);
    await heard();
  });

  it('happens once a day, whatever was heard', async () => {
    running().caStore.fallen.set(taken, 'issuer-unknown');
    running().clock.advance(DAY);
    await until('it fell', async () => (await standings())[taken]?.reason === 'issuer-unknown');
    // Whatever else it fell for: it serves on, or the session with the renewal would be locked out.
    expect(serving(await get())).toEqual(USAGES);
    expect((await heard()).told.map(({ name }) => name)).toContain('certificate.fell');
  });
});
