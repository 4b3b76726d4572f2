import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.js';

describe('InFlight', () => {
  const held = () => {
    let release: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (release = resolve));
    return { work: () => done, release };
  };

  it('runs so many at once, the others in their order', async () => {
    const inFlight = new InFlight(2, 10);
    const begun: number[] = [];
    const works = [held(), held(), held(), held()];
    works.forEach(({ work }, index) => {
      inFlight.run(() => {
        begun.push(index);
        return work();
      });
    });
    expect(begun).toEqual([0, 1]);
    works[1]?.release();
    await Promise.resolve().then(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([0, 1, 2]);
    works.forEach(({ release }) => release());
    expect(await inFlight.idle(1_000)).toBe(true);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('refuses what finds no room to wait', () => {
    const inFlight = new InFlight(1, 1);
    const { work } = held();
    expect([inFlight.run(work), inFlight.run(work), inFlight.run(work)]).toEqual([true, true, false]);
  });

  it('is idle at once when nothing runs, and says when it does not become so in time', async () => {
    const inFlight = new InFlight(1);
    expect(await inFlight.idle(0)).toBe(true);
    inFlight.run(held().work);
    expect(await inFlight.idle(10)).toBe(false);
  });
});
