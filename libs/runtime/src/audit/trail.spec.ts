import { CertlaneError, type AuditEntry } from '@certlane/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { z } from 'zod';
import { MemoryRecords } from '../store/memory-table.js';
import { fixedClock } from '../testing/fixed-clock.js';
import { memoryStore, type MemoryStore } from '../testing/memory-store.js';
import { canonicalJson } from './canonical-json.js';
import { AuditTrail, type AuditRecord } from './trail.js';

const NOW = '2026-01-01T00:00:00.000Z';
const ALL = { limit: 20_000 };

describe('an audit trail', () => {
  let records: MemoryRecords;
  const stores: MemoryStore[] = [];
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );

  beforeEach(() => {
    records = new MemoryRecords();
    lines.length = 0;
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  /** A replica of the service. */
  const replica = (): AuditTrail => {
    const store = memoryStore({ records });
    stores.push(store);
    return new AuditTrail({ store, service: 'ca-store', clock: fixedClock(), logger });
  };
  const added = (partner = 'O0177BETA', changes: Partial<AuditRecord> = {}): AuditRecord => ({
    act: 'issuer.add',
    phase: 'done',
    about: { station: 'O0013ACME', partner },
    ...changes,
  });
  const entries = async (trail: AuditTrail): Promise<readonly AuditEntry[]> =>
    (await trail.list({ limit: 500 })).entries;
  const written = async (count: number): Promise<AuditTrail> => {
    const trail = replica();
    for (let n = 1; n <= count; n += 1) await trail.record(added(`P${n}`));
    return trail;
  };
  const verdict = async (trail: AuditTrail) => {
    const { broken, entries: good } = await trail.verify(ALL);
    return broken === undefined ? good : [good, broken.number, broken.fault];
  };
  const keyOf = (block: number): string => `audit.${String(block).padStart(12, '0')}`;
  /** Does to a stored block what nobody should. */
  const tamper = (block: number, change: (entries: Record<string, unknown>[]) => unknown): void => {
    const kept = records.rows.get(keyOf(block));
    if (kept === undefined) throw new Error(`no block ${block}`);
    const row = structuredClone(kept.row) as { data: { entries: Record<string, unknown>[] } };
    const replacement = change(row.data.entries);
    if (replacement !== undefined) (row as { data: unknown }).data = replacement;
    records.rows.set(keyOf(block), { ...kept, row: row as never });
  };

  it('keeps what it is told, and who acts', async () => {
    const trail = replica();
    const whole = {
      act: 'certificate.take-over',
      phase: 'failed',
      actor: 'operator:anna',
      intent: 1,
      about: { certificate: 'ab'.repeat(32) },
      before: { usages: ['tls'] },
      after: null,
      serialNumbers: ['1f'],
      reason: 'because',
    } as const;
    expect([await trail.record(added()), await trail.record(whole)]).toEqual([1, 2]);
    const [first, second] = await entries(trail);
    expect(first).toEqual({
      service: 'ca-store',
      number: 1,
      at: NOW,
      actor: 'service:ca-store',
      act: 'issuer.add',
      phase: 'done',
      about: { station: 'O0013ACME', partner: 'O0177BETA' },
      serialNumbers: [],
      previous: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second).toMatchObject({ ...whole, number: 2, previous: first?.hash });
  });

  it('has the hash anybody can recompute with a library for RFC 8785', async () => {
    const trail = replica();
    await trail.record(added('P', { after: { b: 1, a: 'ü', A: [1e21, -0, true, null] } }));
    // Made by hand: names sorted, no white space; then `printf '%s' … | sha256sum`.
    const [entry] = await entries(trail);
    expect(entry?.hash).toBe('5e616a748f4ed30b9cb4bceee583b9c773aabb795af6ff576bdcd347083eedc6');
  });

  it('is one chain of many writers in several replicas, each entry once, each told its number', async () => {
    const replicas = [replica(), replica(), replica()];
    const numbers = await Promise.all(Array.from({ length: 300 }, (_, n) => replicas[n % 3]!.record(added(`P${n}`))));
    expect([...numbers].sort((one, other) => one - other)).toEqual(numbers.map((_, index) => index + 1));
    const stored = await entries(replica());
    expect(numbers.map((number) => stored[number - 1]?.about.partner)).toEqual(numbers.map((_, n) => `P${n}`));
    expect(await verdict(replica())).toBe(300);
  });

  it('gathers what comes while a block is being written', async () => {
    const trail = replica();
    await Promise.all(Array.from({ length: 600 }, () => trail.record(added())));
    expect(records.rows.size).toBeLessThanOrEqual(5);
    expect(await verdict(trail)).toBe(600);
  });

  it('refuses what is no entry, without harm to the entries beside it', async () => {
    const trail = replica();
    const results = await Promise.allSettled([
      trail.record(added()),
      trail.record({ act: 'No name', phase: 'done' }),
      trail.record(added('lower case')),
      trail.record(added()),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'internal', message: expect.stringContaining("'No name'") } });
    expect(await verdict(trail)).toBe(2);
  });

  describe('around an act', () => {
    const draft = { act: 'issuer.remove', actor: 'operator:anna', about: { issuer: 'x' }, before: 1, reason: 'old' };

    it('says before that it is intended and after that it is done', async () => {
      const trail = replica();
      const seen: number[] = [];
      const act = async (intent: number) => {
        seen.push(intent, (await entries(trail)).length);
        return 'result';
      };
      const result = await trail.around(draft, act, (text) => ({ after: { text }, serialNumbers: ['2a'] }));
      expect([result, seen]).toEqual(['result', [1, 1]]);
      expect(await entries(trail)).toMatchObject([
        { ...draft, phase: 'intended' },
        { ...draft, phase: 'done', intent: 1, after: { text: 'result' }, serialNumbers: ['2a'] },
      ]);
      expect((await trail.verify(ALL)).open).toEqual([]);
    });

    it('says that it failed and why, in words fit to be shown', async () => {
      const trail = replica();
      const refusal = new CertlaneError('failed-precondition', 'three partners stand on it');
      const defect = new TypeError('x of undefined at /srv/secret');
      for (const thrown of [refusal, defect]) {
        await expect(trail.around(draft, () => Promise.reject(thrown))).rejects.toBe(thrown);
      }
      expect((await entries(trail)).filter(({ phase }) => phase === 'failed')).toMatchObject([
        { ...draft, intent: 1, reason: 'failed-precondition: three partners stand on it' },
        { intent: 3, reason: expect.not.stringContaining('secret') },
      ]);
    });

    it('does nothing when the intent cannot be written', async () => {
      const trail = replica();
      let done = false;
      await trail.record(added());
      records.rows.set(keyOf(2), { since: 0, row: { key: keyOf(2), position: 'x', version: 2, data: 1, outbox: [] } });
      const act = () => Promise.resolve(void (done = true));
      await expect(trail.around(draft, act)).rejects.toMatchObject({ code: 'failed-precondition' });
      expect(done).toBe(false);
    });

    it('throws what the act threw even when that cannot be written', async () => {
      const trail = replica();
      const refusal = new CertlaneError('conflict', 'too late');
      const act = () => {
        records.rows.set(keyOf(2), {
          since: 0,
          row: { key: keyOf(2), position: 'x', version: 1, data: 1, outbox: [] },
        });
        return Promise.reject(refusal);
      };
      await expect(trail.around(draft, act)).rejects.toBe(refusal);
      expect(lines).toContainEqual(expect.objectContaining({ act: 'issuer.remove', intent: 1 }));
    });

    it('leaves an open intent when the process dies in it, until its end is written', async () => {
      const trail = replica();
      await trail.record({ ...draft, phase: 'intended' });
      await trail.record({ ...draft, phase: 'intended' });
      await trail.record({ ...draft, phase: 'failed', intent: 1 });
      expect((await replica().verify(ALL)).open).toEqual([
        { number: 2, at: NOW, actor: 'operator:anna', act: 'issuer.remove', about: { issuer: 'x' } },
      ]);
      await trail.record({ ...draft, phase: 'done', intent: 2 });
      expect((await replica().verify(ALL)).open).toEqual([]);
    });
  });

  describe('lists', () => {
    const pages = async (trail: AuditTrail, query: object, limit: number): Promise<number[][]> => {
      const found: number[][] = [];
      for (let after = 0; ;) {
        const page = await trail.list({ ...query, limit, after });
        found.push(page.entries.map(({ number }) => number));
        if (page.next === undefined) return found;
        after = Number(page.next);
      }
    };

    it('nothing while there is nothing', async () => {
      expect(await replica().list({ limit: 10 })).toEqual({ entries: [], head: 0 });
      expect(await replica().list({ limit: 10, after: 5 })).toEqual({ entries: [], head: 0 });
    });

    it('page by page, whatever blocks the entries are in', async () => {
      const trail = replica();
      await trail.record(added());
      await Promise.all(Array.from({ length: 40 }, () => trail.record(added())));
      for (let n = 0; n < 4; n += 1) await trail.record(added());
      const numbers = Array.from({ length: 45 }, (_, index) => index + 1);
      for (const limit of [1, 7, 44, 45, 500]) expect((await pages(trail, {}, limit)).flat()).toEqual(numbers);
      expect(await trail.list({ limit: 10, after: 45 })).toEqual({ entries: [], head: 45 });
    });

    it('of one station or partner', async () => {
      const trail = replica();
      for (let n = 0; n < 90; n += 1) await trail.record(added(n % 30 === 5 ? 'RARE' : 'OFTEN'));
      await trail.record({ act: 'list.refresh', phase: 'done' });
      expect((await pages(trail, { partner: 'RARE' }, 2)).flat()).toEqual([6, 36, 66]);
      expect((await pages(trail, { station: 'O0013ACME', partner: 'RARE' }, 500)).flat()).toEqual([6, 36, 66]);
      expect((await pages(trail, { station: 'NONE' }, 500)).flat()).toEqual([]);
      expect((await trail.list({ partner: 'RARE', limit: 500 })).head).toBe(91);
    });

    it('what another replica has written since', async () => {
      const [one, other] = [replica(), replica()];
      await one.record(added());
      expect((await other.list({ limit: 9 })).head).toBe(1);
      for (let n = 0; n < 20; n += 1) await one.record(added());
      expect((await other.list({ limit: 9, after: 19 })).entries.map(({ number }) => number)).toEqual([20, 21]);
    });

    it('nothing over a gap, saying what to do', async () => {
      const trail = await written(9);
      tamper(5, () => 'nothing');
      await expect(trail.list({ limit: 500 })).rejects.toThrow(/^block 5 .* is not one; run 'certlane audit verify'$/);
      records.rows.delete(keyOf(5));
      await expect(trail.list({ limit: 500 })).rejects.toThrow(/^block 5 .* is not there; run/);
    });
  });

  describe('shows in a verification', () => {
    type Tamper = (count: number) => unknown;
    const cases: readonly (readonly [what: string, change: Tamper, expected: unknown])[] = [
      ['that nothing is wrong', () => undefined, 9],
      ['another content', () => tamper(5, ([entry]) => void (entry!.reason = 'x')), [4, 5, 'altered']],
      ['a field more', () => tamper(5, ([entry]) => void (entry!.note = 'x')), [4, 5, 'altered']],
      ['another hash', () => tamper(5, ([entry]) => void (entry!.hash = 'f'.repeat(64))), [4, 5, 'altered']],
      ['another number', () => tamper(5, ([entry]) => void (entry!.number = 6)), [4, 5, 'altered']],
      ['an entry of no form', () => tamper(5, ([entry]) => delete entry!.at), [4, 5, 'unreadable']],
      ['an entry that is none', () => tamper(5, (list) => void list.splice(0, 1, null as never)), [4, 5, 'unreadable']],
      [
        'an entry of another service',
        () => tamper(5, ([entry]) => void (entry!.service = 'cert-exchange')),
        [4, 5, 'unreadable'],
      ],
      ['a block that is none', () => tamper(5, () => 'text'), [4, 5, 'unreadable']],
      ['a block of nothing', () => tamper(5, () => ({ entries: [] })), [4, 5, 'unreadable']],
      ['a first block that is none', () => tamper(1, () => null), [0, 1, 'unreadable']],
      ['a last block that is none', () => tamper(9, () => ({})), [8, 9, 'unreadable']],
      ['an entry that was doubled', () => tamper(5, (list) => void list.push(list[0]!)), [5, 6, 'misnumbered']],
      [
        'two blocks that were swapped',
        () => {
          const [four, five] = [records.rows.get(keyOf(4))!, records.rows.get(keyOf(5))!];
          records.rows.set(keyOf(4), five).set(keyOf(5), four);
        },
        [3, 4, 'misnumbered'],
      ],
      ['a block that was taken out', () => records.rows.delete(keyOf(5)), [4, 5, 'missing']],
      ['the first block taken out', () => records.rows.delete(keyOf(1)), [0, 1, 'missing']],
    ];

    it.each(cases)('%s', async (_what, change, expected) => {
      const trail = await written(9);
      change(9);
      expect(await verdict(replica())).toEqual(expected);
      expect(await verdict(trail)).toEqual(expected);
    });

    it('a block that was taken out and whose place was taken', async () => {
      await written(9);
      records.rows.delete(keyOf(7));
      // Whoever starts now finds the head before the gap.
      const trail = replica();
      const numbers = [];
      for (let n = 0; n < 3; n += 1) numbers.push(await trail.record(added()));
      expect(numbers).toEqual([7, 10, 11]);
      expect(await verdict(replica())).toEqual([7, 8, 'unlinked']);
    });

    it('a tail that was cut off, to whoever noted the head', async () => {
      const { head } = await (await written(9)).verify(ALL);
      records.rows.delete(keyOf(9));
      expect(await verdict(replica())).toBe(8);
      expect((await replica().verify({ ...ALL, after: head })).broken).toMatchObject({ number: 9, fault: 'missing' });
    });

    it('a trail written anew, to whoever noted an entry', async () => {
      const { head } = await (await written(9)).verify({ limit: 4 });
      records.rows.clear();
      const again = replica();
      for (let n = 1; n <= 9; n += 1) await again.record(added('OTHER'));
      expect(await verdict(replica())).toBe(9);
      expect((await replica().verify({ ...ALL, after: head })).broken).toMatchObject({ number: 4, fault: 'altered' });
    });

    it('the same stretch by stretch, acts that span them included', async () => {
      const trail = replica();
      await Promise.all(Array.from({ length: 20 }, () => trail.record(added('P', { phase: 'intended' }))));
      for (let n = 1; n <= 10; n += 1) await trail.record(added('P', { intent: n }));
      const open = new Set<number>();
      let good = 0;
      let stretches = 0;
      for (let after: { number: number; hash: string } | undefined; ; stretches += 1) {
        const stretch = await replica().verify({ limit: 7, after });
        good += stretch.entries;
        for (const { number } of stretch.open) open.add(number);
        for (const number of stretch.closed) open.delete(number);
        if (!stretch.more) break;
        after = stretch.head;
      }
      expect([good, stretches, [...open]]).toEqual([30, 4, [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]]);
    });
  });

  it('keeps secrets out and sizes bounded', async () => {
    const trail = replica();
    await trail.record(
      added('P', {
        before: { password: 'SECRET1', ourPassword: { sealed: 'x' }, sealedKey: null, port: 6619 },
        after: { text: 'x'.repeat(5_000), list: Array.from({ length: 5_000 }, () => 'certlane.box.v1.SECRET2') },
        reason: `\ud800 certlane.sealed.v1.SECRET3 ${'y'.repeat(5_000)}`,
      }),
    );
    const [entry] = await entries(trail);
    expect(JSON.stringify(entry)).not.toMatch(/SECRET/);
    expect(JSON.stringify(entry).length).toBeLessThan(12_000);
    expect(entry?.before).toEqual({ password: 'changed', ourPassword: 'changed', sealedKey: null, port: 6619 });
    expect(await verdict(trail)).toBe(1);
  });

  it('is not broken by a field that a later version adds', async () => {
    const link = { number: 1, previous: '0'.repeat(64) };
    const later = {
      ...link,
      service: 'ca-store',
      at: NOW,
      actor: 'a',
      act: 'a.b',
      phase: 'done',
      about: { site: 'x' },
    };
    const entry = { ...later, serialNumbers: [], place: 'y' };
    const hash = createHash('sha256').update(canonicalJson(entry)).digest('hex');
    const store = memoryStore({ records });
    stores.push(store);
    const blocks = store.collection({ name: 'audit', schema: z.unknown() });
    await blocks.create('000000000001', { entries: [{ ...entry, hash }] });
    const trail = replica();
    expect(await verdict(trail)).toBe(1);
    expect(await entries(trail)).toMatchObject([{ place: 'y' }]);
    await trail.record(added());
    expect(await verdict(trail)).toBe(2);
  });
});
