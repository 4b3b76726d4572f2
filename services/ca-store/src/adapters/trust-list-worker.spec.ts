import { testCa } from '@certlane/pki/testing';
import { testTrustList } from '@certlane/pki/trust-list/testing';
import { describe, expect, it } from '@jest/globals';
import type { ExaminationInput } from '../domain/trust-list/examine.js';
import { TrustListWorker } from './trust-list-worker.js';

const now = new Date('2026-11-20T12:00:00Z');
const ca = testCa({ now });
const signer = ca.issue();
const octets = testTrustList(signer, now, { providers: [{ services: [{ certificates: ca.chain }] }] });
const input: ExaminationInput = { octets, signers: [signer.certificate.der], level: 'oftp2', now };

// The thread runs what was compiled: tsc -b comes before these tests.
describe('a trust list that is examined in a thread of its own', () => {
  it('is read as it is elsewhere', async () => {
    const examined = await new TrustListWorker().examine(input);
    expect(examined).toMatchObject({
      ok: true,
      sequenceNumber: 7,
      broken: [],
      authorities: [{ service: 'Test OFTP2 CA' }],
    });
    const [authority] = examined.ok ? examined.authorities : [];
    expect(Buffer.from(authority?.certificate ?? []).equals(ca.authority.certificate.der)).toBe(true);
  });

  it('is refused by its reason', async () => {
    const other = ca.issue().certificate;
    const outcome = await new TrustListWorker().examine({ ...input, signers: [other.der] });
    expect(outcome).toMatchObject({ ok: false, reason: 'trust-list-signer-unknown' });
  });

  it('is given up when it takes too long, while nothing else waits', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const outcome = await new TrustListWorker({ milliseconds: 20 }).examine({ ...input, octets: slow() });
    clearInterval(counting);
    expect(outcome).toEqual({ ok: false, reason: 'too-costly', message: 'It could not be examined within 20 ms.' });
    expect(turns).toBeGreaterThan(3);
  });

  it('is given up when it takes too much memory', async () => {
    const outcome = await new TrustListWorker({ heapMiB: 8 }).examine({ ...input, octets: slow() });
    expect(outcome).toMatchObject({ ok: false, reason: 'too-costly', message: expect.stringContaining('8 MiB') });
    expect(await new TrustListWorker().examine(input)).toMatchObject({ ok: true });
  });

  it('waits for the one before it', async () => {
    const worker = new TrustListWorker();
    const outcomes = await Promise.all([
      worker.examine({ ...input, octets: Buffer.from('no') }),
      worker.examine(input),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
  });
});

/** As large and as full as a list may be, so that it takes a while. */
function slow(): Uint8Array {
  const services = Array.from({ length: 900 }, () => ({ certificates: ca.chain }));
  return testTrustList(signer, now, { providers: [{ services }] });
}
