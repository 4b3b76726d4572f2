import { ca, exchangeRequests, registry, type RequestOf } from '@certlane/contracts';
import { readRevocationList, type Certificate } from '@certlane/pki';
import { testRevocationList } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { atRest, base64, incoming, setUp, startLine, until, US, useOwn, type Line } from './line.js';

const anna = { actor: 'operator:anna' };
const bert = { actor: 'operator:bert' };
const SUB = 'O0177000000SUB';

describe('what waits for a person, through registry, ca-store and cert-exchange', () => {
  let line: Line;
  const partner = async (id: string = US.partner) =>
    (await line.bus.request(registry.partnerGet, { station: US.station, partner: id })).partner;
  const set = (settings: Partial<RequestOf<typeof registry.partnerSet>>) =>
    line.bus.request(registry.partnerSet, { ...US, ...settings });
  const receive = (file: ReturnType<typeof incoming>) => line.bus.request(exchangeRequests.certificateReceive, file);
  const show = async (id: string) => (await line.bus.request(exchangeRequests.exchangeGet, { id })).exchange;
  const waiting = async () => (await line.bus.request(exchangeRequests.approvalList, {})).approvals;
  const accept = (
    id: string,
    more: Omit<RequestOf<typeof exchangeRequests.approvalAccept>, 'id'> = {},
    who: { actor?: string } = anna,
  ) => line.bus.request(exchangeRequests.approvalAccept, { id, ...more }, who);
  /** Takes what is owed, as a session does. */
  const owed = async () => {
    const items = [];
    for (;;) {
      const { item } = await line.bus.request(exchangeRequests.outboxNext, { session: 's2', ...US, mode: 'full' });
      if (item === undefined) return items;
      items.push(item);
      await line.bus.request(exchangeRequests.outboxSettle, {
        session: 's2',
        ...US,
        exchange: item.exchange,
        item: item.type,
        fate: { type: 'delivered' },
      });
    }
  };
  const onFile = async (certificate: Certificate, id?: string) =>
    (await partner(id)).certificates.find(({ fingerprint }) => fingerprint === certificate.fingerprint);
  const beta = (host: string, more: object = {}) => line.beta.issue({ host, ...more }).certificate;

  beforeAll(async () => {
    line = await startLine();
    await setUp(line);
    await useOwn(line, line.acme.issue({ host: 'oftp.acme.example' }));
  });
  afterAll(() => line.stop());

  it('is held where nothing fits it, answered by nothing, and taken over when a person says what it is', async () => {
    const stranger = beta('other.example');
    const file = incoming('DELIVER', stranger.der);
    const { exchange: id, state, owing } = await receive(file);
    expect([state, owing]).toEqual(['held', false]);
    expect(await receive(file)).toEqual({ exchange: id, state, owing });
    expect(await waiting()).toMatchObject([
      { id, kind: 'no-match', certificate: { subject: expect.stringContaining('CN=other.example,') } },
    ]);
    expect(await owed()).toEqual([]);

    await expect(accept(id, {}, {})).rejects.toMatchObject({
      code: 'failed-precondition',
      details: { field: 'actor' },
    });
    await expect(accept(id)).rejects.toMatchObject({ code: 'failed-precondition', details: { field: 'usages' } });
    const { exchange } = await accept(id, { usages: ['file-encryption'], note: 'telephoned' });
    expect(exchange).toMatchObject({ state: 'accepted', decision: { by: 'operator:anna', note: 'telephoned' } });
    expect(await onFile(stranger)).toMatchObject({ usages: ['file-encryption'] });
    expect(await waiting()).toMatchObject([
      { id, kind: 'no-match', decided: { by: 'operator:anna', accept: true, note: 'telephoned', answer: 'eerp' } },
    ]);
    expect((await accept(id)).exchange).toMatchObject({ state: 'accepted' });
    await expect(accept(id, {}, bert)).rejects.toMatchObject({ code: 'failed-precondition' });
    expect(await owed()).toMatchObject([{ type: 'answer', answer: { kind: 'eerp', file: file.file } }]);
    expect(await waiting()).toEqual([]);
    const told = (await line.told()).filter(({ data }) => data['exchange'] === id);
    expect(told.map(({ name }) => name)).toEqual([
      'exchange.received',
      'exchange.held',
      'certificate.taken-over',
      'exchange.accepted',
      'exchange.answered',
    ]);
    expect((await show(id)).decision).toMatchObject({ match: { by: 'approval' }, validation: { trusted: true } });
  });

  it('is refused with the reason that a person gives', async () => {
    const { exchange: id } = await receive(incoming('DELIVER', beta('another.example').der));
    const reject = { id, reason: 'not ours' };
    const { exchange } = await line.bus.request(exchangeRequests.approvalReject, reject, bert);
    expect(exchange).toMatchObject({ state: 'refused', reason: 'rejected' });
    expect(await owed()).toMatchObject([
      { answer: { kind: 'nerp', reason: 34, text: expect.stringMatching(/^person, rejected: not ours/) } },
    ]);
  });

  it('wants another person than the one who entered the identification data', async () => {
    const entry = { ...US, subject: 'signing.beta.example', issuer: line.beta.authority.certificate.fingerprint };
    await line.bus.request(registry.partnerIdentify, { ...entry, usages: ['file-signature'] }, anna);
    await set({ acceptance: 'manual', twoPerson: true });
    const { exchange: id, state } = await receive(incoming('DELIVER', beta('signing.beta.example').der));
    expect(state).toBe('held');
    expect(await waiting()).toMatchObject([{ id, kind: 'manual', excluded: ['operator:anna'] }]);
    await expect(accept(id)).rejects.toMatchObject({ code: 'failed-precondition', details: { field: 'actor' } });
    expect((await accept(id, {}, bert)).exchange).toMatchObject({ state: 'accepted' });
    await set({ acceptance: 'known', twoPerson: false });
    await owed();
  });

  it('is decided by itself as soon as a revocation list tells', async () => {
    await set({ revocation: 'fail' });
    const good = beta('oftp.beta.example');
    const bad = beta('oftp.beta.example');
    const held = [];
    for (const { der } of [good, bad]) held.push(await receive(incoming('DELIVER', der)));
    expect(held.map(({ state }) => state)).toEqual(['held', 'held']);
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['revocation-undetermined', 'revocation-undetermined']);

    const lists = [
      testRevocationList(line.beta.root),
      testRevocationList(line.beta.authority, { revoked: [bad.serialNumber] }),
    ];
    for (const list of lists) {
      expect(readRevocationList(list)).toBeDefined();
      const content = createHash('sha256').update(list).digest('hex');
      const part = { content, parts: 1, part: 0, octets: Buffer.from(list).toString('base64') };
      expect(await line.bus.request(ca.contentPut, part)).toEqual({ complete: true });
      await line.bus.request(ca.revocationListImport, { content });
    }
    const decided = async (id: string) =>
      (await until(line.bus, exchangeRequests.exchangeGet, { id }, ({ exchange }) => exchange.state !== 'held'))
        .exchange;
    expect(await decided(held[0]!.exchange)).toMatchObject({
      state: 'accepted',
      decision: { by: 'service:cert-exchange', validation: { revocation: { status: 'good' } } },
    });
    expect(await decided(held[1]!.exchange)).toMatchObject({ state: 'refused', reason: 'revoked' });
    await set({ revocation: 'warn' });
    await owed();
  });

  it('can be known beforehand by a dry run, which leaves nothing behind', async () => {
    // The review after the lists above tells of certificates by itself.
    const toldOf = async () => (await line.told()).filter(({ name }) => name.startsWith('exchange.')).length;
    const told = await toldOf();
    const stands = atRest(await partner());
    const octets = base64(beta('unexpected.example'));
    expect(await line.bus.request(exchangeRequests.decide, { ...US, octets })).toMatchObject({
      decision: { outcome: 'held', reason: 'no-match', validation: { trusted: true } },
    });
    expect(await line.bus.request(exchangeRequests.decide, { ...US, octets, mode: 'exchange-only' })).toMatchObject({
      decision: { outcome: 'refused', reason: 'no-match' },
      answer: { kind: 'nerp' },
    });
    expect([atRest(await partner()), await toldOf(), await waiting()]).toEqual([stands, told, []]);
  });

  it('is not touched where it belongs to a sub-station, whose files come in the sessions of its partner', async () => {
    await line.bus.request(registry.partnerAdd, { station: US.station, id: SUB, via: US.partner, acx: true });
    await line.bus.request(registry.partnerIdentify, {
      station: US.station,
      partner: SUB,
      subject: 'oftp.beta.example',
      issuer: line.beta.authority.certificate.fingerprint,
      usages: ['file-encryption', 'file-signature'],
    });
    const before = atRest(await partner());
    const certificate = beta('oftp.beta.example');
    const request = incoming('REQUEST', certificate.der);
    const ofSub = { ...request, file: { ...request.file, originator: SUB } };
    expect(await receive(ofSub)).toMatchObject({ state: 'accepted', owing: true });
    expect(atRest(await partner())).toEqual(before);
    expect(await onFile(certificate, SUB)).toMatchObject({ usages: ['file-encryption', 'file-signature'] });
    expect(await owed()).toMatchObject([
      { type: 'answer', answer: { kind: 'eerp', file: { originator: SUB, destination: US.station } } },
      { type: 'file', file: { identity: { originator: US.station, destination: SUB } } },
    ]);
    const bypass = incoming('DELIVER', certificate.der, { mode: 'exchange-only' });
    const { exchange: id } = await receive({ ...bypass, file: { ...bypass.file, originator: SUB } });
    expect(await show(id)).toMatchObject({ state: 'refused', reason: 'unproven' });
    await expect(receive({ ...ofSub, file: { ...ofSub.file, originator: 'O0177NOBODY' } })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await owed();
  });

  it('leaves an audit that says who decided what', async () => {
    const { entries } = await line.bus.request(exchangeRequests.auditList, { limit: 500 });
    const acts = entries.map(({ actor, act, phase }) => `${actor} ${act} ${phase}`);
    expect(acts).toEqual(
      expect.arrayContaining([
        'operator:anna certificate.take-over intended',
        'operator:anna certificate.take-over done',
        'operator:bert certificate.decline done',
        `partner:${SUB} certificate.take-over done`,
      ]),
    );
    expect(await line.bus.request(exchangeRequests.auditVerify, {})).toMatchObject({ ok: true, open: [] });
  });
});
