import { registry } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { ACME, base64, BETA, keyIdOf, PAIR, registryForAll, SEALED, USAGES } from './testing/running-registry.js';

const anna = { actor: 'operator:anna' };

describe('the audit trail of partner-registry', () => {
  const running = registryForAll();
  let from = '0';
  /** Entries since the last call. */
  const written = async () => {
    const { entries, head } = await running().bus.request(registry.auditList, { after: from });
    from = String(head);
    return entries;
  };
  const bus = () => running().bus;
  const company = () => running().company;

  it('has every change an operator makes, once, with what was and what is', async () => {
    const own = company().issue({ host: 'oftp.acme.example' });
    const keyId = keyIdOf(own);
    const { fingerprint, serialNumber } = own.certificate;
    const added = { station: ACME, certificate: base64(own.certificate.der), chain: [], keyId };
    const identification = {
      ...PAIR,
      subject: 'oftp.beta.example',
      issuer: company().authority.certificate.fingerprint,
      usages: USAGES,
    };
    const byHand = company().issue({ host: 'oftp.beta.example' }).certificate;
    const settings = { ...PAIR, acx: true, secureAuthentication: true, password: 'certlane.box.v1.other' };
    const station = { id: ACME, password: SEALED };
    const subStation = { station: ACME, id: 'O0177LINE', via: BETA };
    const certificate = { ...PAIR, certificate: base64(byHand.der), usages: USAGES };
    const activation = { station: ACME, fingerprint, usages: USAGES };
    const twice: (() => Promise<unknown>)[] = [
      () => bus().request(registry.stationAdd, station, anna),
      () => bus().request(registry.keyAdd, { station: ACME, keyId, sealedKey: SEALED }, anna),
      () => bus().request(registry.ownCertificateAdd, added, anna),
      () => bus().request(registry.ownCertificateActivate, activation, anna),
      () => bus().request(registry.partnerAdd, { station: ACME, id: BETA, password: SEALED }, anna),
      () => bus().request(registry.partnerAdd, subStation, anna),
      () => bus().request(registry.partnerSet, settings, anna),
      () => bus().request(registry.partnerIdentify, identification, anna),
      () => bus().request(registry.partnerCertificateAdd, certificate, anna),
    ];
    for (const ask of twice.slice(0, 5)) await ask();
    for (const ask of twice) await ask().catch(() => undefined);
    for (const ask of twice.slice(5)) await ask();
    const entries = await written();
    expect(entries.map(({ act }) => act)).toEqual([
      'station.add',
      'key.add',
      'own-certificate.add',
      'own-certificate.activate',
      'partner.add',
      'partner.add',
      'partner.set',
      'partner.identify',
      'partner-certificate.add',
    ]);
    expect(entries.every(({ phase, actor }) => phase === 'done' && actor === 'operator:anna')).toBe(true);
    expect(entries[2]).toMatchObject({
      about: { station: ACME, certificate: fingerprint },
      serialNumbers: [serialNumber],
    });
    expect(entries[3]).toMatchObject({ before: {}, after: { tls: fingerprint } });
    expect(entries[4]).toMatchObject({ about: PAIR, after: { acx: false, acceptance: 'known', certificates: [] } });
    expect(entries[5]).toMatchObject({ about: { partner: 'O0177LINE' }, after: { via: BETA } });
    expect(entries[6]).toMatchObject({
      before: { password: 'changed', acx: false, secureAuthentication: false },
      after: { password: 'changed', acx: true, secureAuthentication: true },
    });
    expect(entries[7]).toMatchObject({ after: { subject: 'CN=oftp.beta.example', enteredBy: 'operator:anna' } });
    expect(entries[8]).toMatchObject({
      about: { certificate: byHand.fingerprint },
      before: { certificates: [] },
      after: { certificates: [{ fingerprint: byHand.fingerprint, usages: USAGES }] },
      serialNumbers: [byHand.serialNumber],
    });
    expect(JSON.stringify(entries)).not.toContain('certlane.box');
  });

  it('has what cannot be taken back before and after, and nothing of what changes nothing', async () => {
    const [first, next] = [
      company().issue({ host: 'oftp.beta.example' }),
      company().issue({ host: 'oftp.beta.example' }),
    ];
    const { asked } = await running().takeOver(first, { exchange: 'one' });
    await bus().request(registry.certificateTakeOver, asked);
    const predecessors = [first.certificate.fingerprint];
    await running().takeOver(next, { exchange: 'two', kind: 'replace', predecessors });
    const reason = 'they lost their key';
    await bus().request(registry.bypassReopen, { ...PAIR, reason }, anna);
    const removal = { ...PAIR, fingerprint: first.certificate.fingerprint };
    await bus().request(registry.partnerCertificateRemove, removal, anna);
    await bus().request(registry.partnerRemove, { station: ACME, partner: 'O0177LINE' }, anna);
    await bus().request(registry.partnerRemove, PAIR, anna);
    const entries = await written();
    const serials = { first: first.certificate.serialNumber, next: next.certificate.serialNumber };
    const acts = entries.filter(({ phase }) => phase === 'intended');
    const ends = entries.filter(({ phase }) => phase === 'done');
    expect(entries).toHaveLength(acts.length + ends.length);
    expect(ends.map(({ intent }) => intent)).toEqual(acts.map(({ number }) => number));
    expect(ends.map(({ act, actor, about }) => [act, actor, about.exchange])).toEqual([
      ['certificate.take-over', `partner:${BETA}`, 'one'],
      ['certificate.replace', `partner:${BETA}`, 'two'],
      ['bypass.reopen', 'operator:anna', undefined],
      ['partner-certificate.remove', 'operator:anna', undefined],
      ['partner.remove', 'operator:anna', undefined],
      ['partner.remove', 'operator:anna', undefined],
    ]);
    expect(ends[0]).toMatchObject({ before: { certificates: [] }, serialNumbers: [serials.first] });
    expect(ends[1]?.serialNumbers).toEqual([serials.first, serials.next]);
    expect(ends[1]).toMatchObject({ after: { certificates: [{ replaced: next.certificate.fingerprint }, {}] } });
    expect(ends[2]).toMatchObject({ reason, after: { bypass: { since: running().clock.now().toISOString() } } });
    expect(ends[3]).toMatchObject({ before: { certificates: [{ serialNumber: serials.first }] } });
    expect(ends[5]?.before).toMatchObject({ acx: true, entries: [{ subject: 'CN=oftp.beta.example' }] });
    expect(ends[5]).not.toHaveProperty('after');
    expect(await bus().request(registry.auditVerify, {})).toMatchObject({ ok: true, open: [] });
  });

  it('has nothing of what was refused', async () => {
    await bus().request(registry.partnerAdd, { station: ACME, id: BETA, password: SEALED });
    await written();
    const key = { station: ACME, partner: BETA };
    const taking = { kind: 'deliver' as const, usages: USAGES, predecessors: [], revision: 'another', exchange: 'x' };
    const certificate = base64(company().issue().certificate.der);
    const refused = [
      bus().request(registry.certificateTakeOver, { ...key, ...taking, certificate }),
      bus().request(registry.bypassReopen, { ...key, reason: 'none' }),
      bus().request(registry.partnerCertificateRemove, { ...key, fingerprint: '0'.repeat(64) }),
      bus().request(registry.partnerRemove, { ...key, partner: 'O0199NOBODY' }),
    ];
    expect((await Promise.allSettled(refused)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await written()).toEqual([]);
  });
});
