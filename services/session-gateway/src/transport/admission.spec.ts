import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AdmissionControl, type Admission, type AdmissionRefusal } from './admission.js';

const place = (verdict: Admission | AdmissionRefusal): Admission => {
  if (typeof verdict === 'string') throw new Error(`refused: ${verdict}`);
  return verdict;
};

afterEach(() => void jest.useRealTimers());

describe('AdmissionControl', () => {
  it('names the limit of one address and frees the place when a connection goes', () => {
    const control = new AdmissionControl({ connections: 10, perAddress: 2, perNetwork: 9, unauthenticated: 10 });
    const first = place(control.admit('192.0.2.1'));
    place(control.admit('192.0.2.1'));
    expect(control.admit('192.0.2.1')).toBe('perAddress');
    expect(control.admit('::ffff:192.0.2.1')).toBe('perAddress');
    place(control.admit('192.0.2.2'));
    first.release();
    place(control.admit('192.0.2.1'));
    expect(control.connections).toBe(3);
  });

  it.each([
    ['one /48', (count: number) => `2001:db8:1:${count.toString(16)}::1`, 3, 'perNetwork'],
    ['many /48', (count: number) => `2001:db8:${count.toString(16)}::1`, 9, 'unauthenticated'],
    ['IPv4', (count: number) => `192.0.2.${count}`, 9, 'unauthenticated'],
  ])('lets in of callers from everywhere in %s so many', (_where, address, admitted, limit) => {
    const control = new AdmissionControl({ connections: 100, perAddress: 2, perNetwork: 3, unauthenticated: 9 });
    const verdicts = Array.from({ length: 20 }, (_, count) => control.admit(address(count)));
    expect(verdicts.filter((verdict) => typeof verdict !== 'string')).toHaveLength(admitted);
    expect(verdicts.at(-1)).toBe(limit);
  });

  it('gives the place of a network back with that of its address', () => {
    const control = new AdmissionControl({ connections: 9, perAddress: 1, perNetwork: 1, unauthenticated: 9 });
    const first = place(control.admit('2001:db8:1:1::1'));
    expect(control.admit('2001:db8:1:2::1')).toBe('perNetwork');
    first.release();
    place(control.admit('2001:db8:1:2::1'));
    place(control.admit('2001:db8:2:2::1'));
  });

  it('limits connections in all', () => {
    const control = new AdmissionControl({ connections: 2, perAddress: 9, perNetwork: 9, unauthenticated: 9 });
    place(control.admit('192.0.2.1'));
    place(control.admit('192.0.2.2'));
    expect(control.admit('192.0.2.3')).toBe('connections');
  });

  it('lets a peer that has proven itself no longer count among the unknown ones', () => {
    const control = new AdmissionControl({ connections: 9, perAddress: 9, perNetwork: 9, unauthenticated: 1 });
    const first = place(control.admit('192.0.2.1'));
    expect(control.admit('192.0.2.2')).toBe('unauthenticated');
    first.authenticated();
    first.authenticated();
    place(control.admit('192.0.2.2'));
    expect([control.connections, control.unauthenticated]).toEqual([2, 1]);
  });

  it('counts a release once, however often it is called', () => {
    const control = new AdmissionControl({ connections: 9, perAddress: 9, perNetwork: 9, unauthenticated: 9 });
    const first = place(control.admit('192.0.2.1'));
    place(control.admit('192.0.2.1'));
    first.release();
    first.release();
    first.authenticated();
    expect([control.connections, control.unauthenticated]).toEqual([1, 1]);
  });

  it('keeps the place of a refused caller for a while, and no other', () => {
    jest.useFakeTimers();
    const control = new AdmissionControl({ connections: 2, perAddress: 2, perNetwork: 9, unauthenticated: 2 });
    for (let guess = 0; guess < 2; guess += 1) {
      const caller = place(control.admit('192.0.2.1'));
      caller.refused();
      caller.release();
      caller.release();
    }
    expect([control.connections, control.unauthenticated]).toEqual([0, 0]);
    expect(control.admit('192.0.2.1')).toBe('perAddress');
    place(control.admit('192.0.2.2')).release();
    jest.advanceTimersByTime(10_000);
    place(control.admit('192.0.2.1'));
    place(control.admit('192.0.2.1'));
    expect(control.admit('192.0.2.1')).toBe('perAddress');
  });

  it('keeps nothing of an address whose connections are gone', () => {
    const control = new AdmissionControl({ connections: 9, perAddress: 1, perNetwork: 9, unauthenticated: 9 });
    for (let round = 0; round < 3; round += 1) place(control.admit('192.0.2.1')).release();
    expect([control.connections, control.unauthenticated]).toEqual([0, 0]);
  });
});
