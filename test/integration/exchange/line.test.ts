import { exchangeRequests, registry } from '@certlane/contracts';
import { writeClid } from '@certlane/pki';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atRest, base64, incoming, setUp, startLine, until, US, useOwn, type Line } from './line.js';

describe('an exchange through registry, ca-store and cert-exchange', () => {
  let line: Line;
  const partner = async () => (await line.bus.request(registry.partnerGet, US)).partner;
  const known = async () => atRest(await partner());
  const usage = async () => (await partner()).usages.find((row) => row.usage === 'session-authentication');
  const decide = (secureAuthentication: boolean | undefined) =>
    line.bus.request(exchangeRequests.sessionDecide, {
      session: 's1',
      direction: secureAuthentication === undefined ? 'outbound' : 'inbound',
      ...US,
      ...(secureAuthentication === undefined ? {} : { secureAuthentication, passwordCorrect: true }),
      remoteAddress: '127.0.0.1',
    });
  const next = async () =>
    (await line.bus.request(exchangeRequests.outboxNext, { session: 's1', ...US, mode: 'exchange-only' })).item;
  const settle = (exchange: string, item: 'answer' | 'file') =>
    line.bus.request(exchangeRequests.outboxSettle, {
      session: 's1',
      ...US,
      exchange,
      item,
      fate: { type: 'delivered' },
    });
  /** A renewal of the partner that came in while ca-store was away: stored, not decided. */
  const undecided = async (notBefore: string) => {
    await line.stopService('ca-store');
    const { certificate } = line.beta.issue({ host: 'oftp.beta.example', notBefore: new Date(notBefore) });
    const received = await line.bus.request(exchangeRequests.certificateReceive, incoming('DELIVER', certificate.der), {
      timeoutMs: 20_000,
    });
    expect(received.state).toBe('received');
    return { certificate, id: received.exchange, owing: received.owing };
  };
  const decided = async (id: string) =>
    (await until(line.bus, exchangeRequests.exchangeGet, { id }, ({ exchange }) => exchange.state !== 'received'))
      .exchange;
  const names = async (from = 0) => (await line.told()).slice(from).map(({ name }) => name);

  beforeAll(async () => {
    line = await startLine();
    await setUp(line);
  });
  afterAll(() => line.stop());

  it('runs the first request through the bypass, answers it and sends ours back', async () => {
    const before = (await line.told()).length;
    const ours = await useOwn(line, line.acme.issue({ host: 'oftp.acme.example' }));
    expect(await decide(false)).toMatchObject({
      verdict: 'run',
      mode: 'exchange-only',
      secureAuthentication: false,
      ours: [],
    });
    expect(await decide(true)).toMatchObject({ verdict: 'refuse', reason: 'authentication-mismatch' });

    const theirs = line.beta.issue({ host: 'oftp.beta.example' }).certificate;
    const request = incoming('REQUEST', theirs.der, { mode: 'exchange-only' });
    const received = await line.bus.request(exchangeRequests.certificateReceive, request);
    expect(received).toMatchObject({ state: 'accepted', owing: true });
    expect(await usage()).toMatchObject({ current: theirs.fingerprint });

    const answer = await next();
    expect(answer).toMatchObject({ type: 'answer', answer: { kind: 'eerp', file: request.file } });
    await settle(answer!.exchange, 'answer');
    const file = await next();
    expect(file).toMatchObject({ type: 'file', file: { identity: { datasetName: 'ODETTE_CERTIFICATE_DELIVER' } } });
    await settle(file!.exchange, 'file');
    expect(await next()).toBeUndefined();

    const eerp = { kind: 'eerp' as const, file: file!.type === 'file' ? file!.file.identity : request.file };
    const answered = { session: 's1', ...US, mode: 'full' as const, answer: eerp };
    expect(await line.bus.request(exchangeRequests.answerReceive, answered)).toEqual({ known: true });
    expect(await line.bus.request(exchangeRequests.answerReceive, answered)).toEqual({ known: false });
    expect(await usage()).toMatchObject({ ours });

    expect(await names(before)).toEqual([
      'own-certificate.added',
      'own-certificate.activated',
      'bypass.used',
      'exchange.received',
      'certificate.taken-over',
      'exchange.accepted',
      'exchange.queued',
      'exchange.answered',
      'exchange.sent',
      'own-certificate.switched',
      'exchange.acknowledged',
    ]);
  });

  it('closes the bypass once a certificate is on file', async () => {
    expect(await decide(false)).toMatchObject({ verdict: 'refuse', reason: 'bypass-closed' });
    const decided = await decide(true);
    expect(decided).toMatchObject({ verdict: 'run', mode: 'full', secureAuthentication: true });
    expect(decided.verdict === 'run' && [decided.ours.length, decided.theirs.length]).toEqual([1, 1]);
  });

  it('takes nothing in the place of what is on file from a session that is still in the bypass', async () => {
    const stands = await known();
    const [onFile] = stands.certificates;
    const { readCertificate } = await import('@certlane/pki');
    const clid = writeClid(readCertificate(Buffer.from(onFile!.certificate, 'base64')));
    const stolen = line.beta.issue({ host: 'oftp.gamma.example' }).certificate;
    const renewed = line.beta.issue({ host: 'oftp.beta.example' }).certificate;
    const mode = 'exchange-only';
    for (const [file, reason] of [
      [incoming('REPLACE', stolen.der, { description: clid, mode }), 'no-match'],
      [incoming('DELIVER', stolen.der, { description: clid, mode }), 'no-match'],
      [incoming('REPLACE', renewed.der, { mode }), 'unproven'],
      [incoming('DELIVER', renewed.der, { mode }), 'unproven'],
    ] as const) {
      const { exchange, state } = await line.bus.request(exchangeRequests.certificateReceive, file);
      expect(state).toBe('refused');
      const shown = await line.bus.request(exchangeRequests.exchangeGet, { id: exchange });
      expect(shown.exchange.reason).toBe(reason);
      await settle(exchange, 'answer');
    }
    expect(await known()).toEqual(stands);
  });

  it('gives the same file the same answer, open or over, and changes nothing', async () => {
    const renewed = line.beta.issue({ host: 'oftp.beta.example' }).certificate;
    const file = incoming('DELIVER', renewed.der);
    const first = await line.bus.request(exchangeRequests.certificateReceive, file);
    const stands = await known();
    const told = (await line.told()).length;
    expect(await line.bus.request(exchangeRequests.certificateReceive, file)).toEqual(first);
    await settle(first.exchange, 'answer');
    expect(await line.bus.request(exchangeRequests.certificateReceive, file)).toEqual(first);
    expect(await next()).toMatchObject({ type: 'answer', answer: { kind: 'eerp' } });
    await settle(first.exchange, 'answer');
    expect(await known()).toEqual(stands);
    expect(await names(told)).toEqual(['exchange.answered', 'exchange.answered']);
  });

  it('rolls over with deliver and recalls with replace', async () => {
    const { current: before } = (await usage())!;
    const old = (await partner()).certificates.find(({ fingerprint }) => fingerprint === before)!;
    const renewed = line.beta.issue({
      host: 'oftp.beta.example',
      notBefore: new Date('2026-03-01T09:00:00.000Z'),
    }).certificate;
    await line.bus.request(exchangeRequests.certificateReceive, incoming('DELIVER', renewed.der));
    expect(await usage()).toMatchObject({ current: renewed.fingerprint });
    expect((await usage())!.accepted.map(({ fingerprint }) => fingerprint)).toContain(before);

    const { readCertificate } = await import('@certlane/pki');
    const clid = writeClid(readCertificate(Buffer.from(old.certificate, 'base64')));
    await line.bus.request(
      exchangeRequests.certificateReceive,
      incoming('REPLACE', renewed.der, { description: clid }),
    );
    expect((await usage())!.accepted.map(({ fingerprint }) => fingerprint)).not.toContain(before);
    expect((await partner()).certificates.find(({ fingerprint }) => fingerprint === before)?.state).toBe('replaced');
  });

  it.each([
    [
      'of an unknown issuer',
      'issuer-unknown',
      async () =>
        (await import('@certlane/pki/testing')).testCa({ name: 'Nobody' }).issue({ host: 'oftp.beta.example' })
          .certificate.der,
    ],
    [
      'that has expired',
      'expired',
      () =>
        line.beta.issue({
          host: 'oftp.beta.example',
          notBefore: new Date('2026-01-01T00:00:00.000Z'),
          notAfter: new Date('2026-02-28T00:00:00.000Z'),
        }).certificate.der,
    ],
    ['that is none', 'unreadable', () => Buffer.from('hello')],
  ])('refuses a certificate %s with NERP, and changes nothing', async (_what, reason, der) => {
    const stands = await known();
    const received = await line.bus.request(exchangeRequests.certificateReceive, incoming('DELIVER', await der()));
    expect(received.state).toBe('refused');
    const { exchange } = await line.bus.request(exchangeRequests.exchangeGet, { id: received.exchange });
    expect(exchange.reason).toBe(reason);
    const item = (await line.bus.request(exchangeRequests.outboxNext, { session: 's1', ...US, mode: 'full' })).item;
    expect(item?.type).toBe('answer');
    let open = item;
    while (open !== undefined && open.exchange !== received.exchange) {
      await settle(open.exchange, 'answer');
      open = await next();
    }
    const failed = exchange.checks.findLast(({ ok }) => !ok)?.check;
    const text = expect.stringMatching(new RegExp(`^${failed}, ${reason}: .`));
    expect(open).toMatchObject({ answer: { kind: 'nerp', reason: 34, text, creator: US.station } });
    await settle(received.exchange, 'answer');
    expect(await known()).toEqual(stands);
  });

  it('decides later what cannot be checked now, and accepts nothing meanwhile', async () => {
    const { certificate: renewed, id, owing } = await undecided('2026-03-01T09:30:00.000Z');
    expect(owing).toBe(false);
    expect((await partner()).certificates.some(({ fingerprint }) => fingerprint === renewed.fingerprint)).toBe(false);
    await line.startService('ca-store');
    expect(await decided(id)).toMatchObject({ state: 'accepted' });
    expect(await usage()).toMatchObject({ current: renewed.fingerprint });
  });

  it('takes up after a restart what was stored and not decided', async () => {
    const { certificate: other, id } = await undecided('2026-03-01T09:45:00.000Z');
    await line.stopService('cert-exchange');
    await line.startService('ca-store');
    await line.startService('cert-exchange');
    expect(await decided(id)).toMatchObject({ state: 'accepted' });
    expect(base64(other)).toBe(
      (await partner()).certificates.find(({ fingerprint }) => fingerprint === other.fingerprint)?.certificate,
    );
  });

  it('counts a take-over that was made before something came up against it', async () => {
    const { certificate: torn, id } = await undecided('2026-03-01T09:50:00.000Z');
    // What a replica did that was killed right after it, before it wrote the decision down.
    await line.bus.request(registry.certificateTakeOver, {
      ...US,
      exchange: id,
      kind: 'deliver',
      certificate: base64(torn),
      usages: ['session-authentication'],
      predecessors: [],
      revision: (await partner()).revision,
    });
    await line.bus.request(registry.partnerSet, { ...US, acx: false });
    await line.startService('ca-store');
    expect(await decided(id)).toMatchObject({ state: 'accepted', certificate: { fingerprint: torn.fingerprint } });
    await line.bus.request(registry.partnerSet, { ...US, acx: true });
  });

  it('tells every event once', async () => {
    const told = await line.told();
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });
});
