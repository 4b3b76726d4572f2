import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ca } from '@certlane/contracts';
import { testTrustList } from '@certlane/pki/trust-list/testing';
import { createBus } from '@certlane/runtime';
import { testNats } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { Publication } from '../../support/interoperability/publication.js';
import { ServiceProcess } from '../../support/service-process.js';
import { base64, DAY, EVENTS, HOUR, Scene } from './refresh-scene.js';

describe('a trust list that is followed', () => {
  let scene: Scene;
  const set = () => scene.publication.set;
  const refresh = () => scene.bus('operator:anna').request(ca.trustListRefresh, { name: 'odette' });

  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('is taken when it is added, pins its signer and says so, and is trusted from then on', async () => {
    expect((await scene.verdict(set().member('CA01'), 'off')).trusted).toBe(false);
    const url = scene.publication.trustListUrl();
    const { trustList } = await scene.bus('operator:anna').request(ca.trustListAdd, { name: 'odette', url });
    const { fingerprint } = set().signers.current.certificate;
    expect(trustList).toMatchObject({
      state: 'current',
      sequenceNumber: 1,
      authorities: 2,
      schemeName: 'Interoperability OFTP2 TSL',
      operatorName: 'Test Operator',
      signers: [{ pinned: 'first-import', signer: { fingerprint } }],
      lastTry: { ok: true, message: expect.stringContaining(fingerprint) },
    });
    expect(await scene.told('trust-list')).toEqual([
      {
        type: EVENTS.trustListTaken,
        data: expect.objectContaining({ name: 'odette', sequenceNumber: 1, addedCount: 2, removedCount: 0 }),
      },
    ]);
    expect(await scene.verdict(set().member('CA01'), 'off')).toMatchObject({
      trusted: true,
      anchor: { by: 'trust-list', list: 'odette', level: 'oftp2' },
      standsOn: { trustLists: [{ name: 'odette', sequenceNumber: 1 }] },
    });
    // Issued by the root directly, and by an authority outside of the list (OP08 2.7).
    expect(await scene.verdict(set().member('CB05'), 'off')).toMatchObject({ reason: 'not-by-listed-authority' });
    expect(await scene.verdict(set().member('CB06'), 'off')).toMatchObject({ reason: 'issuer-unknown' });
  });

  it('tells the difference of a newer edition, and its authorities stand and fall with it', async () => {
    scene.publication.publishTrustList({ sequenceNumber: 2, withdrawn: ['B'] });
    expect((await refresh()).trustList).toMatchObject({ sequenceNumber: 2, authorities: 1 });
    const removed = [expect.objectContaining({ subject: 'CN=Company B OFTP2 CA,O=Company B,C=DE' })];
    expect(await scene.told('trust-list')).toEqual([
      { type: EVENTS.trustListTaken, data: expect.objectContaining({ added: [], removed, removedCount: 1 }) },
    ]);
    expect((await scene.verdict(set().member('CB01'), 'off')).trusted).toBe(false);
    expect((await scene.verdict(set().member('CA01'), 'off')).trusted).toBe(true);
  });

  it('writes down before and after that the service took an edition, and nothing of one that brings nothing new', async () => {
    const taken = async () => {
      const { entries } = await scene.bus().request(ca.auditList, {});
      return entries.filter(({ act }) => act === 'trust-list.take');
    };
    const before = await taken();
    await refresh();
    expect(await taken()).toEqual(before);
    const done = before.filter(({ phase }) => phase === 'done');
    expect(before).toHaveLength(2 * done.length);
    expect(before.every(({ actor, about }) => actor === 'service:ca-store' && about['list'] === 'odette')).toBe(true);
    expect(done.map(({ after }) => after)).toContainEqual(
      expect.objectContaining({ sequenceNumber: 1, authorities: 2 }),
    );
    expect(done.at(-1)).toMatchObject({
      before: { sequenceNumber: 1, authorities: 2 },
      after: { sequenceNumber: 2, authorities: 1 },
    });
  });

  it.each<[string, string, () => void]>([
    [
      'tampered with',
      'trust-list-signature-invalid',
      () => scene.publication.publishBadTrustList('altered', { sequenceNumber: 3 }),
    ],
    [
      'signed by another',
      'trust-list-signer-unknown',
      () => scene.publication.publishBadTrustList('wrong-signer', { sequenceNumber: 3 }),
    ],
    ['out of date', 'next-update-passed', () => scene.publication.publishBadTrustList('stale', { sequenceNumber: 3 })],
    ['of a lower number', 'sequence-number-lower', () => scene.publication.publishTrustList({ sequenceNumber: 1 })],
    ['no XML', 'trust-list-malformed', () => scene.publication.publisher.publish('/TSL_OFTP2.XML', 'hello')],
    ['gone', 'status', () => scene.publication.publisher.withdraw('/TSL_OFTP2.XML')],
  ])(
    'keeps the last good edition when the new one is %s, and tells the reason once',
    async (_what, reason, publish) => {
      publish();
      for (const time of ['first', 'second']) {
        const { trustList } = await refresh();
        expect([time, trustList]).toMatchObject([
          time,
          { sequenceNumber: 2, state: 'current', lastTry: { ok: false, reason } },
        ]);
      }
      expect(await scene.told('trust-list')).toEqual([
        {
          type: EVENTS.trustListRefused,
          data: { name: 'odette', reason, message: expect.any(String), remedy: expect.any(String) },
        },
      ]);
      expect((await scene.verdict(set().member('CA01'), 'off')).trusted).toBe(true);
    },
  );

  it('changes its signer by two persons, and not by one', async () => {
    const certificate = base64(set().signers.next.certificate);
    const stage = (actor?: string) => scene.bus(actor).request(ca.signerStage, { name: 'odette', certificate });
    const confirm = (actor?: string) => scene.bus(actor).request(ca.signerConfirm, { name: 'odette' });
    await expect(stage()).rejects.toMatchObject({ code: 'failed-precondition' });
    await expect(confirm('operator:bert')).rejects.toMatchObject({ code: 'failed-precondition' });
    await stage('operator:anna');
    await expect(confirm('operator:anna')).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringMatching(/operator:anna has staged .*; another person confirms it/),
    });
    await expect(confirm()).rejects.toMatchObject({ code: 'failed-precondition' });
    scene.publication.publishBadTrustList('wrong-signer', { sequenceNumber: 3 });
    expect((await refresh()).trustList).toMatchObject({ sequenceNumber: 2 });
    const { trustList } = await confirm('operator:bert');
    expect(trustList.signers.map(({ by, confirmedBy }) => [by, confirmedBy])).toEqual([
      [undefined, undefined],
      ['operator:anna', 'operator:bert'],
    ]);
    const taken = await scene.trustListOnce('odette', ({ sequenceNumber }) => sequenceNumber === 3);
    expect(taken.signers.map(({ signer }) => signer.fingerprint)).toEqual([set().signers.next.certificate.fingerprint]);
    expect((await scene.told('trust-list')).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['trust-list-signer.staged', 'trust-list-signer.confirmed', EVENTS.trustListTaken]),
    );
    scene.publication.publishTrustList({ sequenceNumber: 4 });
    expect((await refresh()).trustList).toMatchObject({
      sequenceNumber: 3,
      lastTry: { reason: 'trust-list-signer-unknown' },
    });
    expect(await scene.acts()).toEqual(
      expect.arrayContaining([
        'operator:anna trust-list.add done',
        'operator:anna trust-list-signer.stage done',
        'operator:anna trust-list-signer.confirm failed',
        'operator:bert trust-list-signer.confirm done',
      ]),
    );
  });

  it('asks the small text first, and reads the whole only if that has changed', async () => {
    const signedBy = set().signers.next;
    scene.publication.publishTrustList({ sequenceNumber: 5, signedBy });
    expect((await refresh()).trustList).toMatchObject({ sequenceNumber: 5, lastTry: { ok: true } });
    const { list, update } = scene.publication.paths.ofTrustList('oftp2');
    const { publisher } = scene.publication;
    const before = [publisher.count(list), publisher.count(update)];
    scene.clock.advance(HOUR);
    await scene.trustListOnce('odette', ({ lastTry }) => lastTry?.message.startsWith('not changed since') === true);
    expect([publisher.count(list), publisher.count(update)]).toEqual([before[0], (before[1] ?? 0) + 1]);
    scene.publication.publishTrustList({ sequenceNumber: 6, signedBy });
    scene.clock.advance(HOUR);
    await scene.trustListOnce('odette', ({ sequenceNumber }) => sequenceNumber === 6);
    expect(await scene.trustList('odette')).toMatchObject({ sequenceNumber: 6, lastTry: { message: 'taken' } });
  });

  it('is out of date behind its next update, keeps its authorities and tells it once', async () => {
    await scene.told('trust-list');
    scene.clock.advance(200 * DAY);
    expect(await scene.trustListOnce('odette', ({ state }) => state === 'out-of-date')).toMatchObject({
      authorities: 2,
    });
    expect((await scene.verdict(set().member('CA01'), 'off')).trusted).toBe(true);
    await scene.trustListOnce('odette', ({ lastTry }) => lastTry?.ok === false);
    const refused = (await scene.told('trust-list')).filter(({ type }) => type === EVENTS.trustListRefused);
    expect(refused.filter(({ data }) => data['reason'] === 'out-of-date')).toHaveLength(1);
    const ready = await fetch(`${scene.replicas[0]?.httpUrl ?? ''}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { lists: expect.stringContaining('1 out-of-date') } });
  });

  it('is no longer trusted when nobody follows it any more', async () => {
    await scene.bus('operator:anna').request(ca.trustListRemove, { name: 'odette' });
    expect((await scene.verdict(set().member('CA01'), 'off')).trusted).toBe(false);
    expect((await scene.told('trust-list')).map(({ type, data }) => [type, data['removedCount']])).toContainEqual([
      'trust-list.removed',
      2,
    ]);
    await expect(refresh()).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a trust list whose address was mistyped', () => {
  let scene: Scene;
  const anna = () => scene.bus('operator:anna');
  beforeAll(async () => {
    scene = await Scene.open({ lists: { fetchMs: 4_000 } });
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('is followed at another one, and what still comes of the former counts no more', async () => {
    const { publication } = scene;
    const { publisher, set } = publication;
    publisher.misbehave('/slow', 'silent');
    const signers = [base64(set.signers.current.certificate)];
    const wish = { name: 'odette', level: 'oftp2' as const, signers };
    const slow = await anna().request(ca.trustListAdd, { ...wish, url: `${publisher.url}/slow` });
    expect(slow).toMatchObject({ queued: true, trustList: { state: 'never-read' } });
    expect(slow.trustList.lastTry).toBeUndefined();
    await expect(anna().request(ca.trustListAdd, { ...wish, url: publication.trustListUrl() })).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.stringMatching(
        /at http:.*\/slow; certlane tsl set odette --url URL .* certlane tsl remove odette/,
      ),
    });
    // It is read on in the background.
    await eventually(
      () => publisher.count('/slow'),
      (count) => count > 1,
    );
    const moved = await anna().request(ca.trustListSet, { name: 'odette', url: publication.trustListUrl() });
    expect(moved).toMatchObject({
      queued: false,
      trustList: { state: 'current', url: publication.trustListUrl(), signers: [{ pinned: 'given' }] },
    });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect((await scene.trustList('odette')).lastTry).toMatchObject({ ok: true });
    expect((await scene.told('trust-list')).map(({ type }) => type)).toEqual([EVENTS.trustListTaken]);
    expect(await scene.acts()).toContain('operator:anna trust-list.set done');
  });

  it('keeps edition and signers when the new one is no better, and says what can be done', async () => {
    const url = `${scene.publication.publisher.url}/nothing`;
    expect(await anna().request(ca.trustListSet, { name: 'odette', url })).toMatchObject({
      queued: false,
      trustList: {
        url,
        state: 'current',
        authorities: 2,
        signers: [{ pinned: 'given' }],
        lastTry: {
          ok: false,
          reason: 'status',
          remedy: expect.stringContaining('certlane tsl set odette --url URL; '),
        },
      },
    });
    await expect(anna().request(ca.trustListSet, { name: 'other', url })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a trust list that comes by hand', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('is verified by the signer that is given, and by no other', async () => {
    const { signers } = scene.publication.set;
    const content = await scene.put(scene.publication.set.trustList({ level: 'basic' }));
    const wish = { name: 'by-hand', level: 'basic' as const, content };
    const wrong = scene.bus().request(ca.trustListAdd, { ...wish, signers: [base64(signers.next.certificate)] });
    await expect(wrong).rejects.toMatchObject({
      code: 'failed-precondition',
      details: { field: 'content', reason: 'trust-list-signer-unknown' },
    });
    expect((await scene.bus().request(ca.trustListList, {})).trustLists).toEqual([]);
    const added = await scene
      .bus()
      .request(ca.trustListAdd, { ...wish, signers: [base64(signers.current.certificate)] });
    expect(added.trustList).toMatchObject({ state: 'current', authorities: 2, signers: [{ pinned: 'given' }] });
    expect(added.trustList.nextTry).toBeUndefined();
    await expect(scene.bus().request(ca.trustListAdd, wish)).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('takes a newer edition by hand, and no older one', async () => {
    const edition = (sequenceNumber: number) =>
      scene.put(scene.publication.set.trustList({ level: 'basic', sequenceNumber, without: ['B'] }));
    const take = async (content: string) =>
      (await scene.bus().request(ca.trustListImport, { name: 'by-hand', content })).trustList;
    expect(await take(await edition(3))).toMatchObject({ sequenceNumber: 3, authorities: 1 });
    await expect(take(await edition(2))).rejects.toMatchObject({ details: { reason: 'sequence-number-lower' } });
    await expect(take('0'.repeat(64))).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('content.put'),
    });
    expect(await scene.trustList('by-hand')).toMatchObject({ sequenceNumber: 3, authorities: 1 });
  });

  it('reports entries that are broken and uses the rest', async () => {
    const { set } = scene.publication;
    const list = testTrustList(set.signers.current, set.now, {
      sequenceNumber: 9,
      issuedAt: new Date(set.now.getTime() - 51_000),
      providers: [{ services: [{ certificates: ['AAAA'] }, { certificates: set.chainOf('B') }] }],
    });
    const { trustList } = await scene
      .bus()
      .request(ca.trustListImport, { name: 'by-hand', content: await scene.put(list) });
    expect(trustList).toMatchObject({ authorities: 1, broken: [{ reason: 'certificate-malformed' }] });
  });

  it('is shown with its authorities, a page at a time', async () => {
    await scene.bus().request(ca.trustListImport, {
      name: 'by-hand',
      content: await scene.put(scene.publication.set.trustList({ level: 'basic', sequenceNumber: 10 })),
    });
    const first = await scene.bus().request(ca.trustListGet, { name: 'by-hand', limit: 1 });
    const second = await scene.bus().request(ca.trustListGet, { name: 'by-hand', limit: 1, after: first.next ?? '' });
    const subjects = [...first.authorities, ...second.authorities].map(({ subject }) => subject);
    expect(subjects.sort()).toEqual([
      'CN=Company A OFTP2 CA,O=Company A,C=DE',
      'CN=Company B OFTP2 CA,O=Company B,C=DE',
    ]);
    expect(second.next).toBeUndefined();
  });
});

describe('a trust list that a process follows as it is deployed', () => {
  it('is read from networks that the configuration allows, and from no other', async () => {
    const nats = await testNats();
    await using publication = await Publication.open({ now: new Date() });
    const bus = createBus(await nats.connect('operator'), nats.prefix);
    const passwordFile = join(nats.dataDir, 'password');
    await writeFile(passwordFile, 'test');
    const env = {
      CERTLANE_NATS_URL: nats.server.url,
      CERTLANE_NATS_USER: 'ca-store',
      CERTLANE_NATS_PASSWORD_FILE: passwordFile,
    };
    const refused = await ServiceProcess.start('ca-store', env);
    const url = publication.trustListUrl();
    const first = await bus.request(ca.trustListAdd, { name: 'odette', url });
    expect(first.trustList).toMatchObject({ state: 'never-read', lastTry: { ok: false, reason: 'address' } });
    await refused.stop();
    const allowed = await ServiceProcess.start('ca-store', { ...env, CERTLANE_FETCH_ALLOW: '127.0.0.0/8' });
    const second = await bus.request(ca.trustListRefresh, { name: 'odette' });
    expect(second.trustList).toMatchObject({ state: 'current', authorities: 2, lastTry: { ok: true } });
    await allowed.stop();
    await nats.stop();
  });
});
