import { describe, expect, it } from '@jest/globals';
import { otherUses, refuseBypass, useBypass, usesOf, type BypassSession } from './bypass-uses.js';
import { emptyLedger, type Ledger } from './record.js';

const SINCE = '2026-03-01T12:00:00.000Z';
const session = (name: string, since = SINCE): BypassSession => ({
  session: name,
  direction: 'inbound',
  remoteAddress: '192.0.2.7',
  since,
});
const used = (ledger: Ledger, ...names: string[]): Ledger =>
  names.reduce((before, name) => useBypass(before, session(name)).ledger, ledger);
const empty = emptyLedger('O0013ACME', 'O0177BETA');

describe('sessions in the bypass', () => {
  it('are counted and told, each once', () => {
    const first = useBypass(empty, session('a'));
    const second = useBypass(first.ledger, session('b'));
    expect([first, second].map(({ events: [event] }) => event)).toMatchObject([
      { contract: { name: 'bypass.used' }, data: { session: 'a', remoteAddress: '192.0.2.7', uses: 1 } },
      { contract: { name: 'bypass.used' }, data: { session: 'b', direction: 'inbound', uses: 2 } },
    ]);
    const again = useBypass(second.ledger, session('a'));
    expect(again).toEqual({ ledger: second.ledger, closed: [], events: [] });
    expect(again.ledger).toBe(second.ledger);
  });

  it('leave one that asks again out of what stands against it', () => {
    const ledger = used(empty, 'a', 'b', 'c');
    expect(otherUses(ledger, session('b'))).toBe(2);
    expect(otherUses(ledger, session('d'))).toBe(3);
    expect(otherUses(empty, session('d'))).toBe(0);
  });

  it('are counted anew from when the bypass was opened again', () => {
    const ledger = used(empty, 'a', 'b');
    const reopened = session('c', '2026-04-01T12:00:00.000Z');
    expect(otherUses(ledger, reopened)).toBe(0);
    expect([SINCE, reopened.since].map((since) => usesOf(ledger, since))).toEqual([2, 0]);
    expect(useBypass(ledger, reopened).ledger.bypass).toEqual({ since: reopened.since, uses: 1, sessions: ['c'] });
  });

  it('are remembered by name as far as they may still ask, and by number for good', () => {
    const names = Array.from({ length: 100 }, (_, n) => `s${n}`);
    const { bypass } = used(empty, ...names);
    expect(bypass?.uses).toBe(100);
    expect(bypass?.sessions).toEqual(names.slice(-16));
  });
});

describe('sessions that the bypass does not let in', () => {
  const at = (seconds: number) => new Date(Date.parse(SINCE) + seconds * 1_000);
  const refuse = (ledger: Ledger, seconds: number, since = SINCE) =>
    refuseBypass(
      ledger,
      { ...session(`r${seconds}`, since), reason: 'bypass-expired', message: 'too late' },
      at(seconds),
    );

  it('are told once a minute at most, with their number', () => {
    let ledger = empty;
    const told: unknown[] = [];
    for (const seconds of [0, 1, 30, 59, 60, 61, 200]) {
      const change = refuse(ledger, seconds);
      expect(change.ledger).not.toBe(ledger);
      ledger = change.ledger;
      for (const { data } of change.events) told.push([seconds, (data as { refused: number }).refused]);
    }
    expect(told).toEqual([
      [0, 1],
      [60, 4],
      [200, 2],
    ]);
  });

  it('use nothing up, and go on being counted when the bypass is opened anew', () => {
    const ledger = refuse(refuse(used(empty, 'a'), 0).ledger, 1).ledger;
    expect(otherUses(ledger, session('b'))).toBe(1);
    const reopened = refuse(ledger, 2, '2026-04-01T12:00:00.000Z').ledger.bypass;
    expect(reopened).toMatchObject({ since: '2026-04-01T12:00:00.000Z', uses: 0, refused: { untold: 2 } });
  });
});
